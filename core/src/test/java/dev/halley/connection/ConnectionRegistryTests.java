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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ConnectionRegistry}, its limits and its timer.
 */
class ConnectionRegistryTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	@Test
	void knowsTheConnectionsThatLive() {
		Connection connection = this.runs.open(Out.never(), new FakeTransport());
		assertThat(this.runs.registry.all()).containsExactly(connection);
		assertThat(this.runs.registry.find(connection.info().id())).isSameAs(connection);
		connection.ended(CloseStatus.NORMAL);
		assertThat(this.runs.registry.all()).isEmpty();
		assertThat(this.runs.registry.find(connection.info().id())).isNull();
	}

	@Test
	void limitsAllConnections() {
		ConnectionRegistry registry = registry(new ConnectionLimits(2, 2, 2));
		registry.reserve("a", "x");
		Reservation second = registry.reserve(null, null);
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("b", "y"))
			.withMessage("connections: 2 (expected: < 2)");
		second.close();
		registry.reserve("b", "y");
	}

	@Test
	void limitsConnectionsOfOneAddress() {
		ConnectionRegistry registry = registry(new ConnectionLimits(9, 1, 9));
		registry.reserve("a", "x");
		registry.reserve("b", "x");
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("a", null))
			.withMessageContaining("one address");
	}

	@Test
	void limitsConnectionsOfOneUser() {
		ConnectionRegistry registry = registry(new ConnectionLimits(9, 9, 1));
		registry.reserve("a", "x");
		registry.reserve("a", "y");
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("b", "x"))
			.withMessageContaining("one user");
	}

	@Test
	void limitsHowManyComeWithinASecond() {
		AtomicLong nanos = new AtomicLong();
		ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run,
				new ConnectionLimits(9, 2, 9).withPerSecond(3), nanos::get);
		registry.reserve("a", null).close();
		registry.reserve("a", null);
		registry.reserve("a", null);
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("b", null))
			.withMessage("new connections within a second (expected: <= 3)")
			.matches(TooManyConnectionsException::isMomentary);
		assertThat(registry.reserved()).isEqualTo(2);
		nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("a", null))
				.withMessageContaining("one address")
				.matches((refused) -> !refused.isMomentary());
		}
		for (int i = 0; i < 3; i++) {
			registry.reserve("b", null).close();
		}
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("b", null));
	}

	@Test
	void takesNoPlaceForARefusedConnection() {
		ConnectionRegistry registry = registry(new ConnectionLimits(2, 1, 9));
		registry.reserve("a", null);
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("a", null));
		registry.reserve("b", null);
	}

	@Test
	void givesAPlaceBackOnce() {
		ConnectionRegistry registry = registry(new ConnectionLimits(1, 1, 1));
		Reservation place = registry.reserve("a", "x");
		place.close();
		place.close();
		registry.reserve("a", "x");
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("b", "y"));
	}

	@Test
	void givesThePlaceBackWhenAConnectionEnds() {
		ConnectionRegistry registry = registry(new ConnectionLimits(1, 1, 1));
		Connection connection = new Connection(this.runs.open(Out.never(), new FakeTransport()).info(),
				InOut.of(In.ignore(), Out.never()), this.runs.codec, this.runs.codec, FailureHandler.NONE,
				ConnectionSettings.DEFAULT, registry, registry.reserve("a", "x"));
		connection.ended(CloseStatus.NORMAL);
		registry.reserve("a", "x");
	}

	@Test
	void acceptsNothingWhileTheApplicationShutsDown() {
		this.runs.registry.stopAccepting();
		assertThat(this.runs.registry.isAccepting()).isFalse();
		assertThatExceptionOfType(TooManyConnectionsException.class)
			.isThrownBy(() -> this.runs.registry.reserve("a", null))
			.withMessageContaining("shutting down");
		this.runs.registry.startAccepting();
		this.runs.registry.reserve("a", null).close();
	}

	@Test
	void closesAllThoughOneCannotBeClosed() {
		this.runs.open(Out.of("a"), new FakeTransport().throwing(new IllegalStateException("broken")));
		FakeTransport first = new FakeTransport();
		FakeTransport second = new FakeTransport();
		this.runs.open(Out.never(), first);
		this.runs.open(Out.never(), second);
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(first.closes).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(second.closes).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void abortsThoseThatDoNotClose() throws Exception {
		FakeTransport transport = new FakeTransport().neverAcknowledging();
		this.runs.open(Out.never(), transport);
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.awaitEmpty(Duration.ofMillis(1))).isFalse();
		this.runs.registry.abortAll(CloseStatus.GOING_AWAY);
		assertThat(transport.aborts).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	@Test
	void waitsForTheHandlerInProgressOfAConnectionThatItClosed() throws Exception {
		Sinks.Empty<Void> handler = Sinks.empty();
		InOut<String, String> pair = InOut.of(In.<String>forEachAsync((message) -> handler.asMono()), Out.never());
		this.runs.open(pair, new FakeTransport()).received(Runs.text("a"));
		this.runs.registry.stopAccepting();
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.awaitEmpty(Duration.ofMillis(1))).isFalse();
		handler.tryEmitEmpty();
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	@Test
	void waitsForNobodyWhoEndedWhileHeWasRegistered() throws Exception {
		Connection connection = this.runs.connection(InOut.of(this.runs.in(), Out.never()));
		FakeTransport transport = new FakeTransport();
		transport.attach(connection);
		this.runs.registry.stopAccepting();
		connection.open(transport);
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	@Test
	void waitsForNoHandlerAfterARestart() throws Exception {
		InOut<String, String> pair = InOut.of(In.<String>forEachAsync((message) -> Flux.never()), Out.never());
		this.runs.open(pair, new FakeTransport()).received(Runs.text("a"));
		this.runs.registry.stopAccepting();
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		this.runs.registry.startAccepting();
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	@Test
	void finishesWithAConnectionWhoseWhenDoneFails() throws Exception {
		this.runs.open(InOut.of(In.ignore().whenDone(() -> {
			throw new IllegalStateException("broken");
		}), Out.never()), new FakeTransport());
		this.runs.registry.stopAccepting();
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	@Test
	void abortsAllThoughTheApplicationBlocks() throws Exception {
		ExecutorService threads = Executors.newCachedThreadPool();
		CountDownLatch latch = new CountDownLatch(1);
		try {
			Runs blocking = new Runs(threads);
			blocking.open(InOut.of(In.ignore().whenDone(() -> await(latch)), Out.never()), new FakeTransport());
			FakeTransport other = new FakeTransport();
			blocking.open(Out.never(), other);
			CompletableFuture.runAsync(() -> blocking.registry.abortAll(CloseStatus.GOING_AWAY))
				.get(30, TimeUnit.SECONDS);
			Awaitility.await().until(() -> other.aborts.contains(CloseStatus.GOING_AWAY));
		}
		finally {
			latch.countDown();
			threads.shutdownNow();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void wakesWhoeverWaitsUntilAllAreGone() throws Exception {
		Connection connection = this.runs.open(Out.never(), new FakeTransport());
		CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> {
			try {
				return this.runs.registry.awaitEmpty(Duration.ofMinutes(2));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task).start());
		connection.ended(CloseStatus.NORMAL);
		assertThat(empty.get(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void isDrivenByATimer() throws Exception {
		FakeTransport transport = new FakeTransport();
		Connection connection = this.runs.open(Out.never(), transport);
		this.runs.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		ConnectionTimer timer = new ConnectionTimer(this.runs.registry, Duration.ofMillis(4));
		timer.start();
		timer.start();
		Awaitility.await().until(() -> transport.wire.contains("<PING>"));
		timer.stop();
		timer.stop();
		assertThat(connection.isOpen()).isTrue();
		timer.start();
		this.runs.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		Awaitility.await().until(() -> !connection.isOpen());
		timer.stop();
	}

	@Test
	void refusesATimerWithoutATime() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionTimer(this.runs.registry, Duration.ZERO))
			.withMessageContaining("PT0S");
	}

	@Test
	void refusesLimitsAndSettingsThatMakeNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionLimits(0, 1, 1))
			.withMessage("total: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectionLimits.NONE.withPerSecond(0))
			.withMessage("perSecond: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectionSettings.DEFAULT.withMaxMessageSize(-1))
			.withMessage("maxMessageSize: -1 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> closeTimeout(Duration.ZERO))
			.withMessageContaining("closeTimeout: PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> closeTimeout(Duration.ofDays(100_000)))
			.withMessageContaining("closeTimeout");
		assertThat(closeTimeout(Duration.ofMillis(1)).closeTimeout()).isEqualTo(Duration.ofMillis(1));
	}

	private static ConnectionSettings closeTimeout(Duration timeout) {
		ConnectionSettings defaults = ConnectionSettings.DEFAULT;
		return new ConnectionSettings(defaults.sendBufferMessages(), defaults.sendBufferBytes(), defaults.overflow(),
				defaults.maxMessageSize(), defaults.idleTimeout(), defaults.pingInterval(), defaults.pongTimeout(),
				timeout, defaults.sendTimeout());
	}

	private static ConnectionRegistry registry(ConnectionLimits limits) {
		return new ConnectionRegistry(Runnable::run, Runnable::run, limits, System::nanoTime);
	}

}
