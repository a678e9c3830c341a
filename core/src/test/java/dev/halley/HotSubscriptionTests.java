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

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Hooks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HotSubscription}.
 */
class HotSubscriptionTests {

	private final AtomicInteger ends = new AtomicInteger();

	@Test
	void elementGoesOnAtOnceIfThereIsDemand() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a", "b");
		assertThat(subscriber.received()).containsExactly("a", "b");
		subscriber.assertRulesKept();
	}

	@Test
	void elementWaitsForDemand() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a", "b", "c");
		assertThat(subscriber.received()).isEmpty();
		subscriber.request(2);
		assertThat(subscriber.received()).containsExactly("a", "b");
		subscriber.request(1);
		assertThat(subscriber.received()).containsExactly("a", "b", "c");
		subscriber.assertRulesKept();
	}

	@Test
	void demandIsKeptForWhatComesLater() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		subscriber.request(2);
		HotSubscriptions.push(subscription, "a", "b", "c");
		assertThat(subscriber.received()).containsExactly("a", "b");
	}

	@Test
	void demandBeyondTheLargestNumberIsUnbounded() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		subscriber.request(Long.MAX_VALUE - 1);
		subscriber.request(Long.MAX_VALUE);
		HotSubscriptions.push(subscription, "a", "b");
		assertThat(subscriber.received()).containsExactly("a", "b");
	}

	@Test
	void demandOfNothingIsIgnored() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a");
		subscription.request(0);
		subscription.request(-1);
		assertThat(subscriber.received()).isEmpty();
		subscriber.request(1);
		assertThat(subscriber.received()).containsExactly("a");
	}

	@Test
	void offeringAloneDeliversNothing() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		assertThat(subscription.offer("a")).isTrue();
		assertThat(subscriber.received()).isEmpty();
		subscription.deliver();
		assertThat(subscriber.received()).containsExactly("a");
	}

	@Test
	void elementOfferedWithinOnNextComesAfterwards() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		subscriber.onNext = (element) -> {
			if (element.equals("a")) {
				HotSubscriptions.push(subscription, "b");
				assertThat(subscriber.received()).containsExactly("a");
			}
		};
		HotSubscriptions.push(subscription, "a");
		assertThat(subscriber.received()).containsExactly("a", "b");
		subscriber.assertRulesKept();
	}

	@Test
	void demandWithinOnNextDoesNotRecur() {
		StrictSubscriber subscriber = StrictSubscriber
			.waiting(new SendBuffer(100_000, 1_000_000, Overflow.CLOSE, null));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		for (int i = 0; i < 50_000; i++) {
			subscription.offer(i);
		}
		subscriber.onNext = (element) -> subscriber.request(1);
		subscriber.request(1);
		subscriber.awaitCount(50_000);
		subscriber.assertRulesKept();
	}

	@Test
	void endComesAfterWhatIsQueued() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a");
		subscription.complete(null);
		assertThat(subscriber.isTerminated()).isFalse();
		assertThat(this.ends).hasValue(0);
		subscriber.request(1);
		assertThat(subscriber.received()).containsExactly("a");
		assertThat(subscriber.isCompleted()).isTrue();
		assertThat(this.ends).hasValue(1);
	}

	@Test
	void endNeedsNoDemand() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscriptions.attach(subscriber, this.ends).complete(null);
		assertThat(subscriber.isCompleted()).isTrue();
		subscriber.assertRulesKept();
	}

	@Test
	void failureComesAfterWhatIsQueued() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a");
		IllegalStateException failure = new IllegalStateException("broken");
		subscription.complete(failure);
		assertThat(subscriber.error()).isNull();
		subscriber.request(1);
		assertThat(subscriber.received()).containsExactly("a");
		assertThat(subscriber.error()).isSameAs(failure);
	}

	@Test
	void lastElementFindsRoomWhereThereIsNone() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(1, 10, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a");
		subscription.completeWith("last");
		subscriber.request(2);
		assertThat(subscriber.received()).containsExactly("a", "last");
		assertThat(subscriber.isCompleted()).isTrue();
	}

	@Test
	void firstEndCounts() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		subscription.complete(null);
		subscription.complete(new IllegalStateException());
		subscription.completeWith("last");
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.isCompleted()).isTrue();
		assertThat(this.ends).hasValue(1);
		subscriber.assertRulesKept();
	}

	@Test
	void nothingIsTakenAfterTheEnd() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a");
		assertThat(subscription.isOpen()).isTrue();
		subscription.complete(null);
		assertThat(subscription.isOpen()).isFalse();
		assertThat(subscription.offer("b")).isFalse();
		subscriber.request(5);
		assertThat(subscriber.received()).containsExactly("a");
	}

	@Test
	void cancelDiscardsWhatIsQueuedAndEndsOnce() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a");
		subscriber.cancel();
		subscriber.cancel();
		subscriber.request(5);
		subscription.complete(null);
		assertThat(subscription.offer("b")).isFalse();
		assertThat(subscription.isOpen()).isFalse();
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.isTerminated()).isFalse();
		assertThat(this.ends).hasValue(1);
	}

	@Test
	void cancelWithinOnNextStopsAtOnce() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a", "b", "c");
		subscriber.onNext = (element) -> subscriber.cancel();
		subscriber.request(3);
		assertThat(subscriber.received()).containsExactly("a");
	}

	@Test
	void subscriberThatThrowsIsCancelledAndThePublisherSpared() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		subscriber.onNext = (element) -> {
			throw new IllegalStateException("subscriber");
		};
		HotSubscriptions.push(subscription, "a", "b");
		assertThat(subscriber.received()).containsExactly("a");
		assertThat(subscription.isOpen()).isFalse();
		assertThat(this.ends).hasValue(1);
	}

	@Test
	void subscriberThatThrowsAtItsEndDoesNotHarmThePublisher() {
		HotSubscription subscription = new HotSubscription(new ThrowingSubscriber(), Step.NONE, InMemoryHubs.OTHERS,
				this.ends::incrementAndGet);
		subscription.complete(null);
		HotSubscription failing = new HotSubscription(new ThrowingSubscriber(), Step.NONE, InMemoryHubs.OTHERS,
				this.ends::incrementAndGet);
		failing.complete(new IllegalStateException());
		assertThat(this.ends).hasValue(2);
	}

	@Test
	void callbackThatThrowsDoesNotSwallowTheEnd() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = new HotSubscription(subscriber, Step.NONE, InMemoryHubs.OTHERS, () -> {
			throw new IllegalStateException("callback");
		});
		subscriber.onSubscribe(subscription);
		subscription.complete(null);
		assertThat(subscriber.isCompleted()).isTrue();
	}

	@Test
	void whatIsThrownIsReportedToReactor() {
		List<String> dropped = new ArrayList<>();
		Hooks.onErrorDropped((ex) -> dropped.add(ex.getMessage()));
		try {
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			HotSubscription subscription = new HotSubscription(subscriber, Step.NONE, InMemoryHubs.OTHERS, () -> {
				throw new IllegalStateException("callback");
			});
			subscriber.onSubscribe(subscription);
			subscriber.onNext = (element) -> {
				throw new IllegalStateException("subscriber");
			};
			HotSubscriptions.push(subscription, "a");
			new HotSubscription(new ThrowingSubscriber(), Step.NONE, InMemoryHubs.OTHERS, this.ends::incrementAndGet)
				.complete(null);
		}
		finally {
			Hooks.resetOnErrorDropped();
		}
		assertThat(dropped).containsExactly("callback", "subscriber", "onComplete");
	}

	@Test
	void cancelLetsGoOfWhatIsQueued() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		WeakReference<Object> queued = pushSomething(subscription);
		subscriber.cancel();
		Awaitility.await().until(() -> {
			System.gc();
			return queued.refersTo(null);
		});
		assertThat(subscription.isOpen()).isFalse();
	}

	private static WeakReference<Object> pushSomething(HotSubscription subscription) {
		Object something = new Object();
		HotSubscriptions.push(subscription, something);
		return new WeakReference<>(something);
	}

	@Test
	void endsThoughNobodyHasLookedAtWhatIsTooMuch() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded(limits(2, 100, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		for (int i = 0; i < 3; i++) {
			assertThat(subscription.offer(i)).isTrue();
		}
		assertThat(subscription.offer(3)).isFalse();
		assertThat(subscription.isOverflown()).isTrue();
		subscription.deliver();
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void stepThatFailsForgetsWhatComesAfterwards() {
		IllegalStateException failure = new IllegalStateException("step");
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = new HotSubscription(subscriber, (element) -> {
			throw failure;
		}, InMemoryHubs.OTHERS, this.ends::incrementAndGet);
		subscriber.onSubscribe(subscription);
		subscription.offer("a");
		subscription.offer("b");
		subscription.completeWith("last");
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.error()).isSameAs(failure);
		assertThat(this.ends).hasValue(1);
	}

	@Test
	void fatalErrorOfAnOperatorReachesTheSubscriberAndSparesThePublisher() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		StackOverflowError error = new StackOverflowError();
		subscriber.onNext = (element) -> {
			throw error;
		};
		HotSubscriptions.push(subscription, "a");
		assertThat(subscriber.error()).isSameAs(error);
		assertThat(subscription.isOpen()).isFalse();
		assertThat(this.ends).hasValue(1);
	}

	private static SendBuffer limits(int messages, long bytes, Overflow overflow) {
		return new SendBuffer(messages, bytes, overflow, null);
	}

	private static final class ThrowingSubscriber implements CoreSubscriber<Object> {

		@Override
		public void onSubscribe(Subscription subscription) {
		}

		@Override
		public void onNext(Object element) {
		}

		@Override
		public void onError(Throwable error) {
			throw new IllegalStateException("onError");
		}

		@Override
		public void onComplete() {
			throw new IllegalStateException("onComplete");
		}

	}

}
