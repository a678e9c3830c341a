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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link InMemoryHub}.
 */
@Timeout(60)
class InMemoryHubTests {

	private final InMemoryHub<Object> hub = new InMemoryHub<>("news", Object.class, InMemoryHubs.OTHERS);

	@Test
	void messageReachesAllSubscribers() {
		StrictSubscriber first = subscribe();
		StrictSubscriber second = subscribe();
		assertThat(this.hub.publish("a")).isCompleted();
		assertThat(first.messages()).containsExactly("a");
		assertThat(second.messages()).containsExactly("a");
	}

	@Test
	void subscribersShareOneMessageSoThatItIsEncodedOnce() {
		StrictSubscriber first = subscribe();
		StrictSubscriber second = subscribe();
		this.hub.publish("a");
		assertThat(first.received().get(0)).isInstanceOf(SharedMessage.class).isSameAs(second.received().get(0));
	}

	@Test
	void lateJoinerGetsOnlyLaterMessages() {
		StrictSubscriber first = subscribe();
		this.hub.publish("a");
		StrictSubscriber second = subscribe();
		this.hub.publish("b");
		assertThat(first.messages()).containsExactly("a", "b");
		assertThat(second.messages()).containsExactly("b");
	}

	@Test
	void aSubscriberWhoseFailureCannotBePrintedKeepsNothingFromTheOthers() {
		this.hub.out().elements().subscribe(new BaseSubscriber<>() {

			@Override
			protected void hookOnNext(Object message) {
				throw new StackOverflowError() {

					@Override
					public String getMessage() {
						throw new IllegalStateException("no session");
					}

				};
			}

			@Override
			protected void hookOnError(Throwable ex) {
				throw new IllegalStateException(ex) {

					@Override
					public String getMessage() {
						throw new IllegalStateException("no session");
					}

				};
			}

		});
		StrictSubscriber other = subscribe();
		this.hub.publish("a");
		assertThat(other.messages()).containsExactly("a");
	}

	@Test
	void publishingToNobodySucceeds() {
		assertThat(this.hub.publish("a")).isCompleted();
	}

	@Test
	void nullIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.hub.publish(null))
			.withMessage("'message' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.hub.out((Predicate<Object>) null))
			.withMessage("'filter' must not be null");
	}

	@Test
	void subscriberThatLeavesIsForgotten() {
		StrictSubscriber first = subscribe();
		StrictSubscriber second = subscribe();
		assertThat(this.hub.subscribers()).isEqualTo(2);
		first.cancel();
		assertThat(this.hub.subscribers()).isEqualTo(1);
		this.hub.publish("a");
		assertThat(first.messages()).isEmpty();
		assertThat(second.messages()).containsExactly("a");
	}

	@Test
	void subscriberThatLeavesAtOnceNeverJoins() {
		StrictSubscriber subscriber = new StrictSubscriber(0, null) {
			@Override
			public void onSubscribe(Subscription subscription) {
				super.onSubscribe(subscription);
				subscription.cancel();
			}
		};
		this.hub.out().elements().subscribe(subscriber);
		assertThat(this.hub.subscribers()).isZero();
	}

	@Test
	void closeCompletesEveryOutAfterWhatIsQueued() {
		StrictSubscriber fast = subscribe();
		StrictSubscriber slow = StrictSubscriber.waiting();
		this.hub.out().elements().subscribe(slow);
		this.hub.publish("a");
		this.hub.close();
		assertThat(fast.isCompleted()).isTrue();
		assertThat(slow.isTerminated()).isFalse();
		slow.request(1);
		assertThat(slow.messages()).containsExactly("a");
		assertThat(slow.isCompleted()).isTrue();
		assertThat(this.hub.subscribers()).isZero();
	}

	@Test
	void publishingToAClosedHubFails() {
		this.hub.close();
		assertThat(this.hub.isClosed()).isTrue();
		assertThat(this.hub.publish("a")).failsWithin(Duration.ofSeconds(30))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(HubClosedException.class)
			.withMessage("Hub 'news' is closed");
	}

	@Test
	void publishingGivesThePlaceInTheOrder() {
		Position first = published("a");
		Position second = published("b");
		assertThat(second).isNotEqualTo(first);
		assertThat(second.epoch()).isEqualTo(first.epoch());
		assertThat(second.offset()).isEqualTo(first.offset() + 1);
	}

	@Test
	void messagesOfOneHubAreNotTakenForThoseOfAnother() {
		Position position = published("a");
		InMemoryHub<Object> again = new InMemoryHub<>("news", Object.class, InMemoryHubs.OTHERS);
		assertThat(again.publish("a").toCompletableFuture().getNow(null)).isNotNull().isNotEqualTo(position);
	}

	private Position published(Object message) {
		return this.hub.publish(message).toCompletableFuture().getNow(null);
	}

	@Test
	void closingTwiceDoesNothing() {
		StrictSubscriber subscriber = subscribe();
		this.hub.close();
		this.hub.close();
		assertThat(subscriber.isCompleted()).isTrue();
		subscriber.assertRulesKept();
	}

	@Test
	void outOfAClosedHubCompletesAtOnce() {
		this.hub.close();
		assertThat(subscribe().isCompleted()).isTrue();
	}

	@Test
	void filterLeavesMessagesOut() {
		StrictSubscriber even = subscribe(this.hub.out((message) -> (Integer) message % 2 == 0));
		StrictSubscriber all = subscribe();
		for (int i = 0; i < 5; i++) {
			this.hub.publish(i);
		}
		assertThat(even.messages()).containsExactly(0, 2, 4);
		assertThat(all.messages()).containsExactly(0, 1, 2, 3, 4);
	}

	@Test
	void filteredMessageTakesNoRoomInTheBuffer() {
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(1, 100, Overflow.CLOSE, null));
		this.hub.out("b"::equals).elements().subscribe(slow);
		this.hub.publish("a");
		this.hub.publish("b");
		this.hub.publish("a");
		slow.request(1);
		assertThat(slow.messages()).containsExactly("b");
		assertThat(slow.isTerminated()).isFalse();
	}

	@Test
	void filterThatThrowsFailsItsOwnSubscriberAlone() {
		for (Throwable failure : List.of(new IllegalStateException("filter"), new AssertionError("filter"))) {
			StrictSubscriber failing = subscribe(this.hub.out((message) -> {
				throw StrictSubscriber.sneaky(failure);
			}));
			StrictSubscriber healthy = subscribe();
			assertThat(this.hub.publish("a")).isCompleted();
			assertThat(failing.error()).isSameAs(failure);
			assertThat(healthy.messages()).containsExactly("a");
			assertThat(this.hub.subscribers()).isEqualTo(1);
			healthy.cancel();
		}
	}

	@Test
	void filterIsAskedOnceForAMessageThoughTheMembershipChangesMeanwhile() {
		AtomicInteger asked = new AtomicInteger();
		List<StrictSubscriber> joined = new ArrayList<>();
		StrictSubscriber leaver = subscribe();
		StrictSubscriber filtered = subscribe(this.hub.out((message) -> {
			asked.incrementAndGet();
			leaver.cancel();
			if (joined.isEmpty()) {
				joined.add(subscribe());
			}
			return true;
		}));
		StrictSubscriber last = subscribe();
		this.hub.publish("a");
		assertThat(asked).hasValue(1);
		assertThat(filtered.messages()).containsExactly("a");
		assertThat(last.messages()).containsExactly("a");
		assertThat(joined.get(0).messages()).containsExactly("a");
		assertThat(leaver.messages()).isEmpty();
	}

	@Test
	void thoseWhoJoinWithAFilterMeanwhileAreAskedToo() {
		AtomicInteger asked = new AtomicInteger();
		List<StrictSubscriber> joined = new ArrayList<>();
		StrictSubscriber filtered = subscribe(this.hub.out((message) -> {
			if (asked.incrementAndGet() == 1) {
				joined.add(subscribe(this.hub.out("a"::equals)));
				joined.add(subscribe(this.hub.out("b"::equals)));
				joined.add(subscribe());
			}
			return true;
		}));
		this.hub.publish("a");
		assertThat(asked).hasValue(1);
		assertThat(filtered.messages()).containsExactly("a");
		assertThat(joined.get(0).messages()).containsExactly("a");
		assertThat(joined.get(1).messages()).isEmpty();
		assertThat(joined.get(2).messages()).containsExactly("a");
	}

	@Test
	void subscriberThatThrowsHarmsNoOther() {
		StrictSubscriber before = subscribe();
		StrictSubscriber throwing = subscribe();
		StrictSubscriber after = subscribe();
		throwing.onNext = (message) -> {
			throw new IllegalStateException("subscriber");
		};
		assertThat(this.hub.publish("a")).isCompleted();
		assertThat(this.hub.publish("b")).isCompleted();
		assertThat(before.messages()).containsExactly("a", "b");
		assertThat(throwing.messages()).containsExactly("a");
		assertThat(after.messages()).containsExactly("a", "b");
		assertThat(this.hub.subscribers()).isEqualTo(2);
	}

	@Test
	void subscriberThatLeavesWithinItsCallbackHarmsNoOther() {
		StrictSubscriber leaving = subscribe();
		StrictSubscriber other = subscribe();
		leaving.onNext = (message) -> leaving.cancel();
		this.hub.publish("a");
		this.hub.publish("b");
		assertThat(leaving.messages()).containsExactly("a");
		assertThat(other.messages()).containsExactly("a", "b");
	}

	@Test
	void subscriberMayPublishWithinItsCallbackInOneOrderForAll() {
		StrictSubscriber first = subscribe();
		StrictSubscriber second = subscribe();
		first.onNext = (message) -> {
			if (Elements.unwrap(message).equals("a")) {
				this.hub.publish("b");
			}
		};
		this.hub.publish("a");
		second.awaitCount(2);
		assertThat(first.messages()).containsExactly("a", "b");
		assertThat(second.messages()).containsExactly("a", "b");
		first.assertRulesKept();
		second.assertRulesKept();
	}

	@Test
	void manySubscribersMayPublishWithinTheirCallbacks() {
		InMemoryHub<String> hub = new InMemoryHub<>("room", String.class, InMemoryHubs.OTHERS);
		for (int i = 0; i < 200; i++) {
			String answer = "answer " + i;
			hub.out()
				.filter((message) -> !message.startsWith("answer"))
				.map((message) -> hub.publish(answer))
				.elements()
				.subscribe(StrictSubscriber.unbounded());
		}
		StrictSubscriber last = StrictSubscriber.unbounded();
		hub.out().elements().subscribe(last);
		hub.publish("question");
		last.awaitCount(201);
		assertThat(last.messages()).hasSize(201).startsWith("question").contains("answer 0", "answer 199");
	}

	@Test
	void subscriberMayCloseTheHubWithinItsCallback() {
		StrictSubscriber first = subscribe();
		StrictSubscriber second = subscribe();
		first.onNext = (message) -> this.hub.close();
		this.hub.publish("a");
		Awaitility.await().until(second::isCompleted);
		assertThat(first.isCompleted()).isTrue();
		assertThat(second.messages()).containsExactly("a");
		assertThat(second.isCompleted()).isTrue();
		first.assertRulesKept();
		second.assertRulesKept();
	}

	@Test
	void subscriberThatNeverReadsMeetsItsOwnOverflowAlone() {
		StrictSubscriber stuck = StrictSubscriber.waiting(new SendBuffer(3, 1000, Overflow.CLOSE, null));
		StrictSubscriber lossy = StrictSubscriber.waiting(new SendBuffer(3, 1000, Overflow.DROP_OLDEST, null));
		this.hub.out().elements().subscribe(stuck);
		this.hub.out().elements().subscribe(lossy);
		StrictSubscriber healthy = subscribe();
		for (int i = 0; i < 10; i++) {
			this.hub.publish(i);
		}
		assertThat(stuck.error()).isInstanceOf(SlowConsumerException.class);
		assertThat(healthy.messages()).hasSize(10);
		assertThat(this.hub.subscribers()).isEqualTo(2);
		lossy.request(10);
		assertThat(lossy.messages()).containsExactly(7, 8, 9);
	}

	@Test
	void sizeIsTheOneThatTheConnectionsWeigh() {
		SendBuffer limits = new SendBuffer(100, 10, Overflow.DROP_LATEST, (message) -> 4);
		StrictSubscriber slow = StrictSubscriber.waiting(limits);
		this.hub.out().elements().subscribe(slow);
		for (int i = 0; i < 5; i++) {
			this.hub.publish(i);
		}
		slow.request(10);
		assertThat(slow.messages()).containsExactly(0, 1);
	}

	@Test
	void messageThatNobodyWantsIsNotWeighed() {
		AtomicInteger weighed = new AtomicInteger();
		SendBuffer limits = SendBuffer.DEFAULT.withWeigher((message) -> weighed.incrementAndGet());
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits);
		this.hub.out("b"::equals).elements().subscribe(subscriber);
		this.hub.publish("a");
		assertThat(weighed).hasValue(0);
		this.hub.publish("b");
		assertThat(weighed).hasValue(1);
		subscriber.cancel();
		this.hub.publish("b");
		assertThat(weighed).hasValue(1);
	}

	@Test
	void messageIsEncodedOnceForAllWhoWaitForIt() {
		AtomicInteger encoded = new AtomicInteger();
		Function<Object, Integer> encoder = (message) -> encoded.incrementAndGet();
		SendBuffer limits = SendBuffer.DEFAULT.withWeigher((message) -> {
			try {
				return ((SharedMessage<?>) message).encodedBy(encoder);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		for (int i = 0; i < 5; i++) {
			this.hub.out().elements().subscribe(StrictSubscriber.waiting(limits));
		}
		this.hub.publish("a");
		assertThat(encoded).hasValue(1);
	}

	@Test
	void outServesAnyNumberOfConnections() {
		Out<Object> out = this.hub.out();
		StrictSubscriber first = subscribe(out);
		StrictSubscriber second = subscribe(out);
		this.hub.publish("a");
		assertThat(first.messages()).isEqualTo(second.messages()).containsExactly("a");
	}

	@Test
	void operatorsSeeTheMessageItself() {
		AtomicReference<Object> seen = new AtomicReference<>();
		StrictSubscriber mapped = subscribe(this.hub.out().map((message) -> message + "!"));
		StrictSubscriber filtered = subscribe(this.hub.out().filter((message) -> {
			seen.set(message);
			return true;
		}));
		StrictSubscriber through = subscribe(this.hub.out().through((messages) -> messages.cast(String.class)));
		this.hub.publish("a");
		assertThat(mapped.received()).containsExactly("a!");
		assertThat(seen).hasValue("a");
		assertThat(filtered.received().get(0)).isInstanceOf(SharedMessage.class);
		assertThat(through.received()).containsExactly("a");
	}

	@Test
	void textShowsNameAndSubscribers() {
		subscribe();
		assertThat(this.hub).hasToString("Hub[news, 1 subscribers]");
		assertThat(this.hub.name()).isEqualTo("news");
	}

	private StrictSubscriber subscribe() {
		return subscribe(this.hub.out());
	}

	private static StrictSubscriber subscribe(Out<?> out) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		out.elements().subscribe(subscriber);
		return subscriber;
	}

}
