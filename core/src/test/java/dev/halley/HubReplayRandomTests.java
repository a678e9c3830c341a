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

package dev.halley;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does at random what may be done with a hub that keeps a history, and compares what its
 * subscribers get with a list of all that was published: within the history no gap, no
 * message twice, one order, or else a reset. To repeat a run, set
 * {@code -Dhubs.seed=SEED}; {@code -Dhubs.runs} sets how many there are.
 */
@Timeout(300)
class HubReplayRandomTests {

	private static final int STEPS = 400;

	/** What waits in a send buffer, at most. */
	private static final int BUFFER = 5;

	private final AtomicLong clock = new AtomicLong();

	private final List<Subscriber> subscribers = new ArrayList<>();

	private final List<Position> positions = new ArrayList<>();

	static List<Long> seeds() {
		return Seeds.of(60);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whatSubscribersGetHasNoGapAndNothingTwice(long seed) {
		Random random = new Random(seed);
		InMemoryHubs hubs = new InMemoryHubs(Runnable::run, HistoryPatterns.NONE, (message) -> 1, this.clock::get);
		History history = history(random);
		Model model = life(hubs, history);
		for (int step = 0; step < STEPS; step++) {
			model = step(random, hubs, history, model);
			for (Subscriber subscriber : this.subscribers) {
				subscriber.check("seed " + seed + ", step " + step + ", " + history);
			}
		}
	}

	private static History history(Random random) {
		return new History(random.nextBoolean() ? 1 + random.nextInt(20) : 1000,
				random.nextBoolean() ? Duration.ofNanos(1 + random.nextInt(100)) : Duration.ofDays(1),
				random.nextBoolean() ? 1 + random.nextInt(100) : Long.MAX_VALUE);
	}

	private Model life(InMemoryHubs hubs, History history) {
		return new Model(hubs.hub("room", String.class, history), history);
	}

	private Model step(Random random, InMemoryHubs hubs, History history, Model model) {
		switch (random.nextInt(20)) {
			case 0, 1, 2, 3, 4, 5 -> publish(random, model, null);
			case 6, 7 -> publish(random, model, "key " + random.nextInt(10));
			case 8, 9 -> this.clock.addAndGet(random.nextInt(20));
			case 10 -> {
				hubs.sweep();
				model.trim();
			}
			case 11, 12, 13 -> subscribe(random, model);
			case 14, 15, 16, 17 -> request(random);
			case 18 -> leave(random);
			default -> {
				return (random.nextInt(10) == 0) ? close(hubs, history, model) : model;
			}
		}
		return model;
	}

	private void publish(Random random, Model model, @Nullable String key) {
		String message = model.published.size() + "x".repeat(random.nextInt(10));
		Position expected = model.publish(message, key);
		Position position = published(model, message, key).toCompletableFuture().getNow(null);
		assertThat(position).isEqualTo(expected);
		this.positions.add(position);
	}

	private static CompletionStage<Position> published(Model model, String message, @Nullable String key) {
		return (key != null) ? model.hub.publishOnce(message, key) : model.hub.publish(message);
	}

	private void subscribe(Random random, Model model) {
		Position after = (random.nextInt(4) > 0 && !this.positions.isEmpty())
				? this.positions.get(Math.max(0, this.positions.size() - 1 - random.nextInt(30))) : null;
		if (random.nextInt(4) == 0 && !this.subscribers.isEmpty()) {
			after = this.subscribers.get(random.nextInt(this.subscribers.size())).lastPosition();
		}
		int last = random.nextInt(15);
		model.trim();
		boolean reset = after != null && !model.reaches(after);
		long first = (after != null && !reset) ? after.offset() + 1 : Math.max(model.first, model.next() - last);
		Replay replay = Replay.after((after != null) ? after.toString() : null).orLast(last);
		Subscriber subscriber = new Subscriber(model, first, reset, random.nextBoolean());
		(subscriber.plain ? model.hub.out(replay, (told) -> "reset") : model.hub.events(replay)).elements()
			.subscribe(subscriber.received);
		this.subscribers.add(subscriber);
	}

	private void request(Random random) {
		if (!this.subscribers.isEmpty()) {
			this.subscribers.get(random.nextInt(this.subscribers.size())).more(1 + random.nextInt(10));
		}
	}

	private void leave(Random random) {
		if (!this.subscribers.isEmpty()) {
			this.subscribers.remove(random.nextInt(this.subscribers.size())).received.cancel();
		}
	}

	private Model close(InMemoryHubs hubs, History history, Model model) {
		model.hub.close();
		model.closed = true;
		return life(hubs, history);
	}

	/** One life of the hub: all that was published in it, and what is still kept. */
	private final class Model {

		private final Hub<String> hub;

		private final History history;

		private final List<Kept> published = new ArrayList<>();

		private long first = 1;

		private final long epoch;

		private boolean closed;

		Model(Hub<String> hub, History history) {
			this.hub = hub;
			this.history = history;
			this.epoch = ((InMemoryHub<String>) hub).epoch;
		}

		long next() {
			return this.published.size() + 1;
		}

		Position publish(String message, @Nullable String key) {
			if (key != null) {
				trim();
				for (long offset = this.first; offset < next(); offset++) {
					if (key.equals(kept(offset).key())) {
						return new Position(this.epoch, offset);
					}
				}
			}
			this.published.add(new Kept(message, key, HubReplayRandomTests.this.clock.get()));
			trim();
			return new Position(this.epoch, next() - 1);
		}

		Kept kept(long offset) {
			return this.published.get((int) offset - 1);
		}

		void trim() {
			while (this.first < next() && (next() - this.first > this.history.messages() || isTooOld()
					|| bytes() > this.history.bytes())) {
				this.first++;
			}
		}

		private boolean isTooOld() {
			return HubReplayRandomTests.this.clock.get() - kept(this.first).time() >= this.history.age().toNanos();
		}

		private long bytes() {
			return this.published.stream().skip(this.first - 1).mapToLong((kept) -> kept.message().length()).sum();
		}

		boolean reaches(Position position) {
			return position.epoch() == this.epoch && position.offset() >= this.first - 1 && position.offset() < next();
		}

	}

	private record Kept(String message, @Nullable String key, long time) {
	}

	/** One who subscribes, and what it has to get. */
	private static final class Subscriber {

		private final Model model;

		private final long first;

		private final boolean reset;

		private final boolean plain;

		private final StrictSubscriber received = StrictSubscriber
			.waiting(new SendBuffer(BUFFER, 1 << 20, Overflow.CLOSE, null));

		private long demand;

		Subscriber(Model model, long first, boolean reset, boolean plain) {
			this.model = model;
			this.first = first;
			this.reset = reset;
			this.plain = plain;
		}

		void more(int demand) {
			this.demand += demand;
			this.received.request(demand);
		}

		@Nullable Position lastPosition() {
			List<Object> messages = this.received.messages();
			return (this.plain || messages.isEmpty()) ? null
					: ((HubEvent<?>) messages.get(messages.size() - 1)).position();
		}

		void check(String run) {
			List<Object> messages = this.received.messages();
			int before = this.reset ? 1 : 0;
			for (int i = 0; i < messages.size(); i++) {
				assertThat(messages.get(i)).as(run).isEqualTo((i < before) ? expectedReset() : expected(i - before));
			}
			long available = before + this.model.next() - this.first;
			if (this.received.error() != null) {
				assertThat(this.received.error()).as(run).isInstanceOf(SlowConsumerException.class);
				assertThat(available - messages.size()).as(run).isGreaterThan(BUFFER);
			}
			else {
				assertThat((long) messages.size()).as(run).isEqualTo(Math.min(available, this.demand));
				assertThat(this.received.isTerminated()).as(run)
					.isEqualTo(this.model.closed && messages.size() == available);
			}
			this.received.assertRulesKept();
		}

		private Object expectedReset() {
			return this.plain ? "reset" : new HubEvent.Reset<>(new Position(this.model.epoch, this.first - 1));
		}

		private Object expected(int index) {
			String message = this.model.kept(this.first + index).message();
			return this.plain ? message
					: new HubEvent.Message<>(new Position(this.model.epoch, this.first + index), message);
		}

	}

}
