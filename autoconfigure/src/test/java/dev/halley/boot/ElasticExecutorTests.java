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

package dev.halley.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ElasticExecutor}.
 */
class ElasticExecutorTests {

	private final CountDownLatch latch = new CountDownLatch(1);

	private final AtomicInteger blocked = new AtomicInteger();

	@AfterEach
	void release() {
		this.latch.countDown();
	}

	private static ElasticExecutor executor(int atWork, int most) {
		return new ElasticExecutor(atWork, most, (task) -> {
			Thread thread = new Thread(task, "elastic");
			thread.setDaemon(true);
			return thread;
		});
	}

	private void block() {
		this.blocked.incrementAndGet();
		try {
			this.latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void runs(ElasticExecutor executor) throws InterruptedException {
		CountDownLatch run = new CountDownLatch(1);
		executor.execute(run::countDown);
		assertThat(run.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void runsATaskThoughMoreAreBlockedThanAreToBeAtWork() throws Exception {
		ElasticExecutor executor = executor(2, 200);
		for (int i = 0; i < 100; i++) {
			executor.execute(this::block);
		}
		runs(executor);
		assertThat(this.blocked).hasValue(100);
		runs(executor);
	}

	@Test
	void replacesAThreadThatBlocksWithoutWaiting() throws Exception {
		ElasticExecutor executor = executor(1, 8);
		executor.execute(() -> {
			while (this.latch.getCount() != 0) {
				Thread.onSpinWait();
			}
		});
		runs(executor);
	}

	@Test
	void needsNoMoreThreadsForManyTasksThatCompute() {
		ElasticExecutor executor = executor(2, 200);
		AtomicInteger runs = new AtomicInteger();
		IntStream.range(0, 20_000).forEach((i) -> executor.execute(runs::incrementAndGet));
		Awaitility.await().until(() -> runs.get() == 20_000);
		assertThat(executor.getLargestPoolSize()).isLessThan(20);
	}

	@Test
	void runsManyTasksThatPauseAtTheSameTime() {
		ElasticExecutor executor = executor(4, 1000);
		AtomicInteger runs = new AtomicInteger();
		CountDownLatch pause = new CountDownLatch(400);
		for (int i = 0; i < 400; i++) {
			executor.execute(() -> {
				pause.countDown();
				awaitAll(pause);
				runs.incrementAndGet();
			});
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> runs.get() == 400);
	}

	private static void awaitAll(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void hasTasksWaitForAThreadAndTellsOnceWhenThereCanBeNoMore(CapturedOutput output) {
		ElasticExecutor executor = executor(1, 3);
		AtomicInteger runs = new AtomicInteger();
		for (int i = 0; i < 10; i++) {
			executor.execute(() -> {
				block();
				runs.incrementAndGet();
			});
		}
		Awaitility.await().until(() -> output.getAll().contains("Of 3 threads"));
		assertThat(this.blocked).hasValue(3);
		this.latch.countDown();
		Awaitility.await().until(() -> runs.get() == 10);
		assertThat(output.getAll()).containsOnlyOnce("Of 3 threads");
	}

	@Test
	void runsATaskWhenTheSystemGivesNoMoreThreads() throws Exception {
		AtomicInteger given = new AtomicInteger();
		ElasticExecutor executor = new ElasticExecutor(2, 8, (task) -> {
			if (given.incrementAndGet() == 2) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			Thread thread = new Thread(task, "elastic");
			thread.setDaemon(true);
			return thread;
		});
		runs(executor);
		runs(executor);
		assertThat(given.get()).isGreaterThanOrEqualTo(2);
	}

	@Test
	void keepsNoThreads() throws Exception {
		ElasticExecutor executor = executor(1, 8);
		executor.execute(this::block);
		runs(executor);
		this.latch.countDown();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> executor.getPoolSize() == 0);
		assertThat(executor.getCorePoolSize()).isOne();
	}

}
