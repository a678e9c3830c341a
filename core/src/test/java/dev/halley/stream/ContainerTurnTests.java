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

package dev.halley.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContainerTurn}.
 */
class ContainerTurnTests {

	private final ReentrantLock lock = new ReentrantLock();

	private final ExecutorService container = Executors.newSingleThreadExecutor();

	private final ExecutorService others = Executors.newSingleThreadExecutor();

	private final ContainerTurn turn = new ContainerTurn(this.lock, this.others);

	@AfterEach
	void stop() {
		this.container.shutdownNow();
		this.others.shutdownNow();
	}

	private <T> T onContainer(Callable<T> work) throws Exception {
		return this.container.submit(work).get(30, TimeUnit.SECONDS);
	}

	private boolean containerCanWork() throws Exception {
		Callable<Boolean> attempt = this.lock::tryLock;
		return onContainer(attempt);
	}

	private void containerWorks() throws Exception {
		onContainer(() -> {
			this.lock.lock();
			return null;
		});
	}

	private void containerHasDone() throws Exception {
		onContainer(() -> {
			this.lock.unlock();
			return null;
		});
	}

	@Test
	void othersHaveTheTurnWhileTheContainerDoesNothing() throws Exception {
		assertThat(this.turn.take()).isTrue();
		assertThat(containerCanWork()).isFalse();
		this.turn.giveBack();
		assertThat(containerCanWork()).isTrue();
	}

	@Test
	void othersHaveItNotWhileTheContainerWorksButInItsCall() throws Exception {
		containerWorks();
		assertThat(this.turn.take()).isFalse();
		onContainer(() -> {
			this.turn.callBegins();
			return null;
		});
		assertThat(this.turn.isCallElsewhere()).isTrue();
		assertThat(this.turn.take()).isTrue();
		this.turn.giveBack();
		assertThat(this.turn.tryTake()).as("to drop").isFalse();
		this.turn.callEnds();
		assertThat(this.turn.take()).isFalse();
	}

	@Test
	void theContainersThreadHasItAndKeepsTheLock() throws Exception {
		containerWorks();
		boolean taken = onContainer(() -> {
			this.turn.callBegins();
			boolean ours = this.turn.take() && this.turn.isOurs() && !this.turn.isCallElsewhere();
			this.turn.giveBack();
			return ours && this.lock.isHeldByCurrentThread();
		});
		assertThat(taken).isTrue();
	}

	@Test
	void whatComesLaterWaitsForTheContainer() throws Exception {
		containerWorks();
		List<String> done = new ArrayList<>();
		this.turn.later(() -> done.add("later"));
		Awaitility.await().until(this.lock::hasQueuedThreads);
		assertThat(done).isEmpty();
		containerHasDone();
		this.others.submit(() -> {
		}).get(30, TimeUnit.SECONDS);
		assertThat(done).containsExactly("later");
	}

	@Test
	void allHaveItWhereTheContainerNeedsNoCare() {
		ContainerTurn free = new ContainerTurn(null, this.others);
		assertThat(free.take()).isTrue();
		free.giveBack();
		assertThat(free.tryTake()).isTrue();
		assertThat(free.isOurs()).isFalse();
	}

}
