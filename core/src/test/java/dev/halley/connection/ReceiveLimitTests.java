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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ReceiveLimit}, on connections whose peers send faster.
 */
class ReceiveLimitTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@BeforeEach
	void fourMessagesOrAHundredBytes() {
		limit(4, 100, Duration.ofSeconds(3));
	}

	private void limit(int messages, int bytes, Duration patience) {
		this.runs.settings = Runs.SETTINGS.withReceiveLimit(new ReceiveLimit(messages, bytes, patience));
	}

	private Connection open() {
		return this.runs.open(InOut.of(this.runs.in(), Out.never()), this.transport);
	}

	private static void send(Connection connection, int count, String text) {
		for (int i = 0; i < count; i++) {
			connection.received(Runs.text(text));
		}
	}

	private void pass(long millis) {
		this.runs.pass(Duration.ofMillis(millis));
	}

	@Test
	void messagesBeyondTheLimitWaitForTheirTimeAndFewAreReadAhead() {
		Connection connection = open();
		send(connection, 8, "a");
		assertThat(this.runs.received).hasSize(5);
		assertThat(this.transport.suspends).hasValue(0);
		pass(250);
		assertThat(this.runs.received).hasSize(6);
		pass(500);
		assertThat(this.runs.received).hasSize(8);
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void readingStopsWhenTooMuchWaits() {
		Connection connection = open();
		send(connection, 6, "a");
		connection.received(Runs.text("b".repeat(16 * 1024)));
		assertThat(this.transport.suspends).hasValue(1);
		assertThat(this.transport.resumes).hasValue(0);
		pass(250);
		assertThat(this.runs.received).hasSize(6);
		pass(250);
		assertThat(this.runs.received).hasSize(7);
		assertThat(this.transport.resumes).hasValue(1);
	}

	@Test
	void bytesBeyondTheLimitWaitForTheirTime() {
		Connection connection = open();
		connection.received(Runs.text("a".repeat(200)));
		connection.received(Runs.text("b"));
		assertThat(this.runs.received).hasSize(1);
		pass(750);
		assertThat(this.runs.received).hasSize(1);
		pass(250);
		assertThat(this.runs.received).hasSize(2);
	}

	@Test
	void whoGoesOnForTooLongIsClosedWithoutBeingHeard() {
		Connection connection = open();
		for (int i = 0; i < 14; i++) {
			send(connection, 2, "a");
			pass(250);
		}
		assertThat(this.transport.closes).isEmpty();
		pass(250);
		assertThat(this.transport.closes).containsExactly(new CloseStatus(1008, "too many messages"));
		assertThat(this.runs.received).hasSize(19);
		assertThat(this.runs.done).hasSize(1);
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void whoRestsMeanwhileMayGoOnForEver() {
		Connection connection = open();
		for (int i = 0; i < 40; i++) {
			send(connection, 5, "a");
			pass(1750);
		}
		assertThat(this.runs.received).hasSize(200);
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void whoKeepsToTheLimitNeverWaits() {
		Connection connection = open();
		for (int i = 0; i < 100; i++) {
			send(connection, 1, "a");
			assertThat(this.runs.received).hasSize(i + 1);
			pass(250);
		}
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void whoIsGoneIsNotWaitedFor() {
		Connection connection = open();
		send(connection, 8, "a");
		assertThat(this.runs.received).hasSize(5);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.received).hasSize(8);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void whoIsClosedIsNotHeardAnyMore() {
		Connection connection = open();
		send(connection, 8, "a");
		connection.close(CloseStatus.GOING_AWAY);
		assertThat(this.runs.received).hasSize(5);
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
	}

	@Test
	void whoIsHeldUpIsNeitherIdleNorDead() {
		limit(0, 1, Duration.ofHours(1));
		Connection connection = open();
		connection.received(Runs.text("a".repeat(600)));
		connection.received(Runs.text("b".repeat(16 * 1024)));
		this.runs.pass(Duration.ofSeconds(598));
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.runs.received).hasSize(1);
		this.runs.pass(Duration.ofSeconds(2));
		assertThat(this.runs.received).hasSize(2);
	}

	@Test
	void messagesWaitForAHandlerAndForTheirTime() {
		List<Sinks.Empty<Void>> handlers = new ArrayList<>();
		Connection connection = this.runs.open(InOut.of(In.<String>forEachAsync((message) -> {
			handlers.add(Sinks.empty());
			return handlers.get(handlers.size() - 1).asMono();
		}), Out.never()), this.transport);
		send(connection, 6, "a");
		for (int i = 0; i < 5; i++) {
			assertThat(handlers).hasSize(i + 1);
			handlers.get(i).tryEmitEmpty();
		}
		assertThat(handlers).hasSize(5);
		pass(250);
		assertThat(handlers).hasSize(6);
	}

	@Test
	void pipelinesAreHeldUpToo() {
		List<String> piped = new ArrayList<>();
		Connection connection = this.runs.open(
				InOut.of(In.<String>through((messages) -> messages.doOnNext(piped::add)), Out.never()), this.transport);
		send(connection, 6, "a");
		assertThat(piped).hasSize(5);
		pass(250);
		assertThat(piped).hasSize(6);
		send(connection, 2, "b");
		connection.ended(CloseStatus.NORMAL);
		assertThat(piped).hasSize(8);
	}

	@Test
	void whatNobodyListensToCountsAsWell() {
		Connection connection = this.runs.open(InOut.of(In.ignore(), Out.never()), this.transport);
		for (int i = 0; i < 15; i++) {
			send(connection, 2, "a");
			pass(250);
		}
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void nothingWaitsWithoutALimit() {
		this.runs.settings = Runs.SETTINGS;
		Connection connection = open();
		send(connection, 10_000, "a");
		assertThat(this.runs.received).hasSize(10_000);
	}

	@Test
	void refusesWhatMakesNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> ReceiveLimit.NONE.withMessagesPerSecond(-1))
			.withMessageContaining("messagesPerSecond: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> ReceiveLimit.NONE.withBytesPerSecond(-1))
			.withMessageContaining("bytesPerSecond: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> new ReceiveLimit(1, 1, Duration.ZERO))
			.withMessageContaining("patience: PT0S");
	}

}
