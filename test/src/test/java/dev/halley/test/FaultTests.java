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

package dev.halley.test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Pairs with a fault each, which a test must find and whose transcript must tell why.
 */
@ExtendWith(TesterExtension.class)
class FaultTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	@Test
	void aLostMessage() {
		PairTester<String, String> tester = tester(
				InOut.flow((texts) -> texts.filter((text) -> !text.equals("two")).map((text) -> "got " + text)));
		tester.send("one").send("two").expect("got one");
		assertThat(failureOf(() -> tester.expect("got two"))).contains(
				"expected \"got two\", but nothing came within 300 ms", "+0.000 s --> \"one\"",
				"+0.000 s <-- \"got one\"", "+0.000 s --> \"two\"");
	}

	@Test
	void aWrongOrder() {
		PairTester<String, String> tester = tester(pair(Out.of("a", "c", "b")));
		tester.expect("a");
		assertThat(failureOf(() -> tester.expect("b"))).contains("expected \"b\", but got \"c\"")
			.contains("<-- \"a\"\n", "<-- \"c\"\n", "<-- \"b\"   (not read)");
	}

	@Test
	void oneThatIsNotAmongThose() {
		PairTester<String, String> tester = tester(pair(Out.of("a", "c", "b")));
		assertThat(failureOf(() -> tester.expectInAnyOrder("b", "a", "d")))
			.contains("expected in any order [b, d], but got \"c\"");
	}

	@Test
	void oneThatShouldNotCome() {
		PairTester<String, String> tester = tester(pair(Out.every(Duration.ofSeconds(10), () -> "tick")));
		tester.expect("tick");
		assertThat(failureOf(() -> tester.expectNone(Duration.ofSeconds(10))))
			.contains("expected nothing for 10 s, but got \"tick\"", "time passes: 10 s", "+10.000 s <-- \"tick\"");
	}

	@Test
	void aMissingClose() {
		PairTester<String, String> tester = tester(pair(Out.of("Bye")));
		tester.expect("Bye");
		assertThat(failureOf(() -> tester.expectClose(CloseStatus.NORMAL)))
			.contains("expected the end with 1000, but the connection is open after 300 ms", "the out has completed");
	}

	@Test
	void anotherClose() {
		PairTester<String, String> tester = tester(pair(Out.<String>close(new CloseStatus(4000, "full"))));
		assertThat(failureOf(() -> tester.expectClose(1000)))
			.contains("expected the end with 1000, but it ended with 4000 \"full\"");
		assertThat(failureOf(() -> tester.expect("Hello")))
			.contains("expected \"Hello\", but the connection ended with 4000 \"full\"");
		assertThat(failureOf(() -> tester.send("Hello"))).contains("the connection has ended");
	}

	@Test
	void aMessageBeforeTheClose() {
		PairTester<String, String> tester = tester(pair(Out.of("left over").andThen(Out.eof())));
		assertThat(failureOf(() -> tester.expectClose(1000)))
			.contains("expected the end with 1000, but got \"left over\"");
	}

	@Test
	void aHandlerThatFails() {
		PairTester<String, String> tester = tester(InOut.of(In.forEach((String text) -> {
			throw new IllegalStateException("no room");
		}), Out.never()));
		tester.send("Hello");
		assertThat(failureOf(() -> tester.expect("Welcome"))).contains("but the connection ended with 1011",
				"! the handler of \"Hello\" has failed: java.lang.IllegalStateException: no room (at ");
	}

	@Test
	void anOutThatFails() {
		PairTester<String, String> tester = tester(pair(Out.from(Mono.error(new IllegalStateException("no rows")))));
		assertThat(failureOf(() -> tester.expect("row"))).contains("but the connection ended with 1011",
				"the out has failed: java.lang.IllegalStateException: no rows");
	}

	@Test
	void aHandlerThatNeverEnds() {
		CountDownLatch never = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		PairTester<String, String> tester = impatient(InOut.of(In.forEach((String text) -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		}), Out.never()));
		assertThat(failureOf(() -> tester.send("Hello"))).contains(
				"the handler of \"Hello\" has not come to an end within 300 ms", "CountDownLatch.await",
				FaultTests.class.getName(), "--> \"Hello\"");
		tester.close();
		tester.expectEventually(() -> assertThat(interrupted.getCount()).isZero());
	}

	@Test
	void aWhenOpenThatNeverEnds() {
		CountDownLatch never = new CountDownLatch(1);
		InOut<String, String> pair = InOut.<String, String>of(In.ignore(), Out.never()).whenOpen(() -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		assertThat(failureOf(() -> impatient(pair))).contains("opening has not come to an end within 300 ms",
				"CountDownLatch.await");
	}

	@Test
	void anAsynchronousHandlerThatNeverEnds() {
		PairTester<String, String> tester = tester(
				InOut.of(In.forEachAsync((String text) -> Mono.never()), Out.never()));
		tester.send("Hello").vanish();
		assertThat(failureOf(tester::expectCancelled)).contains("the out is cancelled, but the in is not done",
				"the handler of \"Hello\" has not completed");
	}

	@Test
	void aWhenDoneThatNeverEnds() {
		CountDownLatch never = new CountDownLatch(1);
		PairTester<String, String> tester = impatient(InOut.of(In.<String>ignore().whenDone(() -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}), Out.never()));
		assertThat(failureOf(tester::vanish)).contains("the end has not come to an end within 300 ms",
				"CountDownLatch.await", "(gone without a Close)");
	}

	@Test
	void aSubscriptionThatIsLeaked() {
		Sinks.Many<String> prices = Sinks.many().multicast().directBestEffort();
		PairTester<String, String> tester = tester(pair(Out.unicast((channel) -> listen(prices, channel))));
		prices.tryEmitNext("1").orThrow();
		tester.expect("1").vanish().expectCancelled();
		assertThat(failureOf(() -> tester.expectEventually(() -> assertThat(prices.currentSubscriberCount()).isZero())))
			.contains("expected what does not hold after 300 ms", "expected: 0", "but was: 1", "the out is cancelled",
					"the in is done: 1006");
	}

	/** Nobody takes the listener away. */
	private static void listen(Sinks.Many<String> prices, Channel<String> channel) {
		prices.asFlux().subscribe(channel::push);
	}

	@Test
	void anOutThatIsNotCancelled() {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		PairTester<String, String> tester = tester(pair(hub.out()));
		assertThat(failureOf(tester::expectCancelled))
			.contains("the out is not cancelled: it is running, and the connection is open");
		tester.close();
		tester.expectCancelled();
	}

	@Test
	void aMessageThatDoesNotSatisfy() {
		PairTester<String, Integer> tester = tester(pair(Out.of(41, 42)));
		assertThat(failureOf(() -> tester.expectSatisfying((number) -> assertThat(number).isEven())))
			.contains("expected a message that satisfies the assertion, but got 41", "<-- 41");
		assertThat(failureOf(() -> tester.expectMatch((number) -> number > 50)))
			.contains("expected a message that matches the predicate, but got 42");
	}

	@Test
	void aMessageOfAnotherType() {
		PairTester<String, Object> tester = tester(pair(Out.<Object>of(1L)));
		assertThat(failureOf(() -> tester.expect(1))).contains("expected 1, but got 1",
				"a java.lang.Integer never equals a java.lang.Long", "expectSatisfying");
	}

	@Test
	void numbersAreOfPrimitiveTypesAsWell() {
		PairTester.of(InOut.<Integer, Integer>flow((numbers) -> numbers), int.class, int.class).send(1).expect(1);
	}

	@Test
	@SuppressWarnings({ "unchecked", "rawtypes" })
	void anExpectationOfTheWrongType() {
		PairTester tester = PairTester.of(pair(Out.of("a")), String.class, String.class);
		assertThatIllegalArgumentException().isThrownBy(() -> tester.expect(1))
			.withMessageContaining("expected message: a java.lang.Integer (expected: a java.lang.String")
			.withMessageContaining("expectSatisfying");
		assertThatIllegalArgumentException().isThrownBy(() -> tester.send(1))
			.withMessageContaining("message: a java.lang.Integer (expected: a java.lang.String; ")
			.withMessageContaining("sendText");
		assertThatIllegalArgumentException().isThrownBy(() -> tester.expect(null)).withMessageContaining("expectNone");
	}

	@Test
	void useAfterTheEnd() {
		PairTester<String, String> tester = tester(pair(Out.<String>never()));
		tester.close();
		tester.close();
		assertThatIllegalStateException().isThrownBy(() -> tester.send("Hello"))
			.withMessageContaining("send after close")
			.withMessageContaining("open another one");
		assertThatIllegalStateException().isThrownBy(tester::vanish).withMessageContaining("vanish after close");
		tester.expectClose(1000);
	}

	@Test
	void expectationsOfWhoReadsNothing() {
		PairTester<String, String> tester = tester(pair(Out.<String>never()));
		tester.stall();
		assertThatIllegalStateException().isThrownBy(tester::next)
			.withMessageContaining("write request(1) or resume()");
	}

	@Test
	void aStreamThatIsSentTo() {
		assertThatIllegalStateException().isThrownBy(() -> PairTester.ofStream(Out.of("a")).sendText("Hello"))
			.withMessageContaining("A stream takes no messages");
	}

	@Test
	void aTesterThatItsOwnPairUses() {
		PairTester<?, ?>[] tester = new PairTester<?, ?>[1];
		tester[0] = tester(InOut.of(In.forEach((String text) -> tester[0].advance(SHORT)), Out.<String>never()));
		tester[0].sendText("Hello");
		assertThat(tester[0].transcript()).contains("A tester is used by the pair that it runs");
	}

	@Test
	void aStreamThatServesOneConnectionRunTwice() {
		InOut<String, String> pair = pair(Out.from(Stream.of("a")));
		PairTester.of(pair).expect("a");
		assertThat(failureOf(() -> PairTester.of(pair).expect("a"))).contains("but the connection ended with 1011",
				"the out has failed");
	}

	private static <I, O> PairTester<I, O> tester(InOut<I, O> pair) {
		return PairTester.builder(pair).timeout(SHORT).open();
	}

	private static <I, O> PairTester<I, O> impatient(InOut<I, O> pair) {
		return PairTester.builder(pair).patience(SHORT).open();
	}

	private static <O> InOut<String, O> pair(Out<O> out) {
		return InOut.of(In.ignore(), out);
	}

	private static String failureOf(ThrowingCallable test) {
		String[] message = new String[1];
		assertThatExceptionOfType(AssertionError.class).isThrownBy(test)
			.satisfies((ex) -> message[0] = ex.getMessage())
			.withMessageContaining("Transcript of a pair");
		return message[0];
	}

}
