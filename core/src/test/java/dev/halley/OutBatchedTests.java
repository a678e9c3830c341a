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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Out#batched}.
 */
@Timeout(60)
class OutBatchedTests {

	private static final Duration WITHIN = Duration.ofMillis(50);

	private static final Duration LONG = Duration.ofHours(1);

	private static final CloseStatus STATUS = new CloseStatus(4001, "enough");

	@Test
	void listGoesOutWhenItIsFull() {
		StepVerifier.create(Out.of(1, 2, 3, 4, 5).batched(2, LONG).elements())
			.expectNext(List.of(1, 2), List.of(3, 4), List.of(5))
			.verifyComplete();
	}

	@Test
	void listGoesOutWhenItsFirstMessageHasWaitedLongEnough() {
		inVirtualTime(() -> Out.from(Flux.interval(Duration.ofMillis(20)).take(6)).batched(100, WITHIN))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(69))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(List.of(0L, 1L, 2L))
			.thenAwait(Duration.ofMillis(60))
			.expectNext(List.of(3L, 4L, 5L))
			.verifyComplete();
	}

	@Test
	void nothingIsSentWhereNothingComes() {
		inVirtualTime(() -> Out.never().batched(10, WITHIN)).expectSubscription()
			.expectNoEvent(LONG)
			.thenCancel()
			.verify();
		StepVerifier.create(Out.of().batched(10, WITHIN).elements()).verifyComplete();
	}

	@Test
	void messagesAreJoined() {
		StepVerifier.create(Out.of("a", "b", "c", "d", "e").batched(3, LONG, String::concat).elements())
			.expectNext("abc", "de")
			.verifyComplete();
	}

	@Test
	void endOfTheConnectionComesAfterTheList() {
		StepVerifier.create(Out.of(1, 2, 3).andThen(Out.close(STATUS)).batched(2, LONG).elements())
			.expectNext(List.of(1, 2), List.of(3), STATUS)
			.verifyComplete();
		StepVerifier.create(Out.eof().batched(2, LONG).elements()).expectNext(CloseStatus.NORMAL).verifyComplete();
		StepVerifier.create(Out.of("a").andThen(Out.eof()).batched(2, LONG, String::concat).elements())
			.expectNext("a", CloseStatus.NORMAL)
			.verifyComplete();
	}

	@Test
	void failureComesAfterTheList() {
		Out<Integer> failing = Out.from(Flux.just(1, 2, 3).concatWith(Flux.error(new IllegalStateException("no"))));
		StepVerifier.create(failing.batched(2, LONG).elements())
			.expectNext(List.of(1, 2), List.of(3))
			.verifyErrorMessage("no");
		StepVerifier.create(failing.batched(3, LONG).elements()).expectNext(List.of(1, 2, 3)).verifyErrorMessage("no");
		StepVerifier.create(failing.batched(4, LONG).elements()).expectNext(List.of(1, 2, 3)).verifyErrorMessage("no");
	}

	@Test
	void cancelReachesTheSourceAndSendsNothing() {
		AtomicBoolean cancelled = new AtomicBoolean();
		TestPublisher<Integer> source = TestPublisher.create();
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Out.from(source.flux().doOnCancel(() -> cancelled.set(true)))
			.batched(10, LONG)
			.elements()
			.subscribe(subscriber);
		source.next(1);
		subscriber.cancel();
		assertThat(cancelled).isTrue();
		assertThat(subscriber.received()).isEmpty();
	}

	@Test
	void sourceThatHonoursDemandIsNotAskedForMuchMoreThanThePeerTakes() {
		AtomicLong asked = new AtomicLong();
		StrictSubscriber slow = StrictSubscriber.waiting();
		Out.from(Flux.range(0, 1_000_000).doOnRequest(asked::addAndGet).hide())
			.batched(10, Duration.ofMillis(1))
			.elements()
			.subscribe(slow);
		slow.request(2);
		slow.awaitCount(2);
		assertThat(asked.get()).isLessThan(200);
		assertThat(slow.received()).hasSize(2);
		slow.request(3);
		slow.awaitCount(5);
		assertThat(slow.received().stream().flatMap((batch) -> ((List<?>) batch).stream()).map(Integer.class::cast))
			.isSorted()
			.doesNotHaveDuplicates()
			.startsWith(0);
		assertThat(asked.get()).isLessThan(300);
		slow.cancel();
		slow.assertRulesKept();
	}

	@Test
	void nothingIsLostWhereThePeerIsSlowerThanTheTimer() {
		StrictSubscriber slow = StrictSubscriber.waiting();
		Out.from(Flux.interval(Duration.ofMillis(1)).onBackpressureBuffer().take(200))
			.batched(3, Duration.ofMillis(2))
			.elements()
			.subscribe(slow);
		while (!slow.isTerminated()) {
			slow.request(1);
			Thread.onSpinWait();
		}
		assertThat(slow.error()).isNull();
		assertThat(slow.received().stream().flatMap((batch) -> ((List<?>) batch).stream()).map(Long.class::cast))
			.hasSize(200)
			.isSorted();
		slow.assertRulesKept();
	}

	@Test
	void sourceThatDoesNotWaitMeetsTheOverflow() {
		AtomicReference<Channel<String>> channel = new AtomicReference<>();
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(5, 1000, Overflow.CLOSE, null));
		Out.<String>unicast(channel::set).batched(2, LONG, String::concat).elements().subscribe(slow);
		for (int i = 0; i < 50 && channel.get().isOpen(); i++) {
			channel.get().push("m" + i);
		}
		assertThat(channel.get().isOpen()).isFalse();
		slow.request(50);
		assertThat(slow.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void sharedMessagesAreUnwrapped() {
		Hub<String> hub = Hubs.inMemory().hub("tokens", String.class);
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		hub.out().batched(2, LONG).elements().subscribe(subscriber);
		hub.publish("a");
		hub.publish("b");
		hub.publish("c");
		assertThat(subscriber.received()).containsExactly(List.of("a", "b"));
		hub.close();
		assertThat(subscriber.received()).containsExactly(List.of("a", "b"), List.of("c"));
		assertThat(subscriber.isCompleted()).isTrue();
	}

	@Test
	void argumentsAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).batched(0, WITHIN))
			.withMessage("most: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).batched(1, Duration.ZERO))
			.withMessage("within: PT0S (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).batched(1, null))
			.withMessage("'within' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).batched(1, WITHIN, null))
			.withMessage("'joiner' must not be null");
	}

	private static StepVerifier.FirstStep<Object> inVirtualTime(Supplier<Out<?>> out) {
		return StepVerifier.withVirtualTime(() -> out.get().elements());
	}

}
