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
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.BrokerState;
import dev.halley.hub.broker.Heard;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.Retention;
import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hubs whose broker throws where it should not, and what happens to a hub in the middle
 * of a call to its broker.
 */
@Timeout(120)
class BrokerMeetingTests {

	private static final BrokerTimes SLOW = new BrokerTimes(Duration.ofHours(1), Duration.ofHours(1),
			Duration.ofMillis(1), Duration.ofHours(1), Duration.ofHours(1));

	private final MemoryServer server = new MemoryServer();

	private final MemoryBroker memory = new MemoryBroker(this.server);

	private final MemoryBroker other = new MemoryBroker(this.server);

	private final ScriptedBroker broker = new ScriptedBroker(this.memory);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final BrokeredHubs hubs = hubs(this.broker, new HistoryPatterns(Map.of("small", History.ofMessages(1))));

	@AfterEach
	void close() {
		this.memory.close();
		this.other.close();
		this.executor.shutdownNow();
	}

	private BrokeredHubs hubs(HubBroker broker, HistoryPatterns histories) {
		return new BrokeredHubs(broker, (type) -> StringPayloads.INSTANCE, StringPayloads.INSTANCE, this.executor,
				histories, SLOW, HubTimes.of(System::nanoTime));
	}

	private Hub<String> room() {
		return this.hubs.hub("room", String.class, History.ofMessages(100));
	}

	private static Position get(CompletionStage<Position> stage) throws Exception {
		return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static void fail() {
		throw new IllegalStateException("on purpose");
	}

	@Test
	void publishingGoesOnAfterABrokerThatThrew() throws Exception {
		this.broker.publish.add(BrokerMeetingTests::fail);
		CompletableFuture<Position> failed = room().publish("a").toCompletableFuture();
		assertThat(failed).failsWithin(Duration.ofSeconds(30))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(HubUnavailableException.class)
			.withMessageContaining("on purpose");
		assertThat(get(room().publish("b")).offset()).isOne();
	}

	@Test
	void whatCannotBeReadIsReadAgain() throws Exception {
		get(room().publish("a"));
		this.broker.read.add(BrokerMeetingTests::fail);
		try (Heard<String> heard = Heard.of(room().out(Replay.last(10)))) {
			assertThat(heard.await(1)).containsExactly("a");
		}
	}

	@Test
	void whatCannotBeSubscribedToIsSubscribedToAgain() throws Exception {
		get(room().publish("a"));
		this.broker.subscribe.add(BrokerMeetingTests::fail);
		this.broker.subscribe.add(BrokerMeetingTests::fail);
		try (Heard<String> heard = Heard.of(room().out(Replay.last(10)))) {
			assertThat(heard.await(1)).containsExactly("a");
			assertThat(this.broker.subscribe).isEmpty();
		}
	}

	/** Found closed only after it was not ready to begin. */
	@Test
	void whoComesAsTheHubIsClosedGetsTheEnd() {
		Hub<String> room = room();
		this.broker.state.add(room::close);
		try (Heard<String> heard = Heard.of(room.out(Replay.last(10)))) {
			Awaitility.await().until(heard::isCompleted);
			assertThat(this.broker.state).isEmpty();
			assertThat(room.subscribers()).isZero();
		}
	}

	@Test
	void aHistoryThatBecomesLargerWhileItIsReadIsReadAnew() throws Exception {
		Hub<String> publisher = hubs(this.other, HistoryPatterns.NONE).hub("small", String.class,
				History.ofMessages(100));
		for (String message : new String[] { "a", "b", "c" }) {
			get(publisher.publish(message));
		}
		this.broker.read.add(() -> this.hubs.hub("small", String.class, History.ofMessages(100)));
		try (Heard<String> heard = Heard.of(this.hubs.hub("small", String.class).out(Replay.last(10)))) {
			assertThat(heard.await(1)).containsExactly("a", "b", "c");
		}
	}

	/** A broker that first does what is said, once, when it is called. */
	private static final class ScriptedBroker implements HubBroker {

		private final HubBroker broker;

		private final Queue<Runnable> publish = new ConcurrentLinkedQueue<>();

		private final Queue<Runnable> subscribe = new ConcurrentLinkedQueue<>();

		private final Queue<Runnable> read = new ConcurrentLinkedQueue<>();

		private final Queue<Runnable> state = new ConcurrentLinkedQueue<>();

		ScriptedBroker(HubBroker broker) {
			this.broker = broker;
		}

		private static void next(Queue<Runnable> script) {
			Runnable next = script.poll();
			if (next != null) {
				next.run();
			}
		}

		@Override
		public CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention,
				@Nullable String key) {
			next(this.publish);
			return this.broker.publish(hub, payload, retention, key);
		}

		@Override
		public Registration subscribe(String hub, Listener listener) {
			next(this.subscribe);
			return this.broker.subscribe(hub, listener);
		}

		@Override
		public CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention) {
			next(this.read);
			return this.broker.read(hub, range, retention);
		}

		@Override
		public int maxPayloadSize() {
			return this.broker.maxPayloadSize();
		}

		@Override
		public BrokerState state() {
			next(this.state);
			return this.broker.state();
		}

	}

}
