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

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When messages go to the workers, and when they come back.
 */
class OffloadPolicyTests {

	private final AtomicInteger runs = new AtomicInteger();

	private final OffloadPolicy policy = new OffloadPolicy("quick", Runnable::run);

	private int countUntilQuick() {
		int count = 0;
		Executor workers = this.policy.workers();
		while (workers != null) {
			workers.execute(this.runs::incrementAndGet);
			workers = this.policy.workers();
			count++;
		}
		return count;
	}

	@Test
	void anEndpointIsQuickUntilItWasSlow() {
		assertThat(this.policy.workers()).isNull();
		this.policy.slow();
		assertThat(this.policy.workers()).isNotNull();
	}

	@Test
	void oneSlowMessageIsForgottenAfterManyQuickOnes() {
		this.policy.slow();
		assertThat(countUntilQuick()).isGreaterThanOrEqualTo(128);
		assertThat(this.runs.get()).isGreaterThanOrEqualTo(128);
	}

	@Test
	void whatIsSlowOverAndOverIsForgottenTooInTheEnd() {
		for (int i = 0; i < 10_000; i++) {
			this.policy.slow();
		}
		assertThat(countUntilQuick()).isBetween(1024, 100_000);
	}

	@Test
	void aWorkerThatIsSlowKeepsItsEndpointThere() {
		this.policy.slow();
		for (int i = 0; i < 140; i++) {
			Executor workers = this.policy.workers();
			assertThat(workers).isNotNull();
			workers.execute((i == 100) ? () -> LockSupport.parkNanos(Duration.ofMillis(5).toNanos())
					: this.runs::incrementAndGet);
		}
		assertThat(this.policy.workers()).isNotNull();
	}

	@Test
	void withoutAWorkerTheCallerDoesIt() {
		OffloadPolicy full = new OffloadPolicy("full", (task) -> {
			throw new RejectedExecutionException();
		});
		full.slow();
		full.workers().execute(this.runs::incrementAndGet);
		assertThat(this.runs).hasValue(1);
		assertThat(full.execute(this.runs::incrementAndGet)).isFalse();
	}

	@Test
	void whereThreadsMayWaitThereAreNoWorkers() {
		OffloadPolicy.NEVER.slow();
		assertThat(OffloadPolicy.NEVER.workers()).isNull();
		assertThat(OffloadPolicy.NEVER.execute(this.runs::incrementAndGet)).isFalse();
	}

}
