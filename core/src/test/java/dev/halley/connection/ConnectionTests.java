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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.InvalidMessageException;
import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Connection}: what happens at each event of a pair's life.
 */
class ConnectionTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void handlesMessagesAndTellsOnceHowItEnded() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.ended(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.received).containsExactly("a", "b");
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void writesAllThatIsQueuedBeforeTheCloseAtEof() {
		this.runs.open(Out.of("a", "b").andThen(Out.eof()), this.transport);
		assertThat(this.transport.wire).containsExactly("a", "b", "<Close 1000>");
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void writesAllThatIsQueuedBeforeTheCloseThoughTheWireIsSlow() {
		this.transport.stalled();
		this.runs.open(Out.of("a", "b").andThen(Out.eof()), this.transport);
		assertThat(this.transport.wire).doesNotContain("<Close 1000>");
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("a", "b", "<Close 1000>");
	}

	@Test
	void staysOpenWhenTheOutEndsWithoutEof() {
		Connection connection = this.runs.open(Out.of("a"), this.transport);
		this.runs.pass(Duration.ofSeconds(10));
		connection.received(Runs.text("b"));
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.runs.received).containsExactly("b");
		assertThat(this.transport.closes).isEmpty();
	}

	@Test
	void endsAStreamWhenTheOutEnds() {
		this.runs.open(Out.of("a"), this.transport.stream());
		assertThat(this.transport.wire).containsExactly("a", "<Close 1000>");
	}

	@Test
	void closesOnceWhenTheInFinishesEarly() {
		In<String> one = In.<String>through((messages) -> messages.take(1).doOnNext(this.runs.received::add));
		Connection connection = this.runs.open(InOut.of(one.whenDone(this.runs.done::add), Out.never()),
				this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("a");
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void cancelsASilentOutAtOnceWhenTheClientVanishes() {
		AtomicInteger cancels = new AtomicInteger();
		Connection connection = this.runs.open(Out.from(Flux.<String>never().doOnCancel(cancels::incrementAndGet)),
				this.transport);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(cancels).hasValue(1);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.registry.size()).isZero();
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void closesWith1003WhenAMessageIsOfTheWrongKind() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.received(Payload.binary(new byte[] { 1 }));
		assertThat(this.transport.closes).containsExactly(CloseStatus.NOT_ACCEPTABLE.withReason("unreadable message"));
		assertThat(this.runs.received).isEmpty();
	}

	@Test
	void closesWith1003WhenAMessageCannotBeDecoded() {
		this.runs.open(Out.never(), this.transport).received(Runs.text("?"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.NOT_ACCEPTABLE.withReason("unreadable message"));
	}

	@Test
	void closesWith1008WhenAMessageIsInvalid() {
		this.runs.open(InOut.of(In.<String>forEach((message) -> {
			throw new InvalidMessageException(message, List.of("text: must not be blank"));
		}), Out.never()), this.transport).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.POLICY_VIOLATION.withReason("invalid message"));
	}

	@Test
	void closesWith1011AndWithoutAReasonWhenAHandlerThrows() {
		this.runs.open(InOut.of(In.<String>forEach((message) -> {
			throw new IllegalStateException("secret");
		}), Out.never()), this.transport).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.transport.closes.get(0).getReason()).isNull();
		assertThat(this.log.messages()).singleElement()
			.asString()
			.contains("Rooms.room", "/rooms/{room}", "message handler failed");
	}

	@Test
	void closesWith1011WhenAHandlerThrowsAnError() {
		this.runs.open(InOut.of(In.<String>forEach((message) -> {
			throw new AssertionError("broken");
		}), Out.never()), this.transport).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void sendsTheAnswerOfAnExceptionHandlerAndGoesOn() {
		this.runs.failures = (failure, message) -> Payload.text(failure.getMessage() + message);
		Connection connection = this.runs.open(InOut.of(In.<String>forEach((message) -> {
			if (message.equals("a")) {
				throw new IllegalStateException("bad ");
			}
			this.runs.received.add(message);
		}), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.transport.wire).containsExactly("bad a");
		assertThat(this.runs.received).containsExactly("b");
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void goesOnWhenAnExceptionHandlerAnswersNothing() {
		this.runs.failures = (failure, message) -> null;
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.received(Runs.text("?"));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).containsExactly("b");
		assertThat(this.transport.wire).isEmpty();
	}

	@Test
	void closesWithTheStatusOfAnExceptionHandler() {
		this.runs.failures = (failure, message) -> new CloseStatus(4001, "bye");
		this.runs.open(Out.never(), this.transport).received(Runs.text("?"));
		assertThat(this.transport.closes).containsExactly(new CloseStatus(4001, "bye"));
	}

	@Test
	void closesWith1011WhenAnExceptionHandlerThrowsAnother() {
		this.runs.failures = (failure, message) -> {
			throw new IllegalStateException("handler is broken");
		};
		this.runs.open(Out.never(), this.transport).received(Runs.text("?"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void closesWith1011WhenAnExceptionHandlerReturnsAStatusThatMayNotBeSent() {
		this.runs.failures = (failure, message) -> CloseStatus.NO_CLOSE_FRAME;
		this.runs.open(Out.never(), this.transport).received(Runs.text("?"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void writesWhatCameBeforeAFailureOfTheOutAndThenCloses() {
		this.transport.stalled();
		this.runs.open(Out.from(Flux.just("a", "b").concatWith(Mono.error(new IllegalStateException("boom")))),
				this.transport);
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("a", "b", "<Close 1011>");
		assertThat(this.log.messages()).singleElement().asString().contains("out failed");
	}

	@Test
	void closesWith1011WhenAMessageHasNoEncodedForm() {
		this.runs.open(Out.of("a", "!", "b"), this.transport);
		assertThat(this.transport.wire).containsExactly("a", "<Close 1011>");
	}

	@Test
	void closesWithTheStatusThatTheOutEmits() {
		this.runs.open(Out.of("a").andThen(Out.close(new CloseStatus(4001, "kicked"))), this.transport);
		assertThat(this.transport.wire).containsExactly("a", "<Close 4001>");
		assertThat(this.transport.closes.get(0).getReason()).isEqualTo("kicked");
	}

	@Test
	void cutsALongReasonAtACharacter() {
		this.runs.open(Out.never(), this.transport).close(new CloseStatus(4001, "x" + "é".repeat(100)));
		assertThat(this.transport.closes.get(0).getReason()).isEqualTo("x" + "é".repeat(61));
	}

	@Test
	void refusesToCloseWithAStatusThatMayNotBeSent() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		assertThatIllegalArgumentException().isThrownBy(() -> connection.close(CloseStatus.NO_CLOSE_FRAME));
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void closesWith1011WhenASourceEmitsAStatusThatMayNotBeSent() {
		this.runs.open(InOut.of(this.runs.in(), Out.from(Flux.<Object>just(CloseStatus.NO_STATUS_CODE))),
				this.transport);
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void keepsTheOrderWhenAHandlerAnswersThroughAHubWhileAWriteIsInProgress() {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		this.transport.stalled();
		Connection connection = this.runs
			.open(InOut.of(In.<String>forEach(hub::publish), Out.of("hello").interleave(hub.out())), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.transport.wire).containsExactly("hello");
		this.transport.finishAllWrites();
		assertThat(this.transport.wire).containsExactly("hello", "a", "b");
		assertThat(this.transport.overlaps).hasValue(0);
	}

	@Test
	void attachesTheOutBeforeTheIn() {
		List<String> order = new ArrayList<>();
		Out<String> out = Out.from(Flux.<String>never().doOnSubscribe((subscription) -> order.add("out")));
		In<String> in = In.through((messages) -> messages.doOnSubscribe((subscription) -> order.add("in")));
		this.runs.open(InOut.of(in, out), this.transport);
		assertThat(order).containsExactly("out", "in");
	}

	@Test
	void closesWith1000WhenAFlowCompletes() {
		Connection connection = this.runs
			.open(InOut.<String, String>flow((messages) -> messages.take(2).map(String::toUpperCase)), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(this.transport.wire).containsExactly("A", "B", "<Close 1000>");
	}

	@Test
	void closesWith1011WhenAFlowFails() {
		this.runs.open(InOut.<String, String>flow((messages) -> messages.map((message) -> {
			throw new IllegalStateException("boom");
		})), this.transport).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void closesWith1011WhenThePipelineOfAnInFails() {
		this.runs.open(InOut.of(In.<String>through((messages) -> messages.map((message) -> {
			throw new IllegalStateException("boom");
		})), Out.never()), this.transport).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void cancelsAFlowWhenTheConnectionEnds() {
		AtomicInteger cancels = new AtomicInteger();
		Connection connection = this.runs.open(
				InOut.<String, String>flow((messages) -> messages.doOnCancel(cancels::incrementAndGet)),
				this.transport);
		connection.ended(CloseStatus.NORMAL);
		assertThat(cancels).hasValue(1);
	}

}
