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
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many connections for a long time, which send messages of 1 byte to 1 MB and end in many
 * ways: nothing is lost, altered or out of order, and nothing is left of them.
 */
class SoakTests {

	private static final Log logger = LogFactory.getLog(SoakTests.class);

	private static final long TOLERATED_DIRECT_MEMORY = 4 << 20;

	private static final long TOLERATED_HEAP = 8 << 20;

	private static final Duration LONGER_THAN_POOLS_KEEP_THREADS = Duration.ofSeconds(90);

	@ParameterizedTest
	@EnumSource(names = { "NATIVE", "LOOPS" })
	void nothingIsLostAndNothingIsLeft(Engine engine) throws Exception {
		soak(engine, 200, Duration.ofSeconds(5), 400, "128m");
	}

	/** By default 10,000 connections for ten minutes; see CONTRIBUTING.md. */
	@Test
	@Tag("soak")
	@Timeout(value = 10, unit = TimeUnit.HOURS)
	void nothingIsLostAndNothingIsLeftOfMany() throws Exception {
		soak(Engine.valueOf(System.getProperty("soak.engine", "LOOPS")), Integer.getInteger("soak.connections", 10_000),
				Duration.ofSeconds(Integer.getInteger("soak.seconds", 600)), Integer.getInteger("soak.rate", 500),
				System.getProperty("soak.heap", "1g"));
	}

	private static void soak(Engine engine, int connections, Duration time, int messagesEachSecond, String heap)
			throws Exception {
		long seed = Long.getLong("soak.seed", System.nanoTime());
		try (SoakProcess server = new SoakProcess(engine, connections, heap);
				SoakLoad warmUp = new SoakLoad(server.port(), 50, 200, seed);
				SoakLoad load = new SoakLoad(server.port(), connections, messagesEachSecond, seed)) {
			warmUp.run(Duration.ofSeconds(2));
			assertThat(warmUp.failures()).isEmpty();
			SoakReport before = emptied(server);
			load.run(time);
			assertThat(load.failures()).as("seed %s, %s", seed, load).isEmpty();
			logger.info("Soak, seed " + seed + ": " + load + "; before: " + before.summary() + "; after: "
					+ emptied(server).summary());
			assertThat(load.most()).isGreaterThanOrEqualTo(connections);
			for (SoakEvent event : SoakEvent.values()) {
				assertThat(load.count(event)).as(event.name()).isPositive();
			}
			await().atMost(LONGER_THAN_POOLS_KEEP_THREADS)
				.pollInterval(Duration.ofMillis(500))
				.untilAsserted(() -> assertNothingIsLeft(before, emptied(server)));
		}
	}

	/** Each thread of a pool has a direct buffer of up to 64 KB for what it writes. */
	private static void assertNothingIsLeft(SoakReport before, SoakReport after) {
		assertThat(after.threads()).isSubsetOf(before.threads()).hasSizeLessThanOrEqualTo(before.threads().size());
		assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + TOLERATED_DIRECT_MEMORY);
		assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + TOLERATED_HEAP);
	}

	/** What the server holds when it has noticed that all are gone. */
	private static SoakReport emptied(SoakProcess server) {
		return await().atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(500))
			.until(server::report, (report) -> report.connections() == 0 && report.reserved() == 0);
	}

}
