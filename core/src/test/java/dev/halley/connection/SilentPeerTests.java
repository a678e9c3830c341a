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

import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a peer that says nothing is idle or dead, and when it is not: while it cannot be
 * asked, or the application is at work on what it said. Virtual time.
 */
class SilentPeerTests {

	private static final Duration TICK = Duration.ofMillis(250);

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void isNotIdleWhileAnAsynchronousHandlerIsAtWork() {
		this.runs.settings = times(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(1));
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = this.runs.open(asynchronous(handler), this.transport);
		connection.received(Runs.text("a"));
		this.runs.pass(Duration.ofMinutes(20));
		handler.tryEmitEmpty();
		this.runs.pass(Duration.ofMinutes(5).minus(TICK));
		assertThat(connection.isOpen()).isTrue();
		this.runs.pass(TICK);
		assertThat(this.transport.closes).containsExactly(CloseStatus.GOING_AWAY.withReason("idle"));
	}

	@Test
	void isNotIdleWhileAWriteGetsOn() {
		this.runs.settings = times(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
		Connection connection = this.runs.open(Out.of("a"), this.transport.stalled());
		writeSlowly(connection, Duration.ofMinutes(6));
		assertThat(connection.isOpen()).isTrue();
		this.transport.completingOn(Runnable::run).finishWrite();
		assertThat(this.transport.wire).containsExactly("a");
		this.runs.pass(TICK);
		assertThat(this.transport.wire).containsExactly("a", "<PING>");
		connection.pong();
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void isIdleWhenNothingComesAfterALongWrite() {
		this.runs.settings = times(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(1));
		Connection connection = this.runs.open(Out.of("a"), this.transport.stalled());
		writeSlowly(connection, Duration.ofMinutes(6));
		this.transport.finishWrite();
		this.runs.pass(Duration.ofMinutes(5).minus(TICK));
		assertThat(connection.isOpen()).isTrue();
		this.runs.pass(TICK);
		assertThat(this.transport.closes).containsExactly(CloseStatus.GOING_AWAY.withReason("idle"));
	}

	/** The ping was out before the write began, and its answer comes after it. */
	@Test
	void waitsForAPongOnlyWhenNoWriteIsUnderWay() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport);
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.transport.wire).containsExactly("<PING>");
		this.transport.stalled();
		channels.get(0).push("a");
		writeSlowly(connection, Duration.ofMinutes(6));
		this.transport.completingOn(Runnable::run).finishWrite();
		this.runs.pass(Duration.ofSeconds(10).minus(TICK));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	private void writeSlowly(Connection connection, Duration time) {
		for (long seconds = time.toSeconds(); seconds > 0; seconds -= 5) {
			this.runs.pass(Duration.ofSeconds(5));
			connection.progress();
		}
	}

	private InOut<String, String> asynchronous(Sinks.Empty<Void> handler) {
		return InOut.of(In.<String>forEachAsync((message) -> handler.asMono()), Out.never());
	}

	private static ConnectionSettings times(Duration idle, Duration ping, Duration pong) {
		ConnectionSettings defaults = ConnectionSettings.DEFAULT;
		return new ConnectionSettings(defaults.sendBufferMessages(), defaults.sendBufferBytes(), defaults.overflow(),
				defaults.maxMessageSize(), idle, ping, pong, defaults.closeTimeout(), defaults.sendTimeout());
	}

}
