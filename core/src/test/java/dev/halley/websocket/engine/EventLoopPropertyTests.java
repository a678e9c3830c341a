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

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.halley.LogLevel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A loop over a network in memory, in many orders: each connection's bytes go both ways
 * in order, none is lost and none comes twice, each is told once of its end, and the loop
 * goes on, whoever drives it. A schedule that fails is run again by its seed:
 * {@code -Dloop.seed=…}. {@code -Dloop.schedules=…} says how many there are.
 */
class EventLoopPropertyTests {

	private static final int SCHEDULES = Integer.getInteger("loop.schedules", 800);

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	});

	/** Handlers that fail are a part of it. */
	@RegisterExtension
	final LogLevel level = LogLevel.off(LoopSocket.class);

	@AfterEach
	void close() {
		this.threads.shutdown();
	}

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void inWhateverOrderEachIsServedAndTheLoopGoesOn() {
		Long seed = Long.getLong("loop.seed");
		if (seed != null) {
			run(seed);
			return;
		}
		long takeovers = 0;
		for (seed = 1L; seed <= SCHEDULES; seed++) {
			takeovers += run(seed);
		}
		assertThat(takeovers).isGreaterThan(SCHEDULES);
	}

	private long run(long seed) {
		try {
			return new LoopSchedule(this.threads, seed).run();
		}
		catch (Exception | AssertionError ex) {
			throw new AssertionError("The schedule failed: -Dloop.seed=" + seed, ex);
		}
	}

}
