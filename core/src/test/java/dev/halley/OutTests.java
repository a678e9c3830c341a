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
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the factories of {@link Out}.
 */
@Timeout(60)
class OutTests {

	@Test
	void ofSendsItsMessagesAndEndsWithoutAClose() {
		StepVerifier.create(Out.of("a", "b").elements()).expectNext("a", "b").verifyComplete();
	}

	@Test
	void ofNothingEndsAtOnce() {
		StepVerifier.create(Out.of().elements()).verifyComplete();
	}

	@Test
	void ofKeepsWhatItWasGiven() {
		String[] messages = { "a", "b" };
		Out<String> out = Out.of(messages);
		messages[0] = "changed";
		StepVerifier.create(out.elements()).expectNext("a", "b").verifyComplete();
	}

	@Test
	void ofRefusesNull() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of("a", null))
			.withMessage("'messages' must not contain null");
	}

	@Test
	void ofWaitsForDemand() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out.of(1, 2, 3).elements().subscribe(subscriber);
		subscriber.request(2);
		assertThat(subscriber.received()).containsExactly(1, 2);
		subscriber.assertRulesKept();
	}

	@Test
	void fromPublisherSubscribesOncePerConnectionAndNotBefore() {
		AtomicInteger subscriptions = new AtomicInteger();
		Out<Integer> out = Out.from(Flux.just(1).doOnSubscribe((subscription) -> subscriptions.incrementAndGet()));
		assertThat(subscriptions).hasValue(0);
		out.elements().blockLast();
		out.elements().blockLast();
		assertThat(subscriptions).hasValue(2);
	}

	@Test
	void fromPublisherFailsAfterItsMessages() {
		StepVerifier
			.create(Out.from(Flux.just(1, 2).concatWith(Flux.error(new IllegalStateException("source")))).elements())
			.expectNext(1, 2)
			.verifyErrorMessage("source");
	}

	@Test
	void fromPublisherIsCancelledAtOnce() {
		AtomicBoolean cancelled = new AtomicBoolean();
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Out.from(Flux.never().doOnCancel(() -> cancelled.set(true))).elements().subscribe(subscriber);
		subscriber.cancel();
		assertThat(cancelled).isTrue();
	}

	@Test
	void fromPublisherAsksForNoMoreThanTheConnection() {
		Queue<Long> requests = new ConcurrentLinkedQueue<>();
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out.from(Flux.range(0, 100).doOnRequest(requests::add)).elements().subscribe(subscriber);
		subscriber.request(3);
		subscriber.request(2);
		assertThat(requests).containsExactly(3L, 2L);
		assertThat(subscriber.received()).containsExactly(0, 1, 2, 3, 4);
	}

	@Test
	void everySendsAtOnceAndInEachPeriod() {
		AtomicInteger calls = new AtomicInteger();
		StepVerifier.withVirtualTime(() -> Out.every(Duration.ofSeconds(10), calls::incrementAndGet).elements())
			.expectSubscription()
			.expectNext(1)
			.expectNoEvent(Duration.ofSeconds(10).minusMillis(1))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(2)
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(3, 4, 5, 6, 7, 8)
			.thenCancel()
			.verify();
	}

	@Test
	void everyLeavesTicksOutWhileTheConnectionTakesNoMore() {
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		try {
			AtomicInteger calls = new AtomicInteger();
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			Out.every(Duration.ofSeconds(1), calls::incrementAndGet).elements().subscribe(subscriber);
			time.advanceTimeBy(Duration.ofSeconds(10));
			assertThat(calls).hasValue(0);
			subscriber.request(1);
			assertThat(subscriber.received()).isEmpty();
			time.advanceTimeBy(Duration.ofSeconds(10));
			assertThat(subscriber.received()).containsExactly(1);
			assertThat(calls).hasValue(1);
			subscriber.assertRulesKept();
		}
		finally {
			VirtualTimeScheduler.reset();
		}
	}

	@Test
	void everyStopsAtOnceWhenTheConnectionEnds() {
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		try {
			AtomicInteger calls = new AtomicInteger();
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			Out.every(Duration.ofSeconds(1), calls::incrementAndGet).elements().subscribe(subscriber);
			time.advanceTime();
			subscriber.cancel();
			time.advanceTimeBy(Duration.ofHours(1));
			assertThat(calls).hasValue(1);
		}
		finally {
			VirtualTimeScheduler.reset();
		}
	}

	@Test
	void everyFailsWithItsSupplier() {
		StepVerifier.withVirtualTime(() -> Out.every(Duration.ofSeconds(1), () -> {
			throw new IllegalStateException("supplier");
		}).elements()).thenAwait(Duration.ofSeconds(1)).verifyErrorMessage("supplier");
	}

	@Test
	void everyRefusesAPeriodThatIsNotPositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.every(Duration.ZERO, () -> 1))
			.withMessage("period: PT0S (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.every(Duration.ofSeconds(-1), () -> 1))
			.withMessage("period: PT-1S (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.every(null, () -> 1))
			.withMessage("'period' must not be null");
	}

	@Test
	void generateSendsUntilNothingIsReturned() {
		Queue<Integer> numbers = new ArrayDeque<>(List.of(1, 2, 3));
		StepVerifier.create(Out.generate(() -> Optional.ofNullable(numbers.poll())).elements())
			.expectNext(1, 2, 3)
			.verifyComplete();
	}

	@Test
	void generateCallsOnlyOnDemandAndOnAThreadThatMayBlock() {
		AtomicInteger calls = new AtomicInteger();
		Queue<String> threads = new ConcurrentLinkedQueue<>();
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out.generate(() -> {
			threads.add(Thread.currentThread().getName());
			return Optional.of(calls.incrementAndGet());
		}).elements().subscribe(subscriber);
		subscriber.request(2);
		Awaitility.await().until(() -> subscriber.count() == 2);
		subscriber.request(1);
		Awaitility.await().until(() -> subscriber.count() == 3);
		assertThat(calls).hasValue(3);
		assertThat(threads).allMatch((name) -> name.startsWith("halley-source"));
		subscriber.cancel();
		subscriber.assertRulesKept();
	}

	@Test
	void generateIsCalledThoughThoseOfManyOthersBlock() throws Exception {
		int blocked = 2 * Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE;
		CountDownLatch blocking = new CountDownLatch(blocked);
		List<Disposable> others = IntStream.range(0, blocked)
			.mapToObj((i) -> Out.generate(() -> block(blocking)).elements().subscribe((message) -> {
			}, (ex) -> {
			}))
			.toList();
		try {
			assertThat(blocking.await(30, TimeUnit.SECONDS)).isTrue();
			StepVerifier.create(Out.generate(() -> Optional.of("a")).elements().take(1))
				.expectNext("a")
				.expectComplete()
				.verify(Duration.ofSeconds(30));
		}
		finally {
			others.forEach(Disposable::dispose);
		}
	}

	private static Optional<String> block(CountDownLatch blocking) {
		blocking.countDown();
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return Optional.empty();
	}

	@Test
	void generateFailsWithItsSupplier() {
		StepVerifier.create(Out.generate(() -> {
			throw new IllegalStateException("supplier");
		}).elements()).verifyErrorMessage("supplier");
	}

	@Test
	void generateInterruptsASupplierThatBlocksWhenTheConnectionEnds() throws Exception {
		CountDownLatch blocking = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Out.generate(() -> {
			try {
				blocking.countDown();
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return Optional.empty();
		}).elements().subscribe(subscriber);
		assertThat(blocking.await(30, TimeUnit.SECONDS)).isTrue();
		subscriber.cancel();
		assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void neverSendsNothingAndDoesNotEnd() {
		StepVerifier.withVirtualTime(() -> Out.never().elements())
			.expectSubscription()
			.expectNoEvent(Duration.ofDays(1))
			.thenCancel()
			.verify();
	}

	@Test
	void eofAsksForANormalClose() {
		StepVerifier.create(Out.eof().elements()).expectNext(CloseStatus.NORMAL).verifyComplete();
	}

	@Test
	void closeAsksForItsStatus() {
		CloseStatus status = new CloseStatus(4001, "enough");
		StepVerifier.create(Out.close(status).elements()).expectNext(status).verifyComplete();
	}

	@Test
	void closeRefusesAStatusThatMayNotBeSent() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.close(CloseStatus.NO_CLOSE_FRAME))
			.withMessageContaining("close status: 1006");
	}

	@Test
	void closeCutsALongReason() {
		StepVerifier.create(Out.close(new CloseStatus(4001, "x".repeat(200))).elements())
			.expectNext(new CloseStatus(4001, "x".repeat(123)))
			.verifyComplete();
	}

	@Test
	void sourcesAndFunctionsAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.from((Publisher<Object>) null))
			.withMessage("'publisher' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.from((Object) null))
			.withMessage("'source' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.every(Duration.ofSeconds(1), null))
			.withMessage("'supplier' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.generate(null))
			.withMessage("'supplier' must not be null");
	}

}
