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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each call of a {@link Connection} changes, from its making to its end.
 */
class ConnectionCallsTests {

	private static final Duration TICK = Duration.ofMillis(250);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	private final List<String> calls = new ArrayList<>();

	/** Of all messages that {@link #asynchronous()} handles. */
	private final Sinks.Empty<Void> handler = Sinks.empty();

	private InOut<String, String> asynchronous() {
		return InOut.of(In.<String>forEachAsync((message) -> {
			this.calls.add(message);
			return this.handler.asMono();
		}).whenDone(() -> this.calls.add("done")), Out.never());
	}

	@Test
	void knowsItsSettingsAndNamesItselfByItsMapping() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		assertThat(connection.settings()).isSameAs(this.runs.settings);
		assertThat(connection).hasToString("Rooms.room [websocket /rooms/{room} " + connection.info().id() + "]");
	}

	@Test
	void isNotRegisteredWhenItIsExpectedAfterItsEnd() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		connection.expect();
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void dropsTheWireWhenItEndsWhileItIsRegistered() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.of("a")));
		this.transport.attach(connection);
		this.runs.registry.stopAccepting();
		connection.open(this.transport);
		assertThat(this.transport.wire).containsExactly("<Close 1001>");
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void writesAtTheEndOfABatchWhatItHeldBack() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport);
		connection.batchStarted();
		channels.get(0).push("a");
		channels.get(0).push("b");
		assertThat(this.transport.wire).isEmpty();
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactly("a", "b");
		assertThat(this.transport.batches).hasSize(1);
	}

	/** What it could not say while nobody listened it has not failed to say. */
	@Test
	void expectsNoPongFromBeforeReadingWasStopped() {
		Connection connection = this.runs.open(asynchronous(), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b".repeat(16 * 1024)));
		assertThat(this.transport.suspends).hasValue(1);
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.transport.wire).containsExactly("<PING>");
		this.handler.tryEmitEmpty();
		assertThat(this.transport.resumes).hasValue(1);
		this.runs.pass(Duration.ofSeconds(20));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(Duration.ofSeconds(20));
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void waitsASecondForAWorkerAndThenReadsOn() {
		List<Runnable> workers = new ArrayList<>();
		this.transport.workers = workers::add;
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.received(Runs.text("a"));
		this.runs.pass(Duration.ofSeconds(1).minus(TICK));
		assertThat(this.transport.suspends).hasValue(1);
		assertThat(this.transport.resumes).hasValue(0);
		this.runs.pass(TICK);
		assertThat(this.transport.resumes).hasValue(1);
		workers.forEach(Runnable::run);
		assertThat(this.runs.received).containsExactly("a");
	}

	@Test
	void dropsWhatWasReadAheadWhenItIsClosed() {
		Connection connection = this.runs.open(asynchronous(), this.transport.neverAcknowledging());
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.close(CloseStatus.NORMAL);
		this.handler.tryEmitEmpty();
		assertThat(this.calls).containsExactly("a");
	}

	@Test
	void dropsWhatWasReadAheadWhenItIsAborted() {
		Connection connection = this.runs.open(asynchronous(), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		connection.abort(CloseStatus.NO_CLOSE_FRAME);
		this.handler.tryEmitEmpty();
		assertThat(this.calls).containsExactly("a", "done");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1011, 4001 })
	void isAskedForItsEndByTheApplication(int code) {
		assertThat(closedByItsOut(code).isEndAsked()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1012, 1013 })
	void isNotAskedForItsEndByWhoInvitesToComeAgain(int code) {
		assertThat(closedByItsOut(code).isEndAsked()).isFalse();
	}

	private Connection closedByItsOut(int code) {
		Connection connection = this.runs.open(Out.<String>close(new CloseStatus(code)), this.transport);
		assertThat(this.transport.closes).containsExactly(new CloseStatus(code));
		return connection;
	}

	@Test
	void isNotAskedForItsEndByAnybodyElse() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		assertThat(connection.isEndAsked()).isFalse();
		connection.close(CloseStatus.NORMAL);
		assertThat(connection.isEndAsked()).isFalse();
		Connection slow = this.runs.open(Out.never(), new FakeTransport());
		slow.slowConsumer();
		assertThat(slow.isOpen()).isFalse();
		assertThat(slow.isEndAsked()).isFalse();
	}

	/** The wire finds the end, and whoever asked for the end finds the wire. */
	@Test
	void dropsTheWireThatComesInTheMiddleOfItsEnd() {
		List<Connection> opened = new ArrayList<>();
		Connection connection = this.runs
			.connection(InOut.of(In.<String>ignore().whenDone(() -> opened.get(0).open(this.transport)), Out.never()));
		opened.add(connection);
		connection.abort(CloseStatus.GOING_AWAY);
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME, CloseStatus.GOING_AWAY);
	}

	@Test
	void endsWithoutAWire() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		connection.abort(CloseStatus.GOING_AWAY);
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void saysWhyItsWireCouldNotBeDropped() {
		this.transport.onAbort = () -> {
			throw new IllegalStateException("recycled");
		};
		this.runs.open(Out.never(), this.transport).abort(CloseStatus.GOING_AWAY);
		assertThat(this.log.messages()).singleElement().asString().endsWith(": abort failed");
	}

	@Test
	void knowsTheThreadsThatAllWiresShare() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		List<Boolean> wire = new ArrayList<>();
		connection.handOver(() -> wire.add(connection.callbacks().isOnWireThread()));
		wire.add(connection.callbacks().isOnWireThread());
		assertThat(wire).containsExactly(true, false);
	}

	@Test
	void handlesWhereItsWireWouldOrWhereTheApplicationMayTakeForEver() {
		Runs runs = new Runs(Runnable::run, (callback) -> {
			this.calls.add("callbacks");
			callback.run();
		});
		Connection connection = runs.connection(InOut.of(In.<String>ignore(), Out.never()));
		connection.execute(() -> this.calls.add("without a wire"));
		connection.open(this.transport);
		connection.execute(() -> this.calls.add("without threads of the wire"));
		this.transport.handling = (handling) -> {
			this.calls.add("wire");
			handling.run();
		};
		connection.execute(() -> this.calls.add("with them"));
		assertThat(this.calls).containsExactly("callbacks", "without a wire", "callbacks",
				"without threads of the wire", "wire", "with them");
	}

}
