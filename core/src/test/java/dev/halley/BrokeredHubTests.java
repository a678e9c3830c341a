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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.Heard;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.PayloadCodec;
import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What hubs make of what a broker brings, and of what it does not bring.
 */
@Timeout(120)
class BrokeredHubTests {

	private static final BrokerTimes QUICK = new BrokerTimes(Duration.ofMillis(50), Duration.ofMillis(50),
			Duration.ofSeconds(2), Duration.ofMillis(50), Duration.ofSeconds(3));

	private static final BrokerTimes SLOW = new BrokerTimes(Duration.ofHours(1), Duration.ofHours(1),
			Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofHours(1));

	private final MemoryServer server = new MemoryServer();

	private final MemoryBroker broker = new MemoryBroker(this.server);

	private final MemoryBroker other = new MemoryBroker(this.server);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.broker.close();
		this.other.close();
		this.executor.shutdownNow();
	}

	private BrokeredHubs hubs(MemoryBroker broker, BrokerTimes times) {
		return hubs(broker, times, StringPayloads.INSTANCE);
	}

	private BrokeredHubs hubs(MemoryBroker broker, BrokerTimes times, PayloadCodec codec) {
		return new BrokeredHubs(broker, (type) -> codec, StringPayloads.INSTANCE, this.executor, HistoryPatterns.NONE,
				times, HubTimes.of(System::nanoTime));
	}

	private static Hub<String> hub(Hubs hubs) {
		return hubs.hub("room", String.class, History.ofMessages(100));
	}

	/** From here on what is published is told, not read. */
	private void awaitSubscription() {
		Awaitility.await().until(() -> this.broker.listeners().containsKey("room"));
	}

	private static <T> T get(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static BrokerPayload payload(String text) {
		return StringPayloads.INSTANCE.encode(text);
	}

	@Test
	void whatIsLostWithoutAWordIsFoundLater() throws Exception {
		Hub<String> publisher = hub(hubs(this.other, SLOW));
		try (Heard<String> heard = Heard.of(hub(hubs(this.broker, QUICK)).out(Replay.last(10)))) {
			get(publisher.publish("a"));
			heard.await(1);
			this.broker.setDeaf(true);
			get(publisher.publish("b"));
			assertThat(heard.await(2)).containsExactly("a", "b");
		}
	}

	@Test
	void aGapIsFilledBeforeWhatComesAfter() throws Exception {
		Hub<String> publisher = hub(hubs(this.other, SLOW));
		try (Heard<String> heard = Heard.of(hub(hubs(this.broker, SLOW)).out(Replay.last(10)))) {
			get(publisher.publish("a"));
			heard.await(1);
			this.broker.setDeaf(true);
			get(publisher.publish("b"));
			get(publisher.publish("c"));
			this.broker.setDeaf(false);
			get(publisher.publish("d"));
			assertThat(heard.await(4)).containsExactly("a", "b", "c", "d");
		}
	}

	@Test
	void whatComesTwiceIsDroppedAndWhatIsOfAnotherEpochCostsOneQuestion() throws Exception {
		Hub<String> hub = hub(hubs(this.broker, SLOW));
		try (Heard<HubEvent<String>> heard = Heard.of(hub.events(Replay.last(10)))) {
			awaitSubscription();
			Position first = get(hub.publish("a"));
			get(hub.publish("b"));
			heard.await(2);
			int reads = this.broker.reads();
			for (int i = 1; i <= 3; i++) {
				this.broker.tell("room", new BrokerMessage(first.epoch() + 1, i, 7, 0, payload("strange")));
			}
			get(hub.publish("c"));
			heard.await(3);
			assertThat(this.broker.reads()).isEqualTo(reads + 1);
			this.broker.tell("room", new BrokerMessage(first.epoch(), 1, 7, 0, payload("again")));
			get(hub.publish("d"));
			assertThat(heard.await(4)).extracting(BrokeredHubTests::payloadOf).containsExactly("a", "b", "c", "d");
		}
	}

	private static String payloadOf(HubEvent<String> event) {
		return (event instanceof HubEvent.Message<String> message) ? message.payload() : "reset";
	}

	@Test
	void whatWasUnderWayWhenThePlaceWasAskedForIsHeardOnce() throws Exception {
		Position first = get(hubs(this.other, SLOW).hub("live", String.class).publish("a"));
		Hub<String> hub = hubs(this.broker, SLOW).hub("live", String.class);
		try (Heard<String> heard = Heard.of(hub.out())) {
			Awaitility.await().until(() -> this.broker.reads() > 0);
			BrokerMessage late = new BrokerMessage(first.epoch(), first.offset(), 7, 0, payload("a"));
			this.broker.tell("live", late);
			heard.await(1);
			this.broker.tell("live", late);
			get(hub.publish("b"));
			assertThat(heard.await(2)).containsExactly("a", "b");
		}
	}

	@Test
	void aServerThatHasLostWhatItConfirmedIsToldOf() throws Exception {
		Hub<String> publisher = hub(hubs(this.other, SLOW));
		try (Heard<HubEvent<String>> heard = Heard.of(hub(hubs(this.broker, SLOW)).events(Replay.last(10)))) {
			awaitSubscription();
			for (String message : List.of("a", "b", "c")) {
				get(publisher.publish(message));
			}
			heard.await(3);
			this.server.lose(2);
			get(publisher.publish("d"));
			Awaitility.await().until(() -> heard.count() > 3);
			assertThat(heard.all()).extracting(BrokeredHubTests::payloadOf).startsWith("a", "b", "c", "reset");
			get(publisher.publish("e"));
			Awaitility.await().until(() -> "e".equals(payloadOf(heard.last())));
		}
	}

	@Test
	void aHubWithoutSubscribersIsUnsubscribedAndKeepsNothing() throws Exception {
		BrokeredHubs hubs = hubs(this.broker, QUICK);
		Hub<String> hub = hub(hubs);
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(10)))) {
			get(hub.publish("a"));
			heard.await(1);
			assertThat(this.broker.listeners()).containsOnlyKeys("room");
		}
		Awaitility.await().until(() -> this.broker.listeners().isEmpty());
		Awaitility.await().until(() -> ((BrokeredHub<String>) hub).history().isEmpty());
		get(hub.publish("b"));
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(10)))) {
			assertThat(heard.await(2)).containsExactly("a", "b");
		}
	}

	/** What the broker says may be on its way while the hub is closed. */
	@Test
	void whoStillReadsAHubThatWasClosedGetsWhatItKept() throws Exception {
		Hub<String> hub = hub(hubs(this.broker, SLOW));
		StrictSubscriber reader = StrictSubscriber.waiting();
		hub.out(Replay.last(10)).elements().subscribe(reader);
		try (Heard<String> heard = Heard.of(hub.out())) {
			get(hub.publish("a"));
			Position last = get(hub.publish("b"));
			heard.await(2);
			reader.request(1);
			reader.awaitCount(1);
			hub.close();
			((BrokeredHub<String>) hub).restart(last.epoch() + 1, 0, List.of());
		}
		reader.request(10);
		reader.awaitEnd();
		assertThat(reader.messages()).containsExactly("a", "b");
		reader.assertRulesKept();
	}

	@Test
	void whoIsSubscribedWithoutAReplayBeforeSomebodyWithOneSharesTheHistory() throws Exception {
		Hub<String> hub = hub(hubs(this.broker, SLOW));
		get(hub.publish("a"));
		try (Heard<String> plain = Heard.of(hub.out())) {
			get(hub.publish("b"));
			plain.await(1);
			try (Heard<String> all = Heard.of(hub.out(Replay.last(10)))) {
				get(hub.publish("c"));
				assertThat(all.await(3)).containsExactly("a", "b", "c");
				assertThat(plain.await(2)).containsExactly("b", "c");
			}
		}
	}

	@Test
	void aMessageThatIsTooLargeGoesNowhere() {
		Hub<String> hub = hub(hubs(this.broker, SLOW));
		CompletableFuture<Position> stage = hub.publish("x".repeat(MemoryBroker.MOST_BYTES + 1)).toCompletableFuture();
		assertThat(stage).failsWithin(Duration.ofSeconds(30))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(HubMessageTooLargeException.class)
			.withMessageContaining("1001 bytes (expected: <= 1000)");
	}

	@Test
	void aMessageThatCannotBeDecodedFailsThoseWhoLookAtIt() throws Exception {
		PayloadCodec codec = new PayloadCodec() {
			@Override
			public BrokerPayload encode(Object message) {
				return payload((String) message);
			}

			@Override
			public Object decode(BrokerPayload payload) {
				throw new IllegalArgumentException("unreadable");
			}

			@Override
			public Object encoded(BrokerPayload payload) {
				return "as it came";
			}
		};
		Hub<String> hub = hub(hubs(this.broker, SLOW, codec));
		StrictSubscriber asItComes = StrictSubscriber.unbounded();
		hub.out().elements().subscribe(asItComes);
		StrictSubscriber filtered = StrictSubscriber.unbounded();
		hub.out((message) -> true).elements().subscribe(filtered);
		StrictSubscriber mapped = StrictSubscriber.unbounded();
		hub.out().map((message) -> message + "!").elements().subscribe(mapped);
		get(hub.publish("a"));
		asItComes.awaitCount(1);
		assertThat(((SharedMessage<?>) asItComes.received().get(0)).received()).isEqualTo("as it came");
		for (StrictSubscriber failed : List.of(filtered, mapped)) {
			failed.awaitEnd();
			assertThat(failed.error()).hasMessage("unreadable");
		}
		assertThat(hub.subscribers()).isOne();
	}

	@Test
	void aHubThatIsBusyDelaysNoOtherAndNoIo() throws Exception {
		BrokeredHubs hubs = hubs(this.broker, SLOW);
		Hub<String> blocked = hubs.hub("blocked", String.class);
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch leave = new CountDownLatch(1);
		Heard<String> blocking = Heard.of(blocked.out().map((message) -> {
			entered.countDown();
			try {
				leave.await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return message;
		}));
		try (Heard<String> heard = Heard.of(hub(hubs).out())) {
			get(blocked.publish("a"));
			assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
			get(hub(hubs).publish("b"));
			assertThat(heard.await(1)).containsExactly("b");
			assertThat(blocking.count()).isZero();
		}
		finally {
			leave.countDown();
			blocking.close();
		}
	}

	@Test
	void moreThanCanWaitIsReadFromTheHistory() throws Exception {
		int messages = 2 * FeedInbox.MOST_WAITING;
		History history = History.ofMessages(messages + 1);
		Hub<String> hub = hubs(this.broker, SLOW).hub("room", String.class, history);
		CountDownLatch leave = new CountDownLatch(1);
		List<String> seen = new ArrayList<>();
		try (Heard<String> heard = Heard.of(hub.out(Replay.last(10)).map((message) -> {
			if (message.equals("0")) {
				try {
					leave.await(60, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return message;
		}))) {
			// More than can wait would not, while the subscription is on its way
			get(hub.publish("0"));
			List<CompletionStage<Position>> published = new ArrayList<>();
			for (int i = 1; i < messages; i++) {
				seen.add("" + i);
				published.add(hub.publish("" + i));
			}
			for (CompletionStage<Position> each : published) {
				get(each);
			}
			leave.countDown();
			assertThat(heard.await(messages).subList(1, messages)).isEqualTo(seen);
		}
	}

	@Test
	void withoutAThreadForCompletionsTheBrokersIsTaken() throws Exception {
		BrokeredHubs hubs = TestHubs.of(this.broker, (task) -> {
			throw new RejectedExecutionException();
		}, SLOW, Duration.ZERO);
		assertThat(get(hubs.hub("room", String.class).publish("a"))).isNotNull();
	}

	@Test
	void aBrokerCarriesNoRequestsUnlessItSaysSo() {
		assertThat(this.broker.request("node", payload("?"), Duration.ofSeconds(1)).toCompletableFuture())
			.failsWithin(Duration.ofSeconds(30))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(UnsupportedOperationException.class);
	}

}
