/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.hub.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.Seeds;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does at random what may happen to two nodes and their server, and checks the promise:
 * one order on all nodes; within the history no gap and nothing twice, or a reset. To
 * repeat a run, set {@code -Dhubs.seed=SEED}; {@code -Dhubs.runs} sets how many there
 * are.
 * <p>
 * Beside {@link #open()}, a broker's tests say how many there are by default:
 *
 * <pre class="code">
 * static List&lt;Long&gt; seeds() {
 *     return seeds(30);
 * }
 * </pre>
 */
public abstract class PromiseContract {

	private static final int STEPS = 60;

	private static final int LARGE = 1000;

	private static final String AGAIN = " again";

	/** All that was ever heard: there is one message at each position. */
	private final Map<String, String> places = new ConcurrentHashMap<>();

	/** And one position of each message. */
	private final Map<String, String> messages = new ConcurrentHashMap<>();

	private final AtomicInteger published = new AtomicInteger();

	private final List<Subscriber> subscribers = new ArrayList<>();

	private final List<Position> positions = new ArrayList<>();

	private final List<Confirmed> confirmed = new ArrayList<>();

	private boolean cut;

	private boolean mute;

	/** Whether the server has lost nothing that it had confirmed. */
	private boolean faithful = true;

	/** Opens two nodes. */
	protected abstract BreakableNodes open();

	protected static List<Long> seeds(int runs) {
		return Seeds.of(runs);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void thePromiseIsKept(long seed) {
		Random random = new Random(seed);
		String name = "room." + seed + "." + System.nanoTime();
		History history = History.ofMessages(random.nextBoolean() ? LARGE : 1 + random.nextInt(12));
		try (BreakableNodes nodes = open()) {
			for (int step = 0; step < STEPS; step++) {
				step(random, nodes, name, history);
			}
			heal(nodes);
			converge(nodes, name, history, seed);
		}
		finally {
			this.subscribers.forEach((subscriber) -> subscriber.heard.close());
		}
	}

	private static ConditionFactory await(String what) {
		return Awaitility.await(what).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
	}

	private void step(Random random, BreakableNodes nodes, String name, History history) {
		Hub<String> hub = hub(random.nextBoolean() ? nodes.first() : nodes.second(), name, history);
		switch (random.nextInt(24)) {
			case 0, 1, 2, 3, 4, 5 -> publish(random, hub, 1 + random.nextInt(3), false);
			case 6, 7 -> publish(random, hub, 5 + random.nextInt(40), false);
			case 8, 9 -> publish(random, hub, 1, true);
			case 10, 11, 12, 13 -> subscribe(random, hub);
			case 14, 15 -> reconnect(random, hub);
			case 16 -> leave(random);
			case 17 -> cut(nodes);
			case 18, 19 -> heal(nodes);
			case 20 -> mute(nodes);
			case 21 -> restart(random, nodes);
			case 22 -> replace(nodes);
			default -> rest(random);
		}
	}

	private static Hub<String> hub(Hubs hubs, String name, History history) {
		return hubs.hub(name, String.class, history);
	}

	private void publish(Random random, Hub<String> hub, int count, boolean wait) {
		for (int i = 0; i < count; i++) {
			String message = "m" + this.published.incrementAndGet();
			String key = (random.nextInt(4) == 0) ? "key " + message : null;
			CompletionStage<Position> stage = (key != null) ? hub.publishOnce(message, key) : hub.publish(message);
			stage.whenComplete((position, failure) -> {
				if (position != null) {
					synchronized (this.confirmed) {
						this.confirmed.add(new Confirmed(message, position.toString()));
						this.positions.add(position);
					}
				}
			});
			if (wait) {
				await("answer").until(() -> stage.toCompletableFuture().isDone());
			}
			if (key != null && random.nextBoolean()) {
				// Whoever is not sure tries again
				hub.publishOnce(message + AGAIN, key);
			}
		}
	}

	private void subscribe(Random random, Hub<String> hub) {
		Position after = null;
		synchronized (this.confirmed) {
			if (random.nextInt(3) > 0 && !this.positions.isEmpty()) {
				after = this.positions.get(Math.max(0, this.positions.size() - 1 - random.nextInt(20)));
			}
		}
		add(hub, after, random.nextInt(10));
	}

	private void add(Hub<String> hub, @Nullable Position after, int last) {
		Heard<HubEvent<String>> heard = Heard
			.of(hub.events(Replay.after((after != null) ? after.toString() : null).orLast(last)));
		this.subscribers.add(new Subscriber(hub, heard, after));
	}

	private void reconnect(Random random, Hub<String> hub) {
		if (!this.subscribers.isEmpty()) {
			Subscriber before = this.subscribers.get(random.nextInt(this.subscribers.size()));
			HubEvent<String> last = before.heard.last();
			add(hub, (last != null) ? last.position() : before.after, random.nextInt(5));
		}
	}

	private void leave(Random random) {
		if (!this.subscribers.isEmpty()) {
			Subscriber gone = this.subscribers.remove(random.nextInt(this.subscribers.size()));
			gone.heard.close();
			check(gone);
		}
	}

	private void cut(BreakableNodes nodes) {
		if (!this.cut && !this.mute) {
			nodes.cut();
			this.cut = true;
		}
	}

	private void heal(BreakableNodes nodes) {
		if (this.cut || this.mute) {
			nodes.heal();
			this.cut = false;
			this.mute = false;
		}
	}

	private void mute(BreakableNodes nodes) {
		if (!this.cut && !this.mute) {
			nodes.loseAnswers();
			this.mute = true;
		}
	}

	private void restart(Random random, BreakableNodes nodes) {
		heal(nodes);
		boolean withData = random.nextInt(3) > 0;
		this.faithful &= withData;
		nodes.restart(withData);
	}

	private void replace(BreakableNodes nodes) {
		heal(nodes);
		Hubs before = nodes.second();
		nodes.replaceSecond();
		for (Subscriber subscriber : List.copyOf(this.subscribers)) {
			if (subscriber.hub == before.hub(subscriber.hub.name(), String.class)) {
				subscriber.heard.close();
				check(subscriber);
				this.subscribers.remove(subscriber);
			}
		}
	}

	/** Lets what is under way arrive, or not. */
	private static void rest(Random random) {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(40));
		await("rest").until(() -> System.nanoTime() > end);
	}

	/** In the end all have heard the same last message. */
	private void converge(BreakableNodes nodes, String name, History history, long seed) {
		add(hub(nodes.first(), name, history), null, 1000);
		add(hub(nodes.second(), name, history), null, 1000);
		Place[] last = new Place[1];
		// Who could not begin so far begins after what was published last, so once is not
		// enough
		Awaitility.await("seed " + seed).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(200)).until(() -> {
			CompletionStage<Position> stage = hub(nodes.first(), name, history)
				.publish("last" + this.published.incrementAndGet());
			await("answer").until(() -> stage.toCompletableFuture().isDone());
			if (!stage.toCompletableFuture().isCompletedExceptionally()) {
				last[0] = Place.of(stage.toCompletableFuture().get(1, TimeUnit.SECONDS));
			}
			return last[0] != null && this.subscribers.stream().allMatch((subscriber) -> subscriber.isAt(last[0], 5));
		});
		for (Subscriber subscriber : this.subscribers) {
			await("seed " + seed + ", " + subscriber).until(() -> subscriber.isAt(last[0], 0));
			check(subscriber);
		}
		if (this.faithful && history.messages() == LARGE) {
			assertThat(this.messages.keySet()).as("seed %s: published once", seed)
				.noneMatch((message) -> message.endsWith(AGAIN)
						&& this.messages.containsKey(message.substring(0, message.length() - AGAIN.length())));
		}
		if (this.faithful) {
			for (Confirmed message : this.confirmed) {
				assertThat(this.messages.getOrDefault(message.message, message.position)).as("seed %s", seed)
					.isEqualTo(message.position);
			}
		}
	}

	private void check(Subscriber subscriber) {
		Place before = (subscriber.after != null) ? Place.of(subscriber.after) : null;
		boolean first = true;
		for (HubEvent<String> event : subscriber.heard.all()) {
			Place place = Place.of(event.position());
			if (event instanceof HubEvent.Message<String> message) {
				String at = event.position().toString();
				assertThat(this.places.putIfAbsent(at, message.payload())).as("%s at %s", subscriber, at)
					.isIn(null, message.payload());
				assertThat(this.messages.putIfAbsent(message.payload(), at)).as("%s: %s", subscriber, message.payload())
					.isIn(null, at);
				if (before != null) {
					assertThat(place).as("%s", subscriber).isEqualTo(new Place(before.epoch, before.offset + 1));
				}
			}
			else if (first && subscriber.after != null || !first) {
				assertThat(event).as("%s", subscriber).isInstanceOf(HubEvent.Reset.class);
			}
			before = place;
			first = false;
		}
		assertThat(subscriber.heard.error()).as("%s", subscriber).isNull();
	}

	private record Place(String epoch, long offset) {

		static Place of(Position position) {
			String text = position.toString();
			int hyphen = text.indexOf('-');
			return new Place(text.substring(0, hyphen), Long.parseLong(text.substring(hyphen + 1)));
		}

	}

	private record Confirmed(String message, String position) {
	}

	private record Subscriber(Hub<String> hub, Heard<HubEvent<String>> heard, @Nullable Position after) {

		/** Whether it has heard a message, or all but some that may still come. */
		boolean isAt(Place place, int missing) {
			HubEvent<String> last = this.heard.last();
			Place at = (last != null) ? Place.of(last.position()) : null;
			return at != null && at.epoch.equals(place.epoch) && at.offset >= place.offset - missing;
		}

		@Override
		public String toString() {
			return "subscriber after " + this.after + " that heard " + this.heard.all();
		}

	}

}
