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

package dev.halley.connection;

import java.util.ArrayDeque;
import java.util.Queue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens when an out fails, and whose wish an end is.
 */
class OutFailureTests {

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private Connection fail() {
		return this.runs.open(Out.of("one").andThen(Out.from(Flux.error(new IllegalStateException("secret")))),
				this.transport);
	}

	@Test
	void withoutAHandlerTheConnectionClosesWith1011() {
		Connection connection = fail();
		assertThat(this.transport.wire).containsExactly("one", "<Close 1011>");
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(connection.isEndAsked()).isFalse();
	}

	@Test
	void theAnswerOfAHandlerIsTheLastMessage() {
		this.runs.failures = (failure, message) -> {
			assertThat(message).isNull();
			return Payload.text("failed: " + failure.getClass().getSimpleName());
		};
		fail();
		assertThat(this.transport.wire).containsExactly("one", "failed: IllegalStateException", "<Close 1011>");
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void theLastMessageIsSentThoughTheSendBufferIsFull() {
		this.runs.with(Overflow.CLOSE, 4, 3).failures = (failure, message) -> Payload.text("last");
		this.transport.stalled();
		this.runs.open(Out.of("abc", "def").andThen(Out.from(Flux.error(new IllegalStateException()))), this.transport);
		while (this.transport.closes.isEmpty()) {
			this.transport.finishWrite();
		}
		assertThat(this.transport.wire).endsWith("last", "<Close 1011>");
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void aMessageWithoutAnEncodedFormIsAFailureToo() {
		this.runs.failures = (failure, message) -> Payload.text(String.valueOf(failure.getMessage()));
		this.runs.open(Out.of("one", "!", "two"), this.transport);
		assertThat(this.transport.wire).containsExactly("one", "no encoded form", "<Close 1011>");
	}

	@Test
	void aHandlerChoosesHowToClose() {
		this.runs.failures = (failure, message) -> new CloseStatus(4000);
		assertThat(fail().isEndAsked()).isTrue();
		assertThat(this.transport.closes).containsExactly(new CloseStatus(4000));
	}

	@Test
	void aHandlerThatHasNoAnswerChangesNothing() {
		this.runs.failures = (failure, message) -> null;
		fail();
		assertThat(this.transport.wire).containsExactly("one", "<Close 1011>");
	}

	@Test
	void aHandlerThatFailsChangesNothing() {
		this.runs.failures = (failure, message) -> {
			throw new IllegalStateException("handler");
		};
		fail();
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	/** A handler may block, and who publishes is not to wait for it. */
	@Test
	void aHandlerDoesNotRunOnTheThreadThatPublishes() {
		Queue<Runnable> callbacks = new ArrayDeque<>();
		Runs runs = new Runs(Runnable::run, callbacks::add);
		runs.failures = (failure, message) -> Payload.text("failed");
		Hub<String> hub = Hubs.inMemory().hub("failing", String.class);
		runs.open(hub.out(), this.transport);
		runAll(callbacks);
		hub.publish("!");
		assertThat(this.transport.closes).isEmpty();
		runAll(callbacks);
		assertThat(this.transport.wire).containsExactly("failed", "<Close 1011>");
	}

	private static void runAll(Queue<Runnable> callbacks) {
		for (Runnable next = callbacks.poll(); next != null; next = callbacks.poll()) {
			next.run();
		}
	}

	@ParameterizedTest
	@CsvSource({ "1000, true", "1011, true", "4000, true", "1001, false", "1012, false", "1013, false" })
	void anEndIsAskedForUnlessItInvitesToComeAgain(int code, boolean asked) {
		Connection connection = this.runs.open(Out.of("one").andThen(Out.close(new CloseStatus(code))), this.transport);
		assertThat(connection.isEndAsked()).isEqualTo(asked);
		assertThat(this.transport.closes).containsExactly(new CloseStatus(code));
	}

	@Test
	void anOutThatIsOverAsksForNothing() {
		Connection connection = this.runs.open(Out.of("one"), this.transport.stream());
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
		assertThat(connection.isEndAsked()).isFalse();
	}

	@Test
	void whoClosesFirstDecides() {
		Connection connection = this.runs.open(Out.never(), this.transport.stalled());
		connection.close(CloseStatus.GOING_AWAY);
		connection.end(CloseStatus.NORMAL);
		assertThat(connection.isEndAsked()).isFalse();
	}

}
