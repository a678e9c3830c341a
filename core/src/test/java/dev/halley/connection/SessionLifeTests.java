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
import org.springframework.web.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What becomes of one session from the answer to its handshake to its end.
 */
class SessionLifeTests {

	private static final Duration TICK = Duration.ofMillis(250);

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog(SessionWatch.class);

	@RegisterExtension
	final ConnectionLog registryLog = new ConnectionLog(ConnectionRegistry.class);

	private final List<Runnable> handedOver = new ArrayList<>();

	private final List<Runnable> callbacks = new ArrayList<>();

	/** Runs at once what is handed over, unless a test collects it. */
	private boolean collecting;

	private final Runs runs = new Runs(this::handOver, this.callbacks::add);

	private final Session session = new Session();

	private final SessionWatch watch = new SessionWatch(this.session, Runs.SETTINGS, this.runs.registry,
			this.runs.registry.reserve("192.0.2.1", null), Runs.WIRE);

	private void handOver(Runnable task) {
		if (this.collecting) {
			this.handedOver.add(task);
		}
		else {
			task.run();
		}
	}

	private void open() {
		this.watch.expect();
		this.session.open = true;
		this.watch.opened();
	}

	@Test
	void aWatchHasASession() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SessionWatch(null, Runs.SETTINGS, this.runs.registry,
					this.runs.registry.reserve(null, null), Runs.WIRE))
			.withMessage("'session' must not be null");
	}

	@Test
	void oneThatNeverOpensIsAbortedAfterTheSendTimeout() {
		this.watch.expect();
		assertThat(this.runs.registry.size()).isOne();
		this.runs.pass(Duration.ofSeconds(10).minus(TICK));
		assertThat(this.session.calls).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.session.calls).containsExactly("abort");
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.reserved()).isZero();
	}

	@Test
	void oneThatEndsBeforeItIsExpectedIsNotRegistered() {
		this.watch.ended();
		this.watch.expect();
		assertThat(this.runs.registry.size()).isZero();
	}

	@Test
	void oneThatOpensDuringAShutdownIsClosed() {
		this.watch.expect();
		this.runs.registry.stopAccepting();
		assertThat(this.session.calls).isEmpty();
		this.watch.opened();
		assertThat(this.session.calls).containsExactly("close 1001");
	}

	@Test
	void oneThatOpensIsLeftOpen() {
		open();
		assertThat(this.session.calls).isEmpty();
		this.runs.registry.closeAll(CloseStatus.SERVICE_RESTARTED);
		assertThat(this.session.calls).containsExactly("close 1012");
	}

	@Test
	void givesItsPlaceBackOnce() {
		Reservation other = this.runs.registry.reserve("192.0.2.1", null);
		open();
		this.watch.ended();
		this.watch.ended();
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.reserved()).isOne();
		other.close();
	}

	@Test
	void aSilentOneIsAbortedAfterIntervalAndPongTimeout() {
		open();
		this.runs.pass(Duration.ofSeconds(40).minus(TICK));
		assertThat(this.session.calls).containsExactly("ping");
		this.runs.pass(TICK);
		assertThat(this.session.calls).containsExactly("ping", "abort");
	}

	@Test
	void oneThatAnswersIsPingedAgain() {
		open();
		for (int i = 0; i < 3; i++) {
			this.runs.pass(Duration.ofSeconds(30));
			this.watch.activity();
		}
		assertThat(this.session.calls).containsExactly("ping", "ping", "ping");
	}

	@Test
	void anIdleOneIsClosed() {
		ConnectionSettings settings = Runs.SETTINGS.withPingInterval(Duration.ofHours(1));
		SessionWatch idle = new SessionWatch(this.session, settings, this.runs.registry,
				this.runs.registry.reserve(null, null), Runs.WIRE);
		idle.expect();
		this.session.open = true;
		idle.opened();
		this.runs.pass(Duration.ofMinutes(5).minus(TICK));
		assertThat(this.session.calls).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.session.calls).containsExactly("close 1001 idle");
	}

	@Test
	void oneThatIsBusyIsNotIdle() {
		this.session.busy = true;
		open();
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(this.session.calls).containsOnly("ping").hasSize(20);
	}

	@Test
	void oneThatSendsIsNeitherPingedNorIdle() {
		this.session.sending = true;
		open();
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(this.session.calls).isEmpty();
		this.session.sending = false;
		this.runs.pass(TICK);
		assertThat(this.session.calls).containsExactly("ping");
	}

	@Test
	void oneThatClosesHasTheCloseTimeout() {
		open();
		this.watch.closing();
		this.session.open = false;
		this.runs.pass(Duration.ofSeconds(3).minus(TICK));
		assertThat(this.session.calls).isEmpty();
		this.runs.pass(TICK);
		assertThat(this.session.calls).containsExactly("abort");
	}

	@Test
	void oneThatIsNotOpenIsNotPinged() {
		open();
		this.session.open = false;
		this.runs.pass(Duration.ofMinutes(10));
		assertThat(this.session.calls).isEmpty();
	}

	@Test
	void oneThatCannotBeAbortedIsGoneNevertheless() {
		this.session.failure = new IllegalStateException("broken");
		this.watch.expect();
		this.runs.pass(Duration.ofSeconds(10));
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.reserved()).isZero();
		assertThat(this.log.messages()).singleElement().asString().endsWith(": abort failed");
	}

	@Test
	void oneThatCouldNotBePingedIsAskedAtTheNextTick() {
		open();
		this.session.failure = new IllegalStateException("broken");
		this.runs.pass(Duration.ofSeconds(30));
		this.session.failure = null;
		this.watch.activity();
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.session.calls).containsExactly("ping");
		assertThat(this.registryLog.messages()).singleElement().asString().endsWith(": failed");
	}

	@Test
	void oneTaskAtMostWaitsForAThreadToPingIt() {
		this.collecting = true;
		open();
		this.runs.pass(Duration.ofSeconds(40));
		assertThat(this.handedOver).hasSize(1);
		assertThat(this.session.calls).isEmpty();
		this.handedOver.remove(0).run();
		assertThat(this.session.calls).containsExactly("ping");
		this.watch.activity();
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.handedOver).hasSize(1);
	}

	@Test
	void oneTaskAtMostWaitsForAThreadToAbortIt() {
		this.collecting = true;
		this.watch.expect();
		this.runs.pass(Duration.ofSeconds(20));
		assertThat(this.handedOver).hasSize(1);
	}

	@Test
	void aShutdownWaitsForWhatIsDoneAboutItsEnd() {
		List<String> done = new ArrayList<>();
		this.watch.callBack(() -> done.add("done"));
		assertThat(this.runs.registry.finishing()).isOne();
		assertThat(done).isEmpty();
		this.callbacks.remove(0).run();
		assertThat(this.runs.registry.finishing()).isZero();
		assertThat(done).containsExactly("done");
	}

	private static final class Session implements SessionWatch.Session {

		private final List<String> calls = new ArrayList<>();

		private boolean open;

		private boolean busy;

		private boolean sending;

		private @Nullable RuntimeException failure;

		private void call(String what) {
			if (this.failure != null) {
				throw this.failure;
			}
			this.calls.add(what);
		}

		@Override
		public boolean isOpen() {
			return this.open;
		}

		@Override
		public boolean isBusy() {
			return this.busy;
		}

		@Override
		public boolean isSending() {
			return this.sending;
		}

		@Override
		public void ping() {
			call("ping");
		}

		@Override
		public void close(CloseStatus status) {
			call("close " + status.getCode() + ((status.getReason() != null) ? " " + status.getReason() : ""));
		}

		@Override
		public void abort() {
			call("abort");
		}

	}

}
