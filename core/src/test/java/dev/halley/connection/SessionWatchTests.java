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
import org.springframework.web.socket.CloseStatus;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The failure of one session or connection is nothing to the others.
 */
class SessionWatchTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final Runs runs = new Runs();

	private final List<String> calls = new ArrayList<>();

	private SessionWatch watch(SessionWatch.Session session) {
		SessionWatch watch = new SessionWatch(session, Runs.SETTINGS, this.runs.registry,
				this.runs.registry.reserve(null, null), Runs.WIRE);
		watch.expect();
		watch.opened();
		return watch;
	}

	/** Wherever the one is among them, others are asked before and after it. */
	private void surroundedByBrokenOnes(Runnable one) {
		for (int i = 0; i < 10; i++) {
			watch(new Session(true));
		}
		one.run();
		for (int i = 0; i < 10; i++) {
			watch(new Session(true));
		}
	}

	@Test
	void aSessionIsPingedThoughOthersFail() {
		surroundedByBrokenOnes(() -> watch(new Session(false)));
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(this.calls).containsExactly("ping");
	}

	@Test
	void aConnectionIsPingedThoughSessionsFail() {
		FakeTransport transport = new FakeTransport();
		surroundedByBrokenOnes(() -> this.runs.open(Out.never(), transport));
		this.runs.pass(Duration.ofSeconds(30));
		assertThat(transport.wire).containsExactly("<PING>");
	}

	@Test
	void aSessionIsClosedThoughOthersFail() {
		surroundedByBrokenOnes(() -> watch(new Session(false)));
		this.runs.registry.closeAll(CloseStatus.GOING_AWAY);
		assertThat(this.calls).containsExactly("close 1001");
	}

	@Test
	void oneThatIsToBeClosedBeforeItHasAWireIsClosedWhenItHas() {
		SessionWatch watch = new SessionWatch(new Session(false), Runs.SETTINGS, this.runs.registry,
				this.runs.registry.reserve(null, null), Runs.WIRE);
		watch.expect();
		this.runs.registry.closeAll(CloseStatus.SERVICE_RESTARTED);
		assertThat(this.calls).isEmpty();
		watch.opened();
		assertThat(this.calls).containsExactly("close 1012");
	}

	@Test
	void allAreGoneThoughSomeCannotBeDropped() {
		surroundedByBrokenOnes(() -> watch(new Session(false)));
		this.runs.registry.abortAll(CloseStatus.GOING_AWAY);
		assertThat(this.calls).containsExactly("abort");
		assertThat(this.runs.registry.size()).isZero();
		assertThat(this.runs.registry.reserved()).isZero();
	}

	private final class Session extends QuietSession {

		private final boolean broken;

		Session(boolean broken) {
			this.broken = broken;
		}

		/** Without a stack trace: it is logged at each tick. */
		private static IllegalStateException broken() {
			IllegalStateException broken = new IllegalStateException("broken");
			broken.setStackTrace(new StackTraceElement[0]);
			return broken;
		}

		private void call(String what) {
			if (this.broken) {
				throw broken();
			}
			SessionWatchTests.this.calls.add(what);
		}

		@Override
		public boolean isOpen() {
			if (this.broken) {
				throw broken();
			}
			return true;
		}

		@Override
		public void ping() {
			call("ping");
		}

		@Override
		public void close(CloseStatus status) {
			call("close " + status.getCode());
		}

		@Override
		public void abort() {
			call("abort");
		}

	}

}
