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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Sinks;

import dev.halley.ContextCapture;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a {@link ConnectionRegistry} counts, on which threads it runs what, and whom it
 * wakes.
 */
class RegistryWorkTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog(ConnectionRegistry.class);

	private final List<Runnable> callbacks = new ArrayList<>();

	private final Runs runs = new Runs(Runnable::run, this.callbacks::add);

	private final FakeTransport transport = new FakeTransport();

	/** Of the messages of {@link #open()}. */
	private final Sinks.Empty<Void> handler = Sinks.empty();

	@Test
	void aRegistryHasAllThatItWorksWith() {
		assertMissing("executor", () -> new ConnectionRegistry(null, Runnable::run, ConnectionLimits.NONE, () -> 0));
		assertMissing("callbacks", () -> new ConnectionRegistry(Runnable::run, null, ConnectionLimits.NONE, () -> 0));
		assertMissing("limits", () -> new ConnectionRegistry(Runnable::run, Runnable::run, null, () -> 0));
		assertMissing("ticker",
				() -> new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE, null));
		assertMissing("contexts", () -> new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE,
				() -> 0, null, ConnectionObserver.NONE));
		assertMissing("observer", () -> new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE,
				() -> 0, ContextCapture.NONE, null));
	}

	private static void assertMissing(String name, Runnable creation) {
		assertThatIllegalArgumentException().isThrownBy(creation::run).withMessage("'" + name + "' must not be null");
	}

	@Test
	void countsConnectionsAndSessions() {
		this.runs.open(Out.never(), this.transport);
		session().expect();
		session().expect();
		assertThat(this.runs.registry.size()).isEqualTo(3);
		assertThat(this.runs.registry.all()).hasSize(1);
		assertThat(this.runs.registry.reserved()).isEqualTo(3);
	}

	private SessionWatch session() {
		return new SessionWatch(new QuietSession(), Runs.SETTINGS, this.runs.registry,
				this.runs.registry.reserve(null, null), Runs.WIRE);
	}

	@Test
	void countsWhoIsGoneButNotFinished() {
		open().received(Runs.text("a"));
		this.runs.registry.stopAccepting();
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		this.callbacks.forEach(Runnable::run);
		assertThat(this.runs.registry.finishing()).isOne();
		this.runs.registry.threads().callBackAtEnd(() -> {
		});
		assertThat(this.runs.registry.finishing()).isEqualTo(2);
	}

	@Test
	void countsNobodyWhoEndedBeforeTheShutdown() {
		Connection connection = open();
		connection.received(Runs.text("a"));
		connection.ended(CloseStatus.NORMAL);
		this.callbacks.forEach(Runnable::run);
		assertThat(this.runs.registry.finishing()).isZero();
	}

	@Test
	void waitsForNoEndingAfterARestart() throws Exception {
		this.runs.registry.threads().callBackAtEnd(() -> {
		});
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isFalse();
		this.runs.registry.startAccepting();
		assertThat(this.runs.registry.awaitEmpty(Duration.ZERO)).isTrue();
	}

	private Connection open() {
		return this.runs.open(InOut.of(In.<String>forEachAsync((message) -> this.handler.asMono()), Out.never()),
				this.transport);
	}

	@Test
	void countsTheConnectionsOfAnAddressAndOfAUserOneByOne() {
		assertCounts(new ConnectionLimits(9, 2, 9), "connections from one address: 2 (expected: < 2)");
		assertCounts(new ConnectionLimits(9, 9, 2), "connections of one user: 2 (expected: < 2)");
	}

	private static void assertCounts(ConnectionLimits limits, String refusal) {
		ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run, limits, () -> 0);
		for (int i = 0; i < 2; i++) {
			List<Reservation> places = List.of(registry.reserve("a", "x"), registry.reserve("a", "x"));
			assertRefused(registry, refusal);
			places.get(0).close();
			Reservation again = registry.reserve("a", "x");
			assertRefused(registry, refusal);
			again.close();
			places.get(1).close();
			assertThat(registry.reserved()).isZero();
		}
	}

	private static void assertRefused(ConnectionRegistry registry, String refusal) {
		assertThatExceptionOfType(TooManyConnectionsException.class).isThrownBy(() -> registry.reserve("a", "x"))
			.withMessage(refusal);
	}

	@Test
	void knowsTheThreadsThatAllWiresShare() {
		List<Boolean> wire = new ArrayList<>();
		this.runs.registry.threads().handOver(() -> wire.add(this.runs.registry.threads().isOnWire()));
		wire.add(this.runs.registry.threads().isOnWire());
		this.runs.registry.executor().execute(() -> wire.add(this.runs.registry.threads().isOnWire()));
		this.runs.registry.threads().callBack(() -> wire.add(this.runs.registry.threads().isOnWire()));
		this.callbacks.forEach(Runnable::run);
		assertThat(wire).containsExactly(true, false, true, false);
	}

	@Test
	void runsItselfWhatNoThreadIsLeftFor() {
		List<String> calls = new ArrayList<>();
		List<Throwable> failures = List.of(new RejectedExecutionException("shut down"),
				new OutOfMemoryError("unable to create native thread"));
		for (Throwable failure : failures) {
			ConnectionRegistry registry = new Runs((task) -> sneak(failure)).registry;
			registry.threads().handOver(() -> calls.add("wire"));
			registry.threads().callBack(() -> calls.add("callback"));
			registry.threads().callBackAtEnd(() -> calls.add("ending"));
			assertThat(registry.finishing()).isZero();
		}
		assertThat(calls).containsExactly("wire", "callback", "ending", "wire", "callback", "ending");
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> void sneak(Throwable failure) throws X {
		throw (X) failure;
	}

	@Test
	void saysWhoCouldNotBeTicked() {
		session().expect();
		this.runs.registry.tick();
		assertThat(this.log.messages()).isEmpty();
		new SessionWatch(new BrokenSession(), Runs.SETTINGS, this.runs.registry, this.runs.registry.reserve(null, null),
				Runs.WIRE)
			.expect();
		this.runs.registry.tick();
		assertThat(this.log.messages()).singleElement().asString().endsWith(": failed");
	}

	@Test
	void waitsForTheWholeTime() throws Exception {
		session().expect();
		long start = System.nanoTime();
		assertThat(this.runs.registry.awaitEmpty(Duration.ofMillis(300))).isFalse();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
	}

	@Test
	void wakesWhoWaitsForTheLastConnection() throws Exception {
		Connection connection = this.runs.open(InOut.of(In.ignore(), Out.never()), this.transport);
		Connection other = this.runs.open(InOut.of(In.ignore(), Out.never()), new FakeTransport());
		connection.ended(CloseStatus.NORMAL);
		this.callbacks.forEach(Runnable::run);
		assertWakes(() -> this.runs.registry.index().remove(other));
	}

	@Test
	void wakesWhoWaitsForTheLastSession() throws Exception {
		SessionWatch session = session();
		session.expect();
		assertWakes(session::ended);
	}

	@Test
	void wakesWhoWaitsForTheLastHandler() throws Exception {
		Connection connection = open();
		connection.received(Runs.text("a"));
		this.runs.registry.stopAccepting();
		this.runs.registry.index().ended(connection);
		assertWakes(() -> this.runs.registry.index().finished(connection));
	}

	@Test
	void wakesWhoWaitsForTheLastEnding() throws Exception {
		this.runs.registry.threads().callBackAtEnd(() -> {
			throw new IllegalStateException("broken");
		});
		assertWakes(() -> {
			try {
				this.callbacks.get(0).run();
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessage("broken");
			}
		});
	}

	/** Whoever is woken waits no longer, be the processors ever so busy. */
	private void assertWakes(Runnable end) throws Exception {
		CompletableFuture<Boolean> empty = new CompletableFuture<>();
		Thread waiting = new Thread(() -> empty.complete(isEmptySoon()));
		waiting.start();
		Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
		end.run();
		assertThat(waiting.getState()).isNotEqualTo(Thread.State.TIMED_WAITING);
		assertThat(empty.get(30, TimeUnit.SECONDS)).isTrue();
	}

	private @Nullable Boolean isEmptySoon() {
		try {
			return this.runs.registry.awaitEmpty(Duration.ofMinutes(1));
		}
		catch (InterruptedException ex) {
			return null;
		}
	}

	private static final class BrokenSession extends QuietSession {

		@Override
		public boolean isOpen() {
			throw new IllegalStateException("broken");
		}

	}

}
