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
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the time-outs and heartbeats of a {@link Connection}, in virtual time.
 */
class ConnectionTimeoutTests {

	private static final Duration TICK = Duration.ofMillis(250);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final FakeTransport transport = new FakeTransport();

	@Test
	void whatIsHeldBackWhileTheSourceIsAskedWaitsForOneTick() {
		ManualSource<String> source = new ManualSource<>();
		this.runs.with(Overflow.LATEST, 16, 1 << 20);
		Connection connection = this.runs.open(Out.from(source), this.transport);
		List<String> before = new ArrayList<>();
		List<String> after = new ArrayList<>();
		source.onRequest = () -> {
			source.onRequest = () -> {
			};
			this.runs.pass(TICK);
			connection.outbound.offer(Runs.text("b"));
			before.addAll(this.transport.wire);
			this.runs.pass(TICK);
			after.addAll(this.transport.wire);
		};
		source.emit("a");
		assertThat(before).containsExactly("a");
		assertThat(after).containsExactly("a", "b");
	}

	@Test
	void closesInGoodOrderWhenTheTimeOfItsWireIsOver() {
		this.runs.open(Out.never(), this.transport);
		this.transport.deadline = this.runs.registry.now() + Duration.ofSeconds(5).toNanos();
		this.runs.pass(Duration.ofSeconds(5).minus(TICK));
		assertThat(this.transport.wire).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.transport.wire).containsExactly("<Close 1000>");
		this.runs.pass(TICK);
		assertThat(this.transport.wire).hasSize(1);
	}

	@Test
	void aWireThatIsClosingIsNotOverdue() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		connection.close(CloseStatus.GOING_AWAY);
		this.transport.deadline = this.runs.registry.now();
		this.runs.pass(TICK);
		assertThat(this.transport.wire).containsExactly("<Close 1001>");
	}

	@Test
	void isLookedAtOnceASecondWhileNothingHappens() {
		this.runs.open(Out.never(), this.transport);
		for (int i = 0; i < 80; i++) {
			this.runs.pass(TICK);
		}
		assertThat(this.transport.looks).isBetween((int) (80 * TICK.toMillis() / 1000), 80 / 3);
	}

	@Test
	void pingsAtTheInterval() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		for (int i = 0; i < 3; i++) {
			this.runs.pass(Duration.ofSeconds(30));
			connection.pong();
		}
		assertThat(this.transport.wire).containsExactly("<PING>", "<PING>", "<PING>");
	}

	@Test
	void endsASilentPeerAfterIntervalAndPongTimeout() {
		this.runs.open(Out.never(), this.transport);
		this.runs.pass(Duration.ofSeconds(40).minus(TICK));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void takesAnyMessageForAPong() {
		Connection connection = this.runs.open(Out.never(), this.transport);
		this.runs.pass(Duration.ofSeconds(31));
		connection.received(Runs.text("a"));
		this.runs.pass(Duration.ofSeconds(20));
		assertThat(this.transport.aborts).isEmpty();
	}

	@Test
	void closesAnIdlePeerWith1001() {
		Connection connection = idleOnly(Duration.ofMinutes(5));
		this.runs.pass(Duration.ofMinutes(5).minus(TICK));
		assertThat(connection.isOpen()).isTrue();
		this.runs.pass(TICK);
		assertThat(this.transport.closes).containsExactly(CloseStatus.GOING_AWAY.withReason("idle"));
		assertThat(this.runs.done).containsExactly(CloseStatus.GOING_AWAY.withReason("idle"));
	}

	@Test
	void staysOpenWithTrafficInsideTheWindow() {
		Connection connection = idleOnly(Duration.ofSeconds(1));
		for (int i = 0; i < 20; i++) {
			this.runs.pass(Duration.ofMillis(240));
			this.runs.nanos.addAndGet(Duration.ofMillis(700).toNanos());
			connection.received(Runs.text("a"));
		}
		this.runs.registry.tick();
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void countsPongsButNotItsOwnPingsAgainstIdle() {
		this.runs.settings = times(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofHours(1));
		Connection answering = this.runs.open(Out.never(), new FakeTransport());
		Connection silent = this.runs.open(Out.never(), this.transport);
		for (int i = 0; i < 5; i++) {
			this.runs.pass(Duration.ofSeconds(30));
			answering.pong();
		}
		assertThat(answering.isOpen()).isTrue();
		assertThat(silent.isOpen()).isFalse();
	}

	@Test
	void doesNotBlameAPeerWhileReadingIsStopped() {
		Sinks.Empty<Void> handler = Sinks.empty();
		Connection connection = this.runs.open(asynchronous(handler), this.transport);
		connection.received(Runs.text("a"));
		connection.received(Runs.text("b".repeat(16 * 1024)));
		assertThat(this.transport.suspends).hasValue(1);
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.transport.wire).contains("<PING>");
		handler.tryEmitEmpty();
		this.runs.pass(Duration.ofSeconds(9));
		assertThat(connection.isOpen()).isTrue();
		this.runs.pass(Duration.ofSeconds(60));
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void findsADeadPeerWhileAnAsynchronousHandlerIsAtWork() {
		Connection connection = this.runs.open(asynchronous(Sinks.empty()), this.transport);
		connection.received(Runs.text("a"));
		this.runs.pass(Duration.ofSeconds(40).minus(TICK));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	private InOut<String, String> asynchronous(Sinks.Empty<Void> handler) {
		return InOut.of(In.<String>forEachAsync((message) -> handler.asMono()), Out.never());
	}

	@Test
	void doesNotBlameAPeerWhileABlockingHandlerHoldsReading() {
		Connection connection = this.runs.open(
				InOut.of(In.<String>forEach((message) -> this.runs.pass(Duration.ofMinutes(10))), Out.never()),
				this.transport);
		connection.received(Runs.text("a"));
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.transport.aborts).isEmpty();
	}

	@Test
	void endsAWriteThatMakesNoProgress() {
		this.runs.open(Out.of("a"), this.transport.stalled());
		this.runs.pass(Duration.ofSeconds(10).minus(TICK));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.transport.aborts).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void leavesAWriteAloneThatMakesProgress() {
		Connection connection = this.runs.open(Out.of("a"), this.transport.stalled());
		for (int i = 0; i < 20; i++) {
			this.runs.pass(Duration.ofSeconds(9));
			connection.progress();
		}
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.transport.wire).containsExactly("a");
	}

	@Test
	void startsAFreshWaitForAWriteAfterALongSilence() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport.stream());
		channels.get(0).push("a");
		this.runs.pass(Duration.ofSeconds(29));
		this.transport.stalled();
		channels.get(0).push("b");
		this.runs.pass(TICK);
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void doesNotCountALateTickAgainstAWriteThatJustBegan() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport.stalled());
		this.runs.nanos.addAndGet(Duration.ofSeconds(20).toNanos());
		channels.get(0).push("a");
		this.runs.registry.tick();
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void doesNotExpectAPongForAPingThatIsStillBeingWritten() {
		this.transport.stalled();
		Connection connection = this.runs.open(Out.never(), this.transport);
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.transport.wire).containsExactly("<PING>");
		for (int i = 0; i < 4; i++) {
			this.runs.pass(Duration.ofSeconds(8));
			connection.progress();
		}
		assertThat(connection.isOpen()).isTrue();
		this.transport.completingOn(Runnable::run).finishWrite();
		this.runs.pass(Duration.ofSeconds(9));
		assertThat(connection.isOpen()).isTrue();
		this.runs.pass(Duration.ofSeconds(1));
		assertThat(this.transport.aborts).hasSize(1);
	}

	@Test
	void findsADeadPeerThoughPingsComeMoreOftenThanThePongTimeout() {
		this.runs.settings = times(Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofSeconds(20));
		this.runs.open(Out.never(), this.transport);
		this.runs.pass(Duration.ofSeconds(25));
		assertThat(this.transport.aborts).hasSize(1);
	}

	@Test
	void queuesNoPingsBehindAWriteInProgress() {
		Connection connection = this.runs.open(Out.of("a"), this.transport.stalled());
		for (int i = 0; i < 20; i++) {
			this.runs.pass(Duration.ofSeconds(9));
			connection.progress();
		}
		this.transport.finishWrite();
		assertThat(this.transport.wire).containsExactly("a");
	}

	@Test
	void dropsAPeerThatNeverAcknowledgesTheCloseAndSendsNoHeartbeatMeanwhile() {
		this.runs.settings = times(Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofSeconds(1));
		Connection connection = this.runs.open(Out.never(), this.transport.neverAcknowledging());
		connection.close(new CloseStatus(4000));
		this.runs.pass(Duration.ofSeconds(3).minus(TICK));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.transport.aborts).containsExactly(new CloseStatus(4000));
		assertThat(this.transport.wire).containsExactly("<Close 4000>");
		assertThat(this.runs.done).containsExactly(new CloseStatus(4000));
	}

	@Test
	void waitsForTheAcknowledgementOnlyFromWhenTheCloseWentOut() {
		this.transport.stalled().neverAcknowledging();
		Connection connection = this.runs.open(Out.of("a"), this.transport);
		connection.close(CloseStatus.NORMAL);
		this.runs.pass(Duration.ofSeconds(8));
		this.transport.finishWrite();
		this.runs.pass(Duration.ofSeconds(2));
		assertThat(this.transport.aborts).isEmpty();
		this.runs.pass(Duration.ofSeconds(1));
		assertThat(this.transport.aborts).hasSize(1);
	}

	@Test
	void boundsTheCloseOfASlowConsumerWhoseWriteIsStuck() {
		this.runs.with(Overflow.CLOSE, 1, 1000);
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.stalled());
		for (int i = 0; i < 5; i++) {
			channels.get(0).push("m" + i);
		}
		this.runs.pass(Duration.ofSeconds(3));
		assertThat(this.transport.aborts).containsExactly(CloseStatus.SERVICE_OVERLOAD);
		assertThat(this.runs.done).containsExactly(CloseStatus.SERVICE_OVERLOAD);
	}

	@Test
	void fillsASilentStreamAtTheIntervalAndSoonAfterOnceMore() {
		this.runs.open(Out.never(), this.transport.stream());
		for (int beat = 0; beat < 20; beat++) {
			this.runs.pass(Duration.ofSeconds(30).minus(TICK));
			assertThat(this.transport.wire).hasSize(2 * beat);
			this.runs.pass(TICK);
			assertThat(this.transport.wire).hasSize(2 * beat + 1);
			this.runs.pass(Duration.ofSeconds(1));
			assertThat(this.transport.wire).hasSize(2 * beat + 2).containsOnly("<PING>");
		}
		assertThat(this.transport.aborts).isEmpty();
	}

	@Test
	void fillsNoStreamWhereMessagesFlow() {
		List<Channel<String>> channels = new ArrayList<>();
		this.runs.open(Out.<String>unicast(channels::add), this.transport.stream());
		for (int i = 0; i < 10; i++) {
			this.runs.pass(Duration.ofSeconds(20));
			channels.get(0).push("m");
		}
		assertThat(this.transport.wire).containsOnly("m");
	}

	@Test
	void runsNothingOfTheApplicationOnTheTimer() {
		List<Runnable> handedOver = new ArrayList<>();
		Runs runs = new Runs(handedOver::add);
		List<String> calls = new ArrayList<>();
		runs.open(InOut.of(In.<String>ignore().whenDone(() -> calls.add("done")),
				Out.from(Flux.<String>never().doOnCancel(() -> calls.add("cancelled")))), this.transport);
		runs.pass(Duration.ofMinutes(6));
		assertThat(calls).isEmpty();
		assertThat(this.transport.wire).isEmpty();
		assertThat(handedOver).hasSize(1);
	}

	@Test
	void leavesWhenDoneOfADeadPeerToTheThreadsOfTheApplication() {
		List<Runnable> callbacks = new ArrayList<>();
		Runs runs = new Runs(Runnable::run, callbacks::add);
		runs.open(Out.of("a"), this.transport.stalled());
		runs.pass(Duration.ofSeconds(20));
		assertThat(this.transport.aborts).hasSize(1);
		assertThat(runs.registry.size()).isZero();
		assertThat(runs.done).isEmpty();
		callbacks.forEach(Runnable::run);
		assertThat(runs.done).containsExactly(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void dropsADeadPeerThoughItsHeartbeatWaitsForAThread() {
		List<Runnable> handedOver = new ArrayList<>();
		Runs runs = new Runs(handedOver::add);
		runs.open(Out.of("a"), this.transport.stalled());
		runs.pass(Duration.ofSeconds(20));
		assertThat(handedOver).hasSize(1);
		handedOver.get(0).run();
		assertThat(this.transport.aborts).hasSize(1);
	}

	@Test
	void writesWhatALongBatchHoldsBack() {
		List<Channel<String>> channels = new ArrayList<>();
		Connection connection = this.runs.open(Out.<String>unicast(channels::add), this.transport);
		connection.batchStarted();
		channels.get(0).push("a");
		assertThat(this.transport.wire).isEmpty();
		CompletableFuture.runAsync(() -> this.runs.pass(TICK)).orTimeout(1, TimeUnit.MINUTES).join();
		assertThat(this.transport.wire).containsExactly("a");
		connection.batchEnded();
		assertThat(this.transport.wire).containsExactly("a");
	}

	@Test
	void servesTheOthersThoughOneConnectionsTransportFails() {
		this.runs.open(Out.never(), new FakeTransport().throwing(new IllegalStateException("broken")));
		this.runs.open(Out.never(), this.transport);
		this.runs.open(Out.never(), new FakeTransport().throwing(new IllegalStateException("broken")));
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.transport.wire).containsExactly("<PING>");
	}

	private Connection idleOnly(Duration idle) {
		this.runs.settings = times(idle, Duration.ofHours(1), Duration.ofHours(1));
		return this.runs.open(Out.never(), this.transport);
	}

	private static ConnectionSettings times(Duration idle, Duration ping, Duration pong) {
		ConnectionSettings defaults = ConnectionSettings.DEFAULT;
		return new ConnectionSettings(defaults.sendBufferMessages(), defaults.sendBufferBytes(), defaults.overflow(),
				defaults.maxMessageSize(), idle, ping, pong, defaults.closeTimeout(), defaults.sendTimeout());
	}

}
