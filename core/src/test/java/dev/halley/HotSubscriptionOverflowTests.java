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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the limits of {@link HotSubscription} and what happens beyond them.
 */
class HotSubscriptionOverflowTests {

	private final AtomicInteger ends = new AtomicInteger();

	@Test
	void closeFailsAtTheFirstMessageTooMany() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(2, 1000, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "a", "b");
		assertThat(subscription.isOpen()).isTrue();
		HotSubscriptions.push(subscription, "c");
		assertThat(subscription.isOpen()).isFalse();
		assertThat(subscription.isOverflown()).isTrue();
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.error()).isInstanceOf(SlowConsumerException.class)
			.hasMessageContaining("2 messages, 1000 bytes");
		assertThat(this.ends).hasValue(1);
		subscriber.assertRulesKept();
	}

	@Test
	void closeFailsAtTheFirstByteTooMany() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(100, 10, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "12345", "67890");
		assertThat(subscriber.isTerminated()).isFalse();
		HotSubscriptions.push(subscription, "x");
		assertThat(subscriber.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void largeMessagePassesWhenNothingElseWaits() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(100, 10, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, "x".repeat(1000));
		subscriber.request(1);
		assertThat(subscriber.count()).isEqualTo(1);
		assertThat(subscriber.isTerminated()).isFalse();
	}

	@Test
	void deliveredBytesNoLongerCount() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(100, 10, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		for (int i = 0; i < 100; i++) {
			HotSubscriptions.push(subscription, "12345", "67890");
			subscriber.request(2);
		}
		assertThat(subscriber.count()).isEqualTo(200);
		assertThat(subscriber.isTerminated()).isFalse();
	}

	@Test
	void dropOldestMakesRoomByCount() {
		assertThat(overflowing(limits(2, 1000, Overflow.DROP_OLDEST), "a", "b", "c", "d")).containsExactly("c", "d");
	}

	@Test
	void dropOldestMakesRoomByBytes() {
		assertThat(overflowing(limits(100, 10, Overflow.DROP_OLDEST), "1234", "5678", "90", "123456"))
			.containsExactly("90", "123456");
	}

	@Test
	void dropOldestKeepsAloneWhatIsLargerThanAll() {
		assertThat(overflowing(limits(100, 10, Overflow.DROP_OLDEST), "1", "2", "x".repeat(50)))
			.containsExactly("x".repeat(50));
	}

	@Test
	void dropOldestForgetsTheBytesOfWhatItDrops() {
		assertThat(overflowing(limits(100, 10, Overflow.DROP_OLDEST), "x".repeat(50), "12345", "67890"))
			.containsExactly("12345", "67890");
	}

	@Test
	void dropLatestKeepsWhatIsQueued() {
		assertThat(overflowing(limits(2, 1000, Overflow.DROP_LATEST), "a", "b", "c", "d")).containsExactly("a", "b");
	}

	@Test
	void dropLatestByBytesTakesASmallerOneLater() {
		assertThat(overflowing(limits(100, 10, Overflow.DROP_LATEST), "123456", "78901", "23"))
			.containsExactly("123456", "23");
	}

	@Test
	void latestKeepsOnlyTheNewest() {
		assertThat(overflowing(limits(100, 1000, Overflow.LATEST), "a", "b", "c")).containsExactly("c");
	}

	@Test
	void bytesAndSharedMessagesHaveTheirSize() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(100, 10, Overflow.CLOSE));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, new byte[5], new SharedMessage<>(new byte[5]));
		assertThat(subscriber.isTerminated()).isFalse();
		HotSubscriptions.push(subscription, new SharedMessage<>("x"));
		assertThat(subscriber.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void whatWaitsIsWeighedByTheConnection() {
		ToLongFunction<Object> weigher = (message) -> 6;
		assertThat(overflowing(limits(100, 10, Overflow.DROP_OLDEST).withWeigher(weigher), 1, 2, 3)).singleElement()
			.isInstanceOfSatisfying(SharedMessage.class, (shared) -> assertThat(shared.message()).isEqualTo(3));
	}

	@Test
	void whatIsAskedForIsNotWeighed() {
		AtomicInteger calls = new AtomicInteger();
		StrictSubscriber subscriber = StrictSubscriber
			.unbounded(SendBuffer.DEFAULT.withWeigher((message) -> calls.incrementAndGet()));
		HotSubscriptions.push(HotSubscriptions.attach(subscriber, this.ends), 1, new SharedMessage<>(2));
		assertThat(subscriber.messages()).containsExactly(1, 2);
		assertThat(calls).hasValue(0);
	}

	@Test
	void messageThatCannotBeWeighedIsEstimated() {
		ToLongFunction<Object> weigher = (message) -> {
			throw new AssertionError("no encoder");
		};
		SharedMessage<String> shared = new SharedMessage<>("12345678");
		assertThat(overflowing(limits(100, 10, Overflow.DROP_LATEST).withWeigher(weigher), shared, "123", "45"))
			.containsExactly(shared, "45");
	}

	@Test
	void sizeIsNeverNegative() {
		assertThat(overflowing(limits(100, 10, Overflow.DROP_LATEST).withWeigher((message) -> -20), 1, "1234567890"))
			.hasSize(2);
		StrictSubscriber subscriber = StrictSubscriber
			.waiting(limits(100, 10, Overflow.DROP_LATEST).withWeigher((message) -> -20));
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, 1, "1234567890", "x");
		subscriber.request(9);
		assertThat(subscriber.messages()).containsExactly(1, "1234567890");
	}

	@Test
	void textNeedsNoWeigher() {
		ToLongFunction<Object> weigher = (message) -> 100;
		assertThat(overflowing(limits(100, 10, Overflow.DROP_LATEST).withWeigher(weigher), "12345", "67890"))
			.containsExactly("12345", "67890");
	}

	private Object[] overflowing(SendBuffer limits, Object... elements) {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits);
		HotSubscription subscription = HotSubscriptions.attach(subscriber, this.ends);
		HotSubscriptions.push(subscription, elements);
		subscriber.request(Long.MAX_VALUE);
		subscriber.assertRulesKept();
		return subscriber.received().toArray();
	}

	private static SendBuffer limits(int messages, long bytes, Overflow overflow) {
		return new SendBuffer(messages, bytes, overflow, null);
	}

}
