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

import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.LogLevel;
import dev.halley.Out;
import dev.halley.codec.InvalidMessageException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What of the application's is only printed changes nothing of what happens, and what
 * nobody reads is not printed at all.
 */
class PrintingTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	@RegisterExtension
	final LogLevel level = LogLevel.of(Connection.class);

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private Connection open(InOut<?, ?> pair) {
		ConnectionInfo info = new ConnectionInfo("c1", "websocket", "/rooms/{room}", "Rooms.room",
				URI.create("/rooms/1?token=secret"), "192.0.2.1", new Proxy(), null, Instant.EPOCH);
		Connection connection = new Connection(info, pair, this.runs.codec, this.runs.codec, this.runs.failures,
				this.runs.settings, this.runs.registry, this.runs.registry.reserve("192.0.2.1", null));
		this.transport.attach(connection);
		connection.open(this.transport);
		return connection;
	}

	@ParameterizedTest
	@ValueSource(strings = { "INFO", "DEBUG" })
	void aUserThatCannotBePrintedChangesNothing(String level) {
		this.level.set(Level.valueOf(level));
		open(InOut.of(this.runs.in(), Out.never())).received(Runs.text("?"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.NOT_ACCEPTABLE.withReason("unreadable message"));
		assertThat(this.runs.done).hasSize(1);
	}

	@Test
	void namesAConnectionWithoutItsUserAndItsQuery() {
		assertThat(open(InOut.of(this.runs.in(), Out.never()))).hasToString("Rooms.room [websocket /rooms/{room} c1]");
	}

	@Test
	void printsNothingThatNobodyReads() {
		this.level.set(Level.INFO);
		Unprintable failure = new Unprintable();
		open(failing(failure)).received(Runs.text("a"));
		assertThat(failure.asked).isZero();
		assertThat(this.transport.closes).containsExactly(CloseStatus.POLICY_VIOLATION.withReason("invalid message"));
	}

	@Test
	void tellsTheClassOfAnInvalidMessageWhoseFaultCannotBePrinted() {
		this.level.set(Level.DEBUG);
		open(failing(new Unprintable())).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.POLICY_VIOLATION.withReason("invalid message"));
		assertThat(this.log.messages()).singleElement().asString().contains("Rooms.room", Unprintable.class.getName());
	}

	@Test
	void aHandlersFailureThatCannotBePrintedClosesWith1011() {
		open(failing(new Broken())).received(Runs.text("a"));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.done).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.log.messages()).last()
			.asString()
			.contains("Rooms.room", "message handler failed", Broken.class.getName(), "PrintingTests");
	}

	@Test
	void anOutsFailureThatCannotBePrintedClosesWith1011() {
		open(InOut.of(this.runs.in(), Out.from(Flux.<String>error(new Broken()))));
		assertThat(this.transport.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.runs.done).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void aCancellationThatFailsAndCannotBePrintedLeavesTheRest() {
		Flux<String> source = Flux.<String>never().doOnCancel(() -> {
			throw new Broken();
		});
		open(InOut.of(this.runs.in(), Out.from(source))).close(CloseStatus.NORMAL);
		assertThat(this.transport.closes).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void aShutdownDoesNotWaitForAWhenDoneThatFailedAndCannotBePrinted() throws Exception {
		open(InOut.of(In.ignore().whenDone(() -> {
			throw new Broken();
		}), Out.never()));
		this.runs.registry.stopAccepting();
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	private InOut<String, String> failing(RuntimeException failure) {
		return InOut.of(In.<String>forEach((message) -> {
			throw failure;
		}).whenDone(this.runs.done::add), Out.never());
	}

	/** An entity whose session is closed. */
	private static final class Proxy implements Principal {

		@Override
		public String getName() {
			return "user";
		}

		@Override
		public String toString() {
			throw new IllegalStateException("no session");
		}

	}

	private static final class Unprintable extends InvalidMessageException {

		private int asked;

		Unprintable() {
			super("", List.of());
		}

		@Override
		public String getMessage() {
			this.asked++;
			throw new IllegalStateException("no session");
		}

	}

	private static final class Broken extends RuntimeException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("no session");
		}

	}

}
