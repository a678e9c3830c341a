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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a hub keeps, and what those get who begin in its history.
 */
@Timeout(60)
class HubReplayTests {

	private final AtomicLong clock = new AtomicLong(-5);

	private final InMemoryHubs hubs = hubs((message) -> HubHistory.UNKNOWN_SIZE);

	private InMemoryHubs hubs(ToLongFunction<Object> weigher) {
		return new InMemoryHubs(InMemoryHubs.OTHERS, HistoryPatterns.NONE, weigher, this.clock::get);
	}

	private Hub<Object> hub(History history) {
		return this.hubs.hub("room", Object.class, history);
	}

	@Test
	void theLastMessagesComeFirstAndThenWhatIsPublished() {
		Hub<Object> hub = hub(History.ofMessages(10));
		publish(hub, 0, 5);
		StrictSubscriber subscriber = subscribe(hub.out(Replay.last(3)));
		publish(hub, 5, 7);
		assertThat(subscriber.messages()).containsExactly(2, 3, 4, 5, 6);
		assertThat(hub.subscribers()).isOne();
	}

	@Test
	void whoAsksForMoreThanThereIsGetsAll() {
		Hub<Object> hub = hub(History.ofMessages(3));
		assertThat(subscribe(hub.out(Replay.last(5))).messages()).isEmpty();
		publish(hub, 0, 5);
		assertThat(subscribe(hub.out(Replay.last(5))).messages()).containsExactly(2, 3, 4);
		assertThat(subscribe(hub.out(Replay.last(0))).messages()).isEmpty();
	}

	@Test
	void whoComesBackGetsWhatCameMeanwhile() {
		Hub<Object> hub = hub(History.ofMessages(3));
		List<Position> positions = publish(hub, 0, 5);
		assertThat(subscribe(hub.out(Replay.after(positions.get(2)))).messages()).containsExactly(3, 4);
		assertThat(subscribe(hub.out(Replay.after(positions.get(4).toString()))).messages()).isEmpty();
	}

	@Test
	void whoHasMissedAllThatIsKeptButNothingElseIsNotReset() {
		Hub<Object> hub = hub(History.ofMessages(3));
		List<Position> positions = publish(hub, 0, 5);
		assertThat(subscribe(hub.out(Replay.after(positions.get(1)))).messages()).containsExactly(2, 3, 4);
	}

	@Test
	void whoHasNoPositionBeginsNowOrWithTheLast() {
		Hub<Object> hub = hub(History.ofMessages(3));
		publish(hub, 0, 5);
		for (Replay replay : List.of(Replay.after((String) null), Replay.after(""), Replay.after((Position) null))) {
			assertThat(subscribe(hub.out(replay)).messages()).isEmpty();
			assertThat(subscribe(hub.out(replay.orLast(2))).messages()).containsExactly(3, 4);
		}
	}

	@Test
	void whoComesBackTooLateFails() {
		Hub<Object> hub = hub(History.ofMessages(3));
		Position first = publish(hub, 0, 5).get(0);
		StrictSubscriber late = subscribe(hub.out(Replay.after(first).orLast(2)));
		assertThat(late.error()).isInstanceOf(HubResetException.class)
			.hasMessageStartingWith("The history of hub 'room' does not reach back");
		assertThat(late.messages()).isEmpty();
		assertThat(hub.subscribers()).isZero();
	}

	@Test
	void whoComesBackTooLateMayGoOnWithOrWithoutAMessage() {
		Hub<Object> hub = hub(History.ofMessages(3));
		Position first = publish(hub, 0, 5).get(0);
		StrictSubscriber told = subscribe(hub.out(Replay.after(first), (reset) -> "reset"));
		StrictSubscriber notTold = subscribe(hub.out(Replay.after(first).orLast(2), (reset) -> null));
		publish(hub, 5, 6);
		assertThat(told.messages()).containsExactly("reset", 5);
		assertThat(notTold.messages()).containsExactly(3, 4, 5);
	}

	@Test
	void positionsThatTheHubDoesNotKnowAreReset() {
		Hub<Object> hub = hub(History.ofMessages(3));
		Position last = publish(hub, 0, 1).get(0);
		for (String unknown : List.of("nonsense", new Position(last.epoch() + 1, 1).toString(),
				new Position(last.epoch(), 2).toString(), "0-9223372036854775807")) {
			StrictSubscriber subscriber = subscribe(hub.events(Replay.after(unknown)));
			assertThat(subscriber.messages()).containsExactly(new HubEvent.Reset<>(last));
		}
	}

	@Test
	void eventsTellPositionsAndResets() {
		Hub<Object> hub = hub(History.ofMessages(2));
		List<Position> positions = publish(hub, 0, 4);
		StrictSubscriber late = subscribe(hub.events(Replay.after(positions.get(0)).orLast(1)));
		StrictSubscriber other = subscribe(hub.events(Replay.last(0)));
		Position live = publish(hub, 4, 5).get(0);
		assertThat(late.messages()).containsExactly(new HubEvent.Reset<>(positions.get(2)),
				new HubEvent.Message<>(positions.get(3), 3), new HubEvent.Message<>(live, 4));
		assertThat(other.received().get(0)).as("shared, so encoded once").isSameAs(late.received().get(2));
	}

	@Test
	void whoGoesOnAfterAResetMissesNothing() {
		Hub<Object> hub = hub(History.ofMessages(2));
		publish(hub, 0, 4);
		StrictSubscriber late = subscribe(hub.events(Replay.after("long ago")));
		publish(hub, 4, 5);
		HubEvent.Reset<?> reset = (HubEvent.Reset<?>) late.messages().get(0);
		assertThat(subscribe(hub.out(Replay.after(reset.position()))).messages()).containsExactly(4);
	}

	@Test
	void aThousandMessagesArePulledByDemand() {
		Hub<Object> hub = hub(History.ofMessages(1000));
		publish(hub, 0, 1000);
		StrictSubscriber slow = StrictSubscriber.waiting();
		hub.out(Replay.last(1000)).elements().subscribe(slow);
		assertThat(slow.count()).isZero();
		publish(hub, 1000, 1200);
		for (int i = 0; i < 1200; i++) {
			assertThat(slow.count()).isEqualTo(i);
			slow.request(1);
		}
		assertThat(slow.messages()).isEqualTo(IntStream.range(0, 1200).boxed().toList());
		slow.assertRulesKept();
	}

	@Test
	void whatLeavesTheHistoryBeforeItWasReadMeetsTheSendBuffer() {
		Hub<Object> hub = hub(History.ofMessages(4));
		publish(hub, 0, 4);
		StrictSubscriber closed = replaying(hub, Overflow.CLOSE);
		StrictSubscriber lossy = replaying(hub, Overflow.DROP_OLDEST);
		publish(hub, 4, 11);
		assertThat(closed.isTerminated()).isFalse();
		publish(hub, 11, 13);
		assertThat(closed.error()).isInstanceOf(SlowConsumerException.class);
		lossy.request(100);
		assertThat(lossy.messages()).containsExactly(0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12);
		publish(hub, 13, 14);
		assertThat(lossy.messages()).endsWith(12, 13);
		assertThat(hub.subscribers()).isOne();
	}

	private static StrictSubscriber replaying(Hub<Object> hub, Overflow overflow) {
		StrictSubscriber subscriber = StrictSubscriber.waiting(new SendBuffer(3, 1 << 20, overflow, null));
		hub.out(Replay.last(4)).elements().subscribe(subscriber);
		return subscriber;
	}

	@Test
	void mappersSeeEachMessageInOrderThoughSomeLeaveTheHistory() {
		Hub<Object> hub = hub(History.ofMessages(3));
		publish(hub, 0, 3);
		AtomicInteger calls = new AtomicInteger();
		StrictSubscriber slow = StrictSubscriber.waiting();
		hub.out(Replay.last(3)).map((number) -> number + ":" + calls.getAndIncrement()).elements().subscribe(slow);
		publish(hub, 3, 8);
		slow.request(2);
		publish(hub, 8, 10);
		slow.request(100);
		assertThat(slow.messages())
			.isEqualTo(IntStream.range(0, 10).<Object>mapToObj((number) -> number + ":" + number).toList());
	}

	@Test
	void ageBoundsTheHistory() {
		Hub<Object> hub = hub(History.ofAge(Duration.ofSeconds(10)));
		publish(hub, 0, 2);
		this.clock.addAndGet(Duration.ofSeconds(6).toNanos());
		publish(hub, 2, 4);
		this.clock.addAndGet(Duration.ofSeconds(4).toNanos());
		assertThat(subscribe(hub.out(Replay.last(10))).messages()).containsExactly(2, 3);
	}

	@Test
	void whatIsTooOldIsDroppedThoughNobodyPublishes() {
		Hub<Object> hub = hub(History.ofAge(Duration.ofSeconds(10)));
		StrictSubscriber slow = StrictSubscriber.waiting();
		publish(hub, 0, 300);
		hub.out(Replay.last(300)).elements().subscribe(slow);
		this.clock.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
		this.hubs.sweep();
		subscribe(hub.out(Replay.last(300))).awaitCount(300);
		this.clock.addAndGet(1);
		this.hubs.sweep();
		assertThat(subscribe(hub.out(Replay.last(300))).count()).isZero();
		slow.request(1000);
		slow.awaitCount(300);
	}

	@Test
	void bytesBoundTheHistory() {
		Hub<Object> hub = hub(History.ofBytes(10));
		for (Object message : List.of("12345", new byte[4], "1", "12")) {
			hub.publish(message);
		}
		assertThat(subscribe(hub.out(Replay.last(10))).messages()).hasSize(3).endsWith("1", "12");
		Position before = published(hub.publish("x"));
		hub.publish("x".repeat(11));
		assertThat(subscribe(hub.out(Replay.last(10))).messages()).as("too large alone").isEmpty();
		assertThat(subscribe(hub.events(Replay.after(before))).messages()).hasSize(1)
			.hasOnlyElementsOfType(HubEvent.Reset.class);
	}

	@Test
	void otherMessagesAreWeighedAndThoseThatCannotBeCountForSomething() {
		Hub<Object> weighed = hubs((message) -> 400).hub("room", Object.class, History.ofBytes(1000));
		publish(weighed, 0, 5);
		assertThat(subscribe(weighed.out(Replay.last(10))).messages()).containsExactly(3, 4);
		Hub<Object> failing = hubs((message) -> {
			throw new IllegalStateException("no form");
		}).hub("room", Object.class, History.ofBytes(3 * 1024));
		publish(failing, 0, 5);
		assertThat(subscribe(failing.out(Replay.last(10))).messages()).containsExactly(2, 3, 4);
	}

	@Test
	void bytesBoundWhatIsThereAlready() {
		HistoryPatterns patterns = new HistoryPatterns(Map.of("room", History.ofMessages(100)));
		Hubs hubs = new InMemoryHubs(InMemoryHubs.OTHERS, patterns, (message) -> 1, this.clock::get);
		hubs.hub("room", Object.class).publish("12345");
		Hub<Object> hub = hubs.hub("room", Object.class, History.ofBytes(8));
		hub.publish("6789");
		assertThat(subscribe(hub.out(Replay.last(10))).messages()).containsExactly("6789");
	}

	@Test
	void aMessageIsWeighedOnceHoweverManyJoinMeanwhile() {
		AtomicInteger weighed = new AtomicInteger();
		Hub<Object> hub = hubs((message) -> weighed.incrementAndGet()).hub("room", Object.class, History.ofBytes(1000));
		AtomicInteger joined = new AtomicInteger();
		subscribe(hub.out((message) -> {
			if (joined.incrementAndGet() == 1) {
				subscribe(hub.out((other) -> true));
			}
			return true;
		}));
		hub.publish(1);
		assertThat(weighed).hasValue(1);
	}

	@Test
	void aKeyThatIsInTheHistoryIsPublishedOnce() {
		Hub<Object> hub = hub(History.ofMessages(2));
		StrictSubscriber subscriber = subscribe(hub.out((message) -> true));
		Position first = published(hub.publishOnce("a", "1"));
		assertThat(published(hub.publishOnce("a again", "1"))).isEqualTo(first);
		assertThat(published(hub.publishOnce("b", "2"))).isNotEqualTo(first);
		hub.publish("c");
		assertThat(published(hub.publishOnce("a later", "1"))).isNotEqualTo(first);
		assertThat(subscriber.messages()).containsExactly("a", "b", "c", "a later");
		assertThat(published(hub.publishOnce("b later", "2"))).as("it left the history").isNotEqualTo(first);
	}

	@Test
	void aKeyNeedsAHistory() {
		Hub<String> hub = this.hubs.hub("plain", String.class);
		assertThatIllegalStateException().isThrownBy(() -> hub.publishOnce("a", "1"))
			.withMessage("Hub 'plain' keeps no history (expected: one in halley.hub.history, or given to "
					+ "hubs.hub(name, type, history))");
		assertThatIllegalStateException().isThrownBy(() -> hub.out(Replay.last(1)));
		assertThatIllegalStateException().isThrownBy(() -> hub.events(Replay.last(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> hub.publishOnce("a", ""));
	}

	@Test
	void whoStillReadsWhenTheHubIsClosedGetsTheRest() {
		Hub<Object> hub = hub(History.ofMessages(3));
		publish(hub, 0, 3);
		StrictSubscriber slow = StrictSubscriber.waiting();
		hub.out(Replay.last(3)).elements().subscribe(slow);
		StrictSubscriber exact = new StrictSubscriber(3, null);
		hub.out(Replay.last(3)).elements().subscribe(exact);
		publish(hub, 3, 5);
		hub.close();
		assertThat(slow.isTerminated()).isFalse();
		slow.request(5);
		exact.request(2);
		for (StrictSubscriber subscriber : List.of(slow, exact)) {
			assertThat(subscriber.messages()).containsExactly(0, 1, 2, 3, 4);
			assertThat(subscriber.isCompleted()).isTrue();
		}
		assertThat(hub.subscribers()).isZero();
		assertThat(subscribe(hub.out(Replay.last(3))).isCompleted()).isTrue();
		assertThat(hub.publishOnce("x", "key")).isCompletedExceptionally();
	}

	@Test
	void whoLeavesWhileReadingIsForgotten() {
		Hub<Object> hub = hub(History.ofMessages(3));
		publish(hub, 0, 3);
		StrictSubscriber slow = new StrictSubscriber(1, null);
		hub.out(Replay.last(3)).elements().subscribe(slow);
		assertThat(hub.subscribers()).isOne();
		slow.cancel();
		assertThat(hub.subscribers()).isZero();
		publish(hub, 3, 9);
		assertThat(slow.messages()).containsExactly(0);
	}

	@Test
	void mapperThatThrowsEndsTheReading() {
		Hub<Object> hub = hub(History.ofMessages(3));
		publish(hub, 0, 3);
		StrictSubscriber failing = subscribe(hub.out(Replay.last(3)).map((number) -> 1 / (1 - (Integer) number)));
		assertThat(failing.messages()).containsExactly(1);
		assertThat(failing.error()).isInstanceOf(ArithmeticException.class);
		assertThat(hub.subscribers()).isZero();
	}

	@Test
	void historyIsTheSameForAllWhoGiveOne() {
		Hub<Object> hub = hub(History.ofMessages(3));
		assertThat(hub(History.ofMessages(3))).isSameAs(hub);
		assertThat(this.hubs.hub("room", new ParameterizedTypeReference<Object>() {
		}, History.ofMessages(3))).isSameAs(hub).isSameAs(this.hubs.hub("room", Object.class));
		assertThatIllegalArgumentException().isThrownBy(() -> hub(History.ofMessages(4)))
			.withMessageStartingWith("history of hub 'room': History[messages=4, ")
			.withMessageContaining("(expected: History[messages=3, ");
	}

	@Test
	void hubMayBeginToKeepAHistory() {
		Hub<Object> hub = this.hubs.hub("room", Object.class);
		StrictSubscriber before = subscribe(hub.out());
		Position first = publish(hub, 0, 2).get(0);
		hub(History.ofMessages(5));
		publish(hub, 2, 4);
		assertThat(before.messages()).containsExactly(0, 1, 2, 3);
		assertThat(subscribe(hub.out(Replay.last(5))).messages()).containsExactly(2, 3);
		assertThat(subscribe(hub.out(Replay.after(first))).error()).isInstanceOf(HubResetException.class);
	}

	private static StrictSubscriber subscribe(Out<?> out) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		out.elements().subscribe(subscriber);
		return subscriber;
	}

	private static List<Position> publish(Hub<Object> hub, int from, int to) {
		return IntStream.range(from, to).<Position>mapToObj((i) -> published(hub.publish(i))).toList();
	}

	private static Position published(CompletionStage<Position> stage) {
		@Nullable Position position = stage.toCompletableFuture().getNow(null);
		assertThat(position).isNotNull();
		return position;
	}

}
