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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.socket.CloseStatus;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for outs of collections and streams, and for {@link Out#concat}.
 */
@Timeout(60)
class OutSequenceTests {

	private final AtomicInteger closes = new AtomicInteger();

	@Test
	void collectionIsSentToEachConnection() {
		Out<Integer> out = Out.from(List.of(1, 2, 3));
		verify(out, 1, 2, 3);
		verify(out, 1, 2, 3);
	}

	@Test
	void collectionIsReadWhenItIsSentAndOnDemand() {
		List<Integer> numbers = new ArrayList<>();
		AtomicInteger read = new AtomicInteger();
		Out<Integer> out = Out.from(() -> numbers.stream().peek((number) -> read.incrementAndGet()).iterator());
		numbers.addAll(List.of(1, 2, 3, 4, 5));
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		out.elements().subscribe(subscriber);
		subscriber.request(2);
		assertThat(subscriber.received()).containsExactly(1, 2);
		assertThat(read.get()).isLessThanOrEqualTo(3);
	}

	@Test
	void collectionWithNullFails() {
		StepVerifier.create(Out.from(Arrays.asList(1, null)).elements())
			.expectNext(1)
			.verifyError(NullPointerException.class);
	}

	@Test
	void streamIsSentAndClosedAtItsEnd() {
		verify(Out.from(stream(3)), 0, 1, 2);
		awaitCloses(1);
		verify(Out.from(Stream.<Integer>empty().onClose(this.closes::incrementAndGet)));
		awaitCloses(2);
	}

	@Test
	void secondConnectionIsToldThatAStreamServesOne() {
		Out<Integer> out = Out.from(stream(3));
		verify(out, 0, 1, 2);
		StepVerifier.create(out.elements())
			.verifyErrorMessage("A Stream can be sent to one connection only (expected: a Supplier, which opens one "
					+ "for each connection)");
		awaitCloses(1);
	}

	@Test
	void suppliedStreamIsOpenedForEachConnection() {
		Out<Integer> out = Out.from(() -> stream(3));
		verify(out, 0, 1, 2);
		verify(out, 0, 1, 2);
		awaitCloses(2);
	}

	@Test
	void streamIsReadOnDemandOnAThreadThatMayBlock() {
		AtomicInteger read = new AtomicInteger();
		AtomicReference<String> thread = new AtomicReference<>();
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out.from(() -> stream(1_000_000).peek((number) -> {
			read.incrementAndGet();
			thread.set(Thread.currentThread().getName());
		})).elements().subscribe(subscriber);
		subscriber.request(3);
		subscriber.awaitCount(3);
		assertThat(read).hasValue(3);
		assertThat(thread.get()).startsWith("halley-source");
		subscriber.cancel();
		awaitCloses(1);
	}

	@Test
	void streamThatFailsIsClosed() {
		StepVerifier.create(Out.from(stream(3).map((number) -> 1 / (1 - number))).elements())
			.expectNext(1)
			.verifyError(ArithmeticException.class);
		awaitCloses(1);
	}

	@Test
	void streamWithNullFailsAndIsClosed() {
		StepVerifier.create(Out.from(stream(3).map((number) -> (number < 1) ? number : null)).elements())
			.expectNext(0)
			.verifyErrorMessage("A Stream contains null (expected: messages)");
		awaitCloses(1);
	}

	@Test
	void streamThatWasUsedFailsAndIsClosed() {
		Stream<Integer> used = stream(3);
		assertThat(used.iterator().next()).isZero();
		StepVerifier.create(Out.from(used).elements()).verifyError(IllegalStateException.class);
		awaitCloses(1);
	}

	@Test
	void supplierOfNothingFails() {
		Supplier<Stream<Integer>> nothing = () -> null;
		StepVerifier.create(Out.from(nothing).elements())
			.verifyErrorMessage("The supplier of streams returned null (expected: a Stream)");
	}

	@Test
	void connectionThatEndsWhileTheStreamBlocksClosesItAfterwards() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		AtomicBoolean closedWhileReading = new AtomicBoolean();
		AtomicBoolean inside = new AtomicBoolean();
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Out.from(Stream.generate(() -> {
			inside.set(true);
			reading.countDown();
			awaitInterrupt();
			inside.set(false);
			return 1;
		}).onClose(() -> {
			closedWhileReading.set(inside.get());
			this.closes.incrementAndGet();
		})).elements().subscribe(subscriber);
		assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
		subscriber.cancel();
		awaitCloses(1);
		assertThat(closedWhileReading).isFalse();
	}

	@Test
	void connectionThatEndsAtOnceClosesTheStream() throws Exception {
		try (Threads threads = new Threads()) {
			for (int round = 0; round < 500; round++) {
				this.closes.set(0);
				StrictSubscriber subscriber = StrictSubscriber.waiting();
				Out.from(stream(5)).elements().subscribe(subscriber);
				threads.race(() -> subscriber.request(3), subscriber::cancel);
				awaitCloses(1);
				subscriber.assertRulesKept();
			}
		}
	}

	@Test
	void outsAreSentOneAfterTheOther() {
		verify(Out.concat(Out.of(1, 2), Out.from(List.of(3)), Out.of(4)), 1, 2, 3, 4);
		verify(Out.concat());
		verify(Out.concat(Out.of(1), Out.eof(), Out.of(2)), 1, CloseStatus.NORMAL);
		assertThatIllegalArgumentException().isThrownBy(() -> Out.concat(Out.of(1), null))
			.withMessage("'outs' must not contain null");
	}

	@Test
	void sourcesAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.from((Iterable<Integer>) null))
			.withMessage("'messages' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.from((Stream<Integer>) null))
			.withMessage("'stream' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.from((Supplier<Stream<Integer>>) null))
			.withMessage("'streams' must not be null");
	}

	private Stream<Integer> stream(int size) {
		return IntStream.range(0, size).boxed().onClose(this.closes::incrementAndGet);
	}

	private void awaitCloses(int expected) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.closes.get() == expected);
	}

	private static void awaitInterrupt() {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void verify(Out<?> out, Object... expected) {
		StepVerifier.create(out.elements()).expectNext(expected).verifyComplete();
	}

}
