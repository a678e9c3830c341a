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

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SharedMessage}.
 */
@Timeout(60)
class SharedMessageTests {

	private final SharedMessage<String> message = new SharedMessage<>("hello");

	@Test
	void sameEncoderEncodesOnce() throws Exception {
		Function<Object, Object> encoder = (message) -> new Object();
		assertThat(this.message.encodedBy(encoder)).isSameAs(this.message.encodedBy(encoder));
	}

	@Test
	void encodingIsOverWhenTheFormIsThere() throws Exception {
		this.message.encodedBy((message) -> "form");
		assertThat(Delivering.enter()).isTrue();
		Delivering.leave();
	}

	@Test
	void encodingWithinADeliveryDoesNotEndIt() throws Exception {
		assertThat(Delivering.enter()).isTrue();
		try {
			this.message.encodedBy((message) -> "form");
			assertThat(Delivering.enter()).isFalse();
		}
		finally {
			Delivering.leave();
		}
	}

	@Test
	void equalEncodersShareOneForm() throws Exception {
		Object form = this.message.encodedBy(new Encoder("a"));
		assertThat(this.message.encodedBy(new Encoder("a"))).isSameAs(form);
	}

	@Test
	void differentEncodersMakeDifferentForms() throws Exception {
		assertThat(this.message.encodedBy(new Encoder("a"))).isEqualTo("a:hello");
		assertThat(this.message.encodedBy(new Encoder("b"))).isEqualTo("b:hello");
		assertThat(this.message.encodedBy(new Encoder("c"))).isEqualTo("c:hello");
		assertThat(this.message.encodedBy(new Encoder("a"))).isEqualTo("a:hello");
	}

	@Test
	void failureOfTheEncoderReachesEachCallerAsItIs() {
		IllegalStateException failure = new IllegalStateException("no");
		AtomicInteger calls = new AtomicInteger();
		Function<Object, Object> encoder = (message) -> {
			calls.incrementAndGet();
			throw failure;
		};
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.message.encodedBy(encoder))
				.isSameAs(failure);
		}
		assertThat(calls).hasValue(1);
	}

	@Test
	void checkedFailureOfTheEncoderIsNotWrapped() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.message.encodedBy((message) -> {
			throw StrictSubscriber.sneaky(new IOException("disk"));
		})).withMessage("disk");
	}

	@Test
	void messageIsEncodedOnceUnderContention() throws Exception {
		try (Threads threads = new Threads()) {
			for (int round = 0; round < 500; round++) {
				SharedMessage<Integer> shared = new SharedMessage<>(round);
				AtomicInteger calls = new AtomicInteger();
				Function<Object, Object> encoder = (message) -> {
					calls.incrementAndGet();
					Thread.yield();
					return new Object();
				};
				Queue<Object> forms = new ConcurrentLinkedQueue<>();
				threads.race(8, (number) -> forms.add(encode(shared, encoder)));
				assertThat(calls).hasValue(1);
				assertThat(forms).hasSize(8).containsOnly(encode(shared, encoder));
			}
		}
	}

	@Test
	void severalEncodersUnderContentionEncodeOnceEach() throws Exception {
		try (Threads threads = new Threads()) {
			for (int round = 0; round < 500; round++) {
				SharedMessage<Integer> shared = new SharedMessage<>(round);
				AtomicInteger calls = new AtomicInteger();
				threads.race(8, (number) -> {
					for (int i = 0; i < 4; i++) {
						encode(shared, new CountingEncoder((i + number) % 4, calls));
					}
				});
				assertThat(calls).hasValue(4);
			}
		}
	}

	@Test
	void interruptedWaiterStillGetsTheFormAndStaysInterrupted() throws Exception {
		CountDownLatch encoding = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Function<Object, Object> encoder = (message) -> {
			encoding.countDown();
			awaitUninterruptibly(goOn);
			return "form";
		};
		try (Threads threads = new Threads()) {
			threads.race(() -> encode(this.message, encoder), () -> {
				encoding.await();
				Thread.currentThread().interrupt();
				goOn.countDown();
				assertThat(encode(this.message, encoder)).isEqualTo("form");
				assertThat(Thread.interrupted()).isTrue();
			});
		}
	}

	@Test
	void encoderThatAsksForItsOwnFormIsToldSo() {
		AtomicReference<Function<Object, Object>> encoder = new AtomicReference<>();
		encoder.set((message) -> encode(this.message, encoder.get()));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.message.encodedBy(encoder.get()))
			.havingRootCause()
			.withMessage("An encoder asked for the form that it makes");
	}

	@Test
	void textShowsTheMessage() {
		assertThat(this.message).hasToString("SharedMessage[hello]");
		assertThat(this.message.message()).isEqualTo("hello");
	}

	@Test
	void namesTheClassOfAMessageThatCannotBePrinted() {
		assertThat(new SharedMessage<>(new Unprintable())).asString().contains(Unprintable.class.getName());
	}

	/** Its equality runs code of the application, in which the same form may be made. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void formThatIsMadeWhileItIsLookedForIsTheOne(int when) throws Exception {
		AtomicInteger compared = new AtomicInteger();
		AtomicReference<Object> made = new AtomicReference<>();
		Function<Object, Object> first = new Function<>() {

			@Override
			public Object apply(Object message) {
				return "first";
			}

			@Override
			public boolean equals(Object other) {
				if (compared.incrementAndGet() == when) {
					made.set(form(new Encoder("a")));
				}
				return this == other;
			}

			@Override
			public int hashCode() {
				return 1;
			}

		};
		this.message.encodedBy(first);
		Object form = form(new Encoder("a"));
		assertThat(form).isSameAs(made.get());
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object encode(SharedMessage<?> message, Function<Object, Object> encoder) {
		try {
			return message.encodedBy(encoder);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Object form(Function<Object, Object> encoder) {
		try {
			return this.message.encodedBy(encoder);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Encoder(String prefix) implements Function<Object, Object> {

		@Override
		public Object apply(Object message) {
			return this.prefix + ":" + message;
		}

	}

	private record CountingEncoder(int number, AtomicInteger calls) implements Function<Object, Object> {

		@Override
		public Object apply(Object message) {
			return this.calls.incrementAndGet();
		}

	}

	private static final class Unprintable {

		@Override
		public String toString() {
			throw new IllegalStateException("no session");
		}

	}

}
