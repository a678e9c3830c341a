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

import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Out#onError} and {@link Out#onErrorResume}.
 */
class OutErrorTests {

	private final Out<String> failing = Out
		.from(Flux.just("a").concatWith(Flux.error(new IllegalStateException("secret"))));

	@Test
	void lastMessageStandsForTheFailure() {
		verify(this.failing.onError((ex) -> "failed"), "a", "failed");
	}

	@Test
	void functionGetsTheFailure() {
		verify(this.failing.onError(Throwable::getMessage), "a", "secret");
	}

	@Test
	void outThatDoesNotFailIsAsItWas() {
		verify(Out.of("a").andThen(Out.eof()).onError((ex) -> "failed"), "a", CloseStatus.NORMAL);
	}

	@Test
	void whatFollowsIsSentAfterTheLastMessage() {
		verify(this.failing.onError((ex) -> "failed").andThen(Out.of("b")), "a", "failed", "b");
	}

	@Test
	void anotherOutGoesOn() {
		verify(this.failing.onErrorResume((ex) -> Out.of("b").andThen(Out.close(CloseStatus.SERVER_ERROR))), "a", "b",
				CloseStatus.SERVER_ERROR);
	}

	@Test
	void failureOfTheFunctionIsTheFailure() {
		StepVerifier.create(this.failing.onError((ex) -> {
			throw new IllegalArgumentException("function");
		}).elements()).expectNext("a").verifyErrorMessage("function");
		StepVerifier.create(this.failing.onError((ex) -> null).elements())
			.expectNext("a")
			.verifyErrorMessage("'lastMessage' returned null (expected: a message)");
		StepVerifier.create(this.failing.onErrorResume((ex) -> null).elements())
			.expectNext("a")
			.verifyErrorMessage("'next' returned null (expected: an Out)");
	}

	@Test
	void failureOfWhatFollowsIsNotHandled() {
		Out<String> out = this.failing.onError((ex) -> "failed").map((message) -> {
			if (message.equals("failed")) {
				throw new IllegalStateException("mapper");
			}
			return message + "!";
		});
		StepVerifier.create(out.elements()).expectNext("a!").verifyErrorMessage("mapper");
	}

	@Test
	void failureOfAMapperBeforeIsHandledAlsoBehindAHub() {
		Hub<Integer> hub = Hubs.inMemory().hub("numbers", Integer.class);
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		hub.out().map((number) -> 10 / number).onError((ex) -> -1).elements().subscribe(subscriber);
		hub.publish(5);
		hub.publish(0);
		hub.publish(2);
		assertThat(subscriber.received()).containsExactly(2, -1);
		assertThat(subscriber.isCompleted()).isTrue();
		assertThat(hub.subscribers()).isZero();
	}

	@Test
	void peerThatIsTooSlowIsToldNothing() {
		AtomicReference<Channel<String>> channel = new AtomicReference<>();
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(1, 100, Overflow.CLOSE, null));
		Out.<String>unicast(channel::set).onError((ex) -> "failed").elements().subscribe(slow);
		channel.get().push("a");
		channel.get().push("b");
		slow.request(5);
		assertThat(slow.received()).isEmpty();
		assertThat(slow.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void functionsAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.failing.onError(null))
			.withMessage("'lastMessage' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.failing.onErrorResume(null))
			.withMessage("'next' must not be null");
	}

	private static void verify(Out<?> out, Object... expected) {
		StepVerifier.create(out.elements()).expectNext(expected).verifyComplete();
	}

}
