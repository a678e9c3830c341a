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

package dev.halley.websocket.engine;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.halley.LogLevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.Mockito.mock;

/**
 * The watch over loops whose threads are at work for long.
 */
class LoopMonitorTests {

	private static final long A_TURN = 1;

	@RegisterExtension
	final LogLevel level = LogLevel.off(EventLoop.class);

	private final EventLoop loop = mock();

	private final AtomicInteger questions = new AtomicInteger();

	private final CountDownLatch askedAgain = new CountDownLatch(1);

	@BeforeEach
	void block() {
		given(this.loop.turn()).willReturn(A_TURN);
		given(this.loop.isWaiting()).willReturn(true);
	}

	private boolean await(LoopMonitor.TakeOver takeOver) throws InterruptedException {
		LoopMonitor monitor = new LoopMonitor(List.of(this.loop), takeOver);
		Thread thread = new Thread(monitor);
		thread.setDaemon(true);
		thread.start();
		try {
			return this.askedAgain.await(30, TimeUnit.SECONDS);
		}
		finally {
			monitor.end();
			thread.join(TimeUnit.SECONDS.toMillis(30));
			assertThat(thread.isAlive()).isFalse();
		}
	}

	@Test
	void asksAgainWhileThereIsNoThread() throws Exception {
		assertThat(await((loop, turn) -> {
			if (this.questions.incrementAndGet() == 3) {
				this.askedAgain.countDown();
			}
			return false;
		})).isTrue();
	}

	@Test
	void goesOnWhateverFails() throws Exception {
		assertThat(await((loop, turn) -> {
			if (this.questions.incrementAndGet() < 3) {
				throw new OutOfMemoryError("harm");
			}
			this.askedAgain.countDown();
			return true;
		})).isTrue();
	}

	private LoopMonitor calmMonitor() {
		AtomicLong turns = new AtomicLong();
		given(this.loop.turn()).willAnswer((call) -> turns.addAndGet(2) + 1);
		given(this.loop.isWaiting()).willReturn(false);
		LoopMonitor monitor = new LoopMonitor(List.of(this.loop), (loop, turn) -> {
			throw new AssertionError("asked for a thread");
		});
		for (int i = 0; i < LoopMonitor.CALM_LOOKS; i++) {
			assertThat(monitor.pause()).isEqualTo(LoopMonitor.PERIOD);
			assertThat(monitor.look()).isTrue();
		}
		assertThat(monitor.pause()).isEqualTo(LoopMonitor.CALM_PERIOD);
		return monitor;
	}

	@Test
	void looksOftenAgainWhenAThreadWaitsInItsTurn() {
		LoopMonitor monitor = calmMonitor();
		given(this.loop.isWaiting()).willReturn(true);
		monitor.look();
		assertThat(monitor.pause()).isEqualTo(LoopMonitor.PERIOD);
	}

	@Test
	void looksOftenAgainWhenATurnLasts() {
		LoopMonitor monitor = calmMonitor();
		willReturn(A_TURN).given(this.loop).turn();
		monitor.look();
		assertThat(monitor.pause()).isEqualTo(LoopMonitor.CALM_PERIOD);
		monitor.look();
		assertThat(monitor.pause()).isEqualTo(LoopMonitor.PERIOD);
	}

	@Test
	void aThreadThatWaitsBetweenTurnsIsNoBlockedOne() {
		LoopMonitor monitor = calmMonitor();
		willReturn(A_TURN + 1).given(this.loop).turn();
		given(this.loop.isWaiting()).willReturn(true);
		monitor.look();
		monitor.look();
		assertThat(monitor.pause()).isEqualTo(LoopMonitor.CALM_PERIOD);
	}

}
