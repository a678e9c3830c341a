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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link ConnectionObserver} is told, in virtual time.
 */
class ConnectionObserverTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	@RegisterExtension
	final ConnectionLog observers = new ConnectionLog(ConnectionObserver.class);

	private final Observer observer = new Observer();

	private final Runs runs = new Runs(this.observer);

	private final FakeTransport transport = new FakeTransport();

	@Test
	void aConnectionIsShownWhileItIsRegistered() {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		assertThat(this.observer.wires).containsExactly(new ConnectionObserver.Wire("websocket", "/rooms/{room}"));
		assertThat(shown()).isEmpty();
		this.transport.attach(connection);
		connection.open(this.transport);
		assertThat(shown()).containsExactly(this.observer);
		connection.ended(CloseStatus.NORMAL);
		assertThat(shown()).isEmpty();
	}

	private List<ConnectionMeter> shown() {
		List<ConnectionMeter> shown = new ArrayList<>();
		this.runs.registry.meters(shown::add);
		return shown;
	}

	@Test
	void theEndIsToldOnceAndWithTheAge() {
		Connection connection = this.runs.open(Out.never(), this.transport.stream());
		this.runs.pass(Duration.ofSeconds(7));
		connection.ended(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.observer.ends).containsExactly("NORMAL_CLOSURE after PT7S");
	}

	@ParameterizedTest
	@CsvSource({ "1000, NORMAL_CLOSURE", "1001, NORMAL_CLOSURE", "1005, NORMAL_CLOSURE", "1006, LOST", "1008, POLICY",
			"1002, PROTOCOL_ERROR", "1003, PROTOCOL_ERROR", "1007, PROTOCOL_ERROR", "1009, PROTOCOL_ERROR",
			"1011, ERROR", "1012, ERROR", "1013, ERROR", "3000, APPLICATION", "4999, APPLICATION" })
	void thePeersStatusIsAReason(int status, CloseReason reason) {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.closing(new CloseStatus(status));
		connection.ended(new CloseStatus(status));
		assertReason(reason);
	}

	@ParameterizedTest
	@CsvSource({ "1000, NORMAL_CLOSURE", "1001, APP_SHUTDOWN", "1012, APP_SHUTDOWN", "1008, POLICY",
			"1002, PROTOCOL_ERROR", "1009, PROTOCOL_ERROR", "1011, ERROR", "1013, SLOW_CONSUMER", "4000, APPLICATION" })
	void ourStatusIsAReason(int status, CloseReason reason) {
		this.runs.open(Out.never(), this.transport).close(new CloseStatus(status));
		assertReason(reason);
	}

	private void assertReason(CloseReason reason) {
		assertThat(this.observer.ends).singleElement().asString().startsWith(reason.name() + " ");
	}

	@Test
	void theFirstSideThatClosesTellsTheReason() {
		Connection connection = this.runs.open(Out.never(), this.transport.neverAcknowledging());
		connection.close(CloseStatus.POLICY_VIOLATION);
		connection.closing(CloseStatus.NORMAL);
		connection.ended(CloseStatus.NORMAL);
		assertReason(CloseReason.POLICY);
	}

	@Test
	void aPeerThatDoesNotAnswerPingsHasTimedOut() {
		this.runs.open(Out.never(), this.transport);
		this.runs.pass(Duration.ofMinutes(2));
		assertReason(CloseReason.TIMEOUT);
	}

	@Test
	void aPeerThatDoesNotReadHasTimedOut() {
		this.runs.open(Out.of("a"), this.transport.stalled());
		this.runs.pass(Duration.ofMinutes(1));
		assertReason(CloseReason.TIMEOUT);
	}

	@Test
	void aWireThatNeverComesHasTimedOut() {
		this.runs.connection(InOut.of(this.runs.in(), Out.never())).expect();
		this.runs.pass(Duration.ofMinutes(1));
		assertReason(CloseReason.TIMEOUT);
	}

	@Test
	void aPeerThatDoesNotAnswerACloseEndsForTheReasonOfTheClose() {
		this.runs.open(Out.never(), this.transport.neverAcknowledging()).close(CloseStatus.POLICY_VIOLATION);
		this.runs.pass(Duration.ofMinutes(1));
		assertReason(CloseReason.POLICY);
	}

	@Test
	void anIdlePeerHasTimedOut() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.close(TimeOuts.IDLE);
		assertReason(CloseReason.TIMEOUT);
	}

	@Test
	void theEndOfTheApplicationIsAReason() {
		this.runs.open(Out.never(), this.transport);
		this.runs.registry.stopAccepting();
		this.runs.registry.abortAll(CloseStatus.GOING_AWAY);
		assertReason(CloseReason.APP_SHUTDOWN);
	}

	@Test
	void aSlowConsumerIsOne() {
		Hub<String> hub = Hubs.inMemory().hub("room", String.class);
		this.runs.with(Overflow.CLOSE, 4, 1 << 20).open(hub.out(), this.transport.stalled());
		for (int i = 0; i < 20; i++) {
			hub.publish("m");
		}
		this.transport.finishAllWrites();
		assertReason(CloseReason.SLOW_CONSUMER);
	}

	@Test
	void aHandlerThatThrowsIsAnError() {
		Connection connection = this.runs.open(InOut.of(In.<String>forEach((message) -> {
			throw new IllegalStateException("expected");
		}), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertReason(CloseReason.ERROR);
	}

	@Test
	void anObserverThatThrowsHoldsUpNoEnd() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		this.observer.failure = new IllegalStateException("expected");
		connection.close(CloseStatus.NORMAL);
		assertThat(this.runs.done).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.observers.messages()).hasSize(2).containsOnly("The observer of connections failed");
	}

	@Test
	void pingsAreTold() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		this.runs.pass(Duration.ofSeconds(30));
		this.runs.nanos.addAndGet(Duration.ofMillis(3).toNanos());
		connection.pong();
		connection.pong();
		assertThat(this.observer.pongs).containsExactly(Duration.ofMillis(3));
	}

	@Test
	void handlersAreTimed() {
		Connection connection = this.runs
			.open(InOut.of(In.<String>forEach((message) -> this.runs.nanos.addAndGet(Duration.ofMillis(5).toNanos())),
					Out.never()), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b"));
		assertThat(connection.traffic().times().handled()).isEqualTo(2);
		assertThat(connection.traffic().times().handling()).isEqualTo(Duration.ofMillis(10));
	}

	/** A message of theirs waits as long as the peer does not read. */
	@Test
	void pipelinesAreNotTimed() {
		Connection connection = this.runs.open(InOut.<String, String>flow((messages) -> messages), this.transport);
		connection.received(Runs.text("a"));
		assertThat(this.transport.wire).containsExactly("a");
		assertThat(connection.traffic().times().handled()).isZero();
	}

	@Test
	void theRestOfAnAsynchronousHandlerIsTimedToo() {
		Sinks.Empty<Void> rest = Sinks.empty();
		Connection connection = this.runs
			.open(InOut.of(In.<String>forEachAsync((message) -> rest.asMono()), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		assertThat(connection.traffic().times().handled()).isZero();
		this.runs.nanos.addAndGet(Duration.ofMillis(8).toNanos());
		rest.tryEmitEmpty();
		assertThat(connection.traffic().times().handled()).isOne();
		assertThat(connection.traffic().times().handling()).isEqualTo(Duration.ofMillis(8));
	}

	@Test
	void theTimeOfAHandlerThatGoesOnAfterTheEndIsToldWhenItIsDone() {
		Sinks.Empty<Void> rest = Sinks.empty();
		Connection connection = this.runs
			.open(InOut.of(In.<String>forEachAsync((message) -> rest.asMono()), Out.never()), this.transport);
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.observer.ends).hasSize(1);
		assertThat(this.observer.finished).isEmpty();
		this.runs.nanos.addAndGet(Duration.ofSeconds(8).toNanos());
		rest.tryEmitEmpty();
		assertThat(this.observer.finished)
			.containsExactly(new ConnectionTimes(1, Duration.ofSeconds(8), 0, Duration.ZERO));
	}

	@Test
	void writesAreTimed() {
		Connection connection = this.runs.open(Out.of("a"), this.transport.stalled());
		this.runs.nanos.addAndGet(Duration.ofMillis(4).toNanos());
		this.transport.finishAllWrites();
		assertThat(connection.traffic().times().writes()).isOne();
		assertThat(connection.traffic().times().writing()).isEqualTo(Duration.ofMillis(4));
	}

	@Test
	void nothingIsTimedWhereNobodyObserves() {
		Runs unobserved = new Runs();
		Connection connection = unobserved.open(
				InOut.of(In.<String>forEach((message) -> unobserved.nanos.addAndGet(1_000_000)), Out.of("a")),
				this.transport);
		connection.received(Runs.text("a"));
		assertThat(connection.traffic().times().handled()).isZero();
		assertThat(connection.traffic().times().writing()).isZero();
	}

	/** Remembers what it is told, of one connection. */
	private static final class Observer implements ConnectionObserver, ConnectionMeter {

		private final List<Wire> wires = new ArrayList<>();

		private final List<String> ends = new ArrayList<>();

		private final List<Duration> pongs = new ArrayList<>();

		private final List<ConnectionTimes> finished = new ArrayList<>();

		private @Nullable RuntimeException failure;

		private @Nullable Connection connection;

		@Override
		public ConnectionMeter connected(Wire wire, @Nullable Connection connection) {
			this.wires.add(wire);
			this.connection = connection;
			return this;
		}

		@Override
		public void pong(Duration roundTrip) {
			this.pongs.add(roundTrip);
		}

		@Override
		public void ended(CloseReason reason, Duration age) {
			this.ends.add(reason + " after " + age);
			if (this.failure != null) {
				throw this.failure;
			}
		}

		@Override
		public void finished() {
			if (this.connection != null) {
				this.finished.add(this.connection.traffic().times());
			}
			if (this.failure != null) {
				throw this.failure;
			}
		}

	}

}
