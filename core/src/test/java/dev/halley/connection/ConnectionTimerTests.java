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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ConnectionTimer}.
 */
class ConnectionTimerTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog(ConnectionTimer.class);

	private final CountDownLatch ticks = new CountDownLatch(4);

	private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

	private final ConnectionRegistry registry = new ConnectionRegistry(Runnable::run, Runnable::run,
			ConnectionLimits.NONE, this::tick);

	private volatile @Nullable Error failure;

	private @Nullable ConnectionTimer timer;

	@AfterEach
	void stop() {
		if (this.timer != null) {
			this.timer.stop();
		}
	}

	/** A tick asks once what time it is. */
	private long tick() {
		this.threads.add(Thread.currentThread());
		this.ticks.countDown();
		Error failure = this.failure;
		if (failure != null) {
			throw failure;
		}
		return 0;
	}

	private void start(Duration shortest) {
		this.timer = new ConnectionTimer(this.registry, shortest);
		this.timer.start();
	}

	private void awaitTicks() throws InterruptedException {
		assertThat(this.ticks.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aTimerHasARegistry() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionTimer(null, Duration.ofSeconds(1)))
			.withMessage("'registry' must not be null");
	}

	@Test
	void theShortestTimeoutIsAMillisecond() throws Exception {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ConnectionTimer(this.registry, Duration.ofNanos(999_999)))
			.withMessage("shortest: PT0.000999999S (expected: >= 1 ms)");
		start(Duration.ofMillis(1));
		awaitTicks();
	}

	/** An hour's quarter would be too late for what has no time-out of its own. */
	@Test
	void looksFourTimesASecondThoughAllTimeoutsAreLong() throws Exception {
		start(Duration.ofHours(1));
		awaitTicks();
	}

	@Test
	void looksNoMoreOftenThanFourTimesASecondHoweverLongTheTimeoutsAre() throws Exception {
		long start = System.nanoTime();
		start(Duration.ofDays(36_500));
		awaitTicks();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void oneDaemonThreadLooksHoweverOftenTheTimerIsStarted() throws Exception {
		Thread starter = new Thread(() -> {
			start(Duration.ofMillis(4));
			this.timer.start();
		});
		starter.setDaemon(false);
		starter.start();
		starter.join(20_000);
		awaitTicks();
		assertThat(this.threads).allSatisfy((thread) -> {
			assertThat(thread.isDaemon()).isTrue();
			assertThat(thread.getName()).isEqualTo("halley-timer");
		});
		assertThat(this.threads.stream().distinct()).hasSize(1);
	}

	@Test
	void goesOnThoughATickFailsUntilItIsStopped() throws Exception {
		this.failure = new LinkageError("broken");
		start(Duration.ofMillis(4));
		awaitTicks();
		stop();
		Thread thread = this.threads.element();
		thread.join(20_000);
		assertThat(thread.isAlive()).isFalse();
		assertThat(this.log.messages()).contains("A tick of the connection timer failed");
	}

}
