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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HotSubscription} with many threads at once.
 */
@Timeout(120)
class HotSubscriptionStressTests {

	private static final int ROUNDS = 2000;

	private static final SendBuffer LARGE = new SendBuffer(1_000_000, 1L << 40, Overflow.CLOSE, null);

	private final Threads threads = new Threads();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void nothingIsLostOrReorderedBetweenSeveralProducersAndDemand() throws Exception {
		for (int round = 0; round < 50; round++) {
			StrictSubscriber subscriber = StrictSubscriber.waiting(LARGE);
			HotSubscription subscription = HotSubscriptions.attach(subscriber, new AtomicInteger());
			int each = 500;
			this.threads.race(() -> produce(subscription, 0, each), () -> produce(subscription, 1, each),
					() -> produce(subscription, 2, each), () -> ask(subscriber, 3 * each),
					() -> ask(subscriber, 3 * each));
			subscriber.awaitCount(3 * each);
			assertEachProducerInOrder(subscriber.received(), each);
			subscriber.assertRulesKept();
		}
	}

	/** Both ask for half of it, in pieces of random size. */
	private static void ask(StrictSubscriber subscriber, int total) {
		int left = total / 2;
		while (left > 0) {
			int n = Math.min(left, ThreadLocalRandom.current().nextInt(1, 20));
			subscriber.request(n);
			left -= n;
		}
	}

	private static void produce(HotSubscription subscription, int producer, int count) {
		for (int i = 0; i < count; i++) {
			assertThat(subscription.offer(new Numbered(producer, i))).isTrue();
			subscription.deliver();
		}
	}

	private static void assertEachProducerInOrder(List<Object> received, int each) {
		Map<Integer, Integer> next = new HashMap<>();
		for (Object element : received) {
			Numbered numbered = (Numbered) element;
			assertThat(numbered.number()).isEqualTo(next.getOrDefault(numbered.producer(), 0));
			next.put(numbered.producer(), numbered.number() + 1);
		}
		assertThat(next.values()).allMatch((count) -> count == each);
	}

	@Test
	void demandThatRacesWithAnElementIsSeen() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			HotSubscription subscription = HotSubscriptions.attach(subscriber, new AtomicInteger());
			this.threads.race(() -> subscriber.request(1), () -> produce(subscription, 0, 1));
			assertThat(subscriber.count()).as("round " + round).isEqualTo(1);
			subscriber.assertRulesKept();
		}
	}

	@Test
	void noWakeUpIsLostBetweenAnElementAndItsDemand() throws Exception {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		HotSubscription subscription = HotSubscriptions.attach(subscriber, new AtomicInteger());
		AtomicInteger missed = new AtomicInteger();
		this.threads.lockstep((round) -> {
			subscription.offer(round);
			subscription.deliver();
		}, (round) -> subscriber.request(1), (round) -> {
			if (subscriber.count() != round + 1) {
				missed.incrementAndGet();
			}
		});
		assertThat(missed).hasValue(0);
		subscriber.assertRulesKept();
	}

	@Test
	void endThatRacesWithDemandComesOnceAndLast() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			AtomicInteger ends = new AtomicInteger();
			HotSubscription subscription = HotSubscriptions.attach(subscriber, ends);
			subscription.offer("a");
			this.threads.race(() -> subscriber.request(1), () -> subscription.complete(null),
					() -> subscription.complete(null));
			assertThat(subscriber.received()).containsExactly("a");
			assertThat(subscriber.isCompleted()).as("round " + round).isTrue();
			assertThat(ends).hasValue(1);
			subscriber.assertRulesKept();
		}
	}

	@Test
	void cancelThatRacesWithTheEndEndsOnce() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			AtomicInteger ends = new AtomicInteger();
			HotSubscription subscription = HotSubscriptions.attach(subscriber, ends);
			this.threads.race(subscriber::cancel, () -> subscription.complete(null), subscriber::cancel);
			assertThat(ends).hasValue(1);
			assertThat(subscription.isOpen()).isFalse();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void offersThatRaceWithTheEndAreEitherDeliveredOrRefused() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			StrictSubscriber subscriber = StrictSubscriber.unbounded(LARGE);
			HotSubscription subscription = HotSubscriptions.attach(subscriber, new AtomicInteger());
			AtomicInteger taken = new AtomicInteger();
			this.threads.race(() -> count(subscription, taken), () -> count(subscription, taken),
					() -> subscription.complete(null));
			assertThat(subscriber.count()).as("round " + round).isEqualTo(taken.get());
			assertThat(subscriber.isCompleted()).isTrue();
			subscriber.assertRulesKept();
		}
	}

	private static void count(HotSubscription subscription, AtomicInteger taken) {
		for (int i = 0; i < 5; i++) {
			if (subscription.offer(i)) {
				taken.incrementAndGet();
			}
			subscription.deliver();
		}
	}

	@Test
	void droppingKeepsOrderAndEndsWithTheNewest() throws Exception {
		for (Overflow overflow : List.of(Overflow.LATEST, Overflow.DROP_OLDEST)) {
			for (int round = 0; round < 100; round++) {
				StrictSubscriber subscriber = StrictSubscriber.waiting(new SendBuffer(4, 1000, overflow, null));
				HotSubscription subscription = HotSubscriptions.attach(subscriber, new AtomicInteger());
				this.threads.race(() -> produce(subscription, 0, 500), () -> ask(subscriber, 200));
				subscriber.request(500);
				Awaitility.await()
					.pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.until(() -> subscriber.received().contains(new Numbered(0, 499)));
				List<Object> received = subscriber.received();
				assertThat(received)
					.isSortedAccordingTo((left, right) -> ((Numbered) left).number() - ((Numbered) right).number());
				assertThat(received).doesNotHaveDuplicates().last().isEqualTo(new Numbered(0, 499));
				subscriber.assertRulesKept();
			}
		}
	}

	@Test
	void overflowThatRacesWithDemandFailsAtMostOnceAndNeverReorders() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			StrictSubscriber subscriber = StrictSubscriber.waiting(new SendBuffer(2, 1000, Overflow.CLOSE, null));
			AtomicInteger ends = new AtomicInteger();
			HotSubscription subscription = HotSubscriptions.attach(subscriber, ends);
			AtomicInteger taken = new AtomicInteger();
			this.threads.race(() -> count(subscription, taken), () -> subscriber.request(1),
					() -> subscriber.request(2));
			if (subscriber.isTerminated()) {
				assertThat(subscriber.error()).isInstanceOf(SlowConsumerException.class);
				assertThat(ends).hasValue(1);
			}
			else {
				assertThat(taken).hasValue(5);
				assertThat(subscriber.count()).isEqualTo(3);
			}
			subscriber.assertRulesKept();
		}
	}

	private record Numbered(int producer, int number) {
	}

}
