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

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link Connection} whose wire is awaited, or comes too late.
 */
class ConnectionOpeningTests {

	private static final Duration TICK = Duration.ofMillis(250);

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void givesItsPlaceBackIfTheWireNeverComes() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		connection.expect();
		this.runs.pass(Duration.ofSeconds(10).minus(TICK));
		assertThat(this.runs.registry.reserved()).isOne();
		assertThat(this.runs.registry.all()).containsExactly(connection);
		this.runs.pass(TICK);
		assertThat(this.runs.registry.reserved()).isZero();
		assertThat(this.runs.registry.all()).isEmpty();
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void isNotGivenUpIfTheWireCameBeforeItWasExpected() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.expect();
		this.runs.pass(Duration.ofSeconds(20));
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void isNotRunWhenTheWireComesTooLate() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.of("a")));
		connection.expect();
		this.runs.pass(Duration.ofSeconds(10));
		this.transport.attach(connection);
		connection.open(this.transport);
		assertThat(this.transport.wire).isEmpty();
		assertThat(this.transport.aborts).hasSize(1);
		assertThat(this.runs.registry.all()).isEmpty();
		assertThat(this.runs.done).hasSize(1);
	}

	@Test
	void livesOnWhenTheWireCameInTime() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.of("a")));
		connection.expect();
		this.runs.pass(Duration.ofSeconds(9));
		this.transport.attach(connection);
		connection.open(this.transport);
		this.runs.pass(Duration.ofSeconds(29));
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.transport.wire).containsExactly("a");
	}

	@Test
	void isToldOfTheApplicationsEndBeforeTheWireIsThere() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.of("a")));
		connection.expect();
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		this.transport.attach(connection);
		connection.open(this.transport);
		assertThat(this.transport.wire).containsExactly("<Close 1001>");
	}

}
