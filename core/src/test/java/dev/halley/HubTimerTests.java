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

package dev.halley;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HubTimer}.
 */
@Timeout(60)
class HubTimerTests {

	private final HubTime time = new HubTime();

	private final HubTimer timer = this.time.timer;

	private final List<String> run = new ArrayList<>();

	private void at(Duration delay, String action) {
		this.timer.at(this.timer.now() + delay.toNanos(), () -> this.run.add(action));
	}

	@Test
	void runsWhatIsDueInOrder() {
		at(Duration.ofMillis(30), "third");
		at(Duration.ofMillis(10), "first");
		at(Duration.ofMillis(20), "second");
		this.time.pass(Duration.ofMillis(9));
		assertThat(this.run).isEmpty();
		this.time.pass(Duration.ofMillis(1));
		assertThat(this.run).containsExactly("first");
		this.time.pass(Duration.ofMillis(20));
		assertThat(this.run).containsExactly("first", "second", "third");
	}

	@Test
	void whatIsOverdueRunsSoon() {
		at(Duration.ofMillis(-10), "overdue");
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.run).containsExactly("overdue");
	}

	@Test
	void oneThatFailsKeepsNoOtherFromRunning() {
		this.timer.at(this.timer.now() + 1, () -> {
			throw new IllegalStateException("on purpose");
		});
		at(Duration.ofNanos(1), "other");
		at(Duration.ofNanos(2), "later");
		this.time.pass(Duration.ofNanos(2));
		assertThat(this.run).containsExactly("other", "later");
	}

	@Test
	void whatRunsMayAddMore() {
		this.timer.at(this.timer.now() + 10, () -> at(Duration.ofNanos(10), "added"));
		this.time.pass(Duration.ofNanos(19));
		assertThat(this.run).isEmpty();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.run).containsExactly("added");
	}

	/** However often something near comes before something far. */
	@Test
	void oneTaskIsScheduledAtMost() {
		Counting scheduler = new Counting();
		HubTimer timer = new HubTimer(scheduler, () -> scheduler.virtual.now(TimeUnit.NANOSECONDS));
		for (int i = 0; i < 100; i++) {
			timer.at(timer.now() + 1_000_000, () -> this.run.add("far"));
			timer.at(timer.now() + 100, () -> this.run.add("near"));
			assertThat(scheduler.waiting).isOne();
			scheduler.virtual.advanceTimeBy(Duration.ofNanos(100));
			assertThat(scheduler.waiting).isOne();
		}
		scheduler.virtual.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.run).hasSize(200);
		assertThat(scheduler.waiting).isZero();
	}

	@Test
	void triesAgainWhenThereWasNoThread() {
		Counting scheduler = new Counting();
		HubTimer timer = new HubTimer(scheduler, () -> scheduler.virtual.now(TimeUnit.NANOSECONDS));
		scheduler.full.set(true);
		timer.at(timer.now() + 10, () -> this.run.add("first"));
		scheduler.full.set(false);
		timer.at(timer.now() + 20, () -> this.run.add("second"));
		scheduler.virtual.advanceTimeBy(Duration.ofNanos(20));
		assertThat(this.run).containsExactly("first", "second");
	}

	/** Counts what waits: scheduled, and neither run nor disposed of. */
	private static final class Counting implements Scheduler {

		private final VirtualTimeScheduler virtual = VirtualTimeScheduler.create();

		private final AtomicBoolean full = new AtomicBoolean();

		private int waiting;

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			if (this.full.get()) {
				throw new RejectedExecutionException("no thread");
			}
			this.waiting++;
			AtomicBoolean done = new AtomicBoolean();
			Disposable scheduled = this.virtual.schedule(() -> {
				if (done.compareAndSet(false, true)) {
					this.waiting--;
					task.run();
				}
			}, delay, unit);
			return () -> {
				if (done.compareAndSet(false, true)) {
					this.waiting--;
					scheduled.dispose();
				}
			};
		}

		@Override
		public Disposable schedule(Runnable task) {
			return schedule(task, 0, TimeUnit.NANOSECONDS);
		}

		@Override
		public Worker createWorker() {
			return this.virtual.createWorker();
		}

	}

}
