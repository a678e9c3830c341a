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

package dev.halley.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisURI;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.TestHubs;
import dev.halley.hub.broker.Heard;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hubs on a cluster of three.
 */
@Timeout(120)
class ClusterTests {

	private static final int HUBS = 60;

	private static final int SLOTS = 16384;

	private final List<RedisProcess> processes = new ArrayList<>();

	private final List<RedisHubBroker> brokers = new ArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@BeforeEach
	void open() {
		for (int i = 0; i < 3; i++) {
			this.processes.add(RedisProcess.start(RedisProcess.REDIS_7, "--cluster-enabled", "yes",
					"--cluster-node-timeout", "3000", "--cluster-require-full-coverage", "no"));
		}
		for (int i = 0; i < 3; i++) {
			RedisProcess process = this.processes.get(i);
			process.command("CLUSTER ADDSLOTSRANGE " + (SLOTS * i / 3) + " " + (SLOTS * (i + 1) / 3 - 1));
			process.command("CLUSTER MEET 127.0.0.1 " + this.processes.get(0).port());
		}
		Awaitility.await().until(() -> this.processes.stream().allMatch(ClusterTests::isComplete));
	}

	private static boolean isComplete(RedisProcess process) {
		String info = process.command("CLUSTER INFO");
		return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS)
				&& info.contains("cluster_known_nodes:3");
	}

	@AfterEach
	void close() {
		this.brokers.forEach(RedisHubBroker::close);
		this.processes.forEach(RedisProcess::close);
		this.executor.shutdownNow();
	}

	private Hubs hubs() {
		RedisHubBroker broker = RedisHubBroker
			.cluster(this.processes.stream().map((process) -> RedisURI.create("127.0.0.1", process.port())).toList(),
					null, new RedisBrokerSettings("test", Duration.ofSeconds(2), Duration.ofMillis(500), 1000))
			.start();
		this.brokers.add(broker);
		assertThat(broker.state().up()).as(broker.state().problem()).isTrue();
		return TestHubs.of(broker, this.executor);
	}

	private static Hub<String> hub(Hubs hubs, int number) {
		return hubs.hub("room." + number, String.class, History.ofMessages(100));
	}

	private static boolean isPublished(Hub<String> hub, String message) {
		CompletionStage<Position> stage = hub.publishOnce(message, message);
		Awaitility.await().until(() -> stage.toCompletableFuture().isDone());
		return !stage.toCompletableFuture().isCompletedExceptionally();
	}

	@Test
	void hubsAreOnAllNodesAndHeardEverywhere() throws Exception {
		Hubs first = hubs();
		Hubs second = hubs();
		List<Heard<String>> all = new ArrayList<>();
		try {
			for (int i = 0; i < HUBS; i++) {
				all.add(Heard.of(hub(second, i).out(Replay.last(10))));
				for (int message = 0; message < 3; message++) {
					hub(first, i).publish("" + message).toCompletableFuture().get(30, TimeUnit.SECONDS);
				}
			}
			all.forEach((heard) -> assertThat(heard.await(3)).containsExactly("0", "1", "2"));
			assertThat(this.processes)
				.allSatisfy((process) -> assertThat(keys(process)).as("keys").isBetween(HUBS / 3, HUBS));
		}
		finally {
			all.forEach(Heard::close);
		}
	}

	private static int keys(RedisProcess process) {
		return Integer.parseInt(process.command("DBSIZE").substring(1).trim());
	}

	@Test
	void whoeverLosesANodeGoesOnWhenItIsBack() {
		Hubs first = hubs();
		Hubs second = hubs();
		List<Heard<String>> all = new ArrayList<>();
		try {
			for (int i = 0; i < 12; i++) {
				all.add(Heard.of(hub(second, i).out(Replay.last(10))));
				assertThat(isPublished(hub(first, i), "before")).isTrue();
			}
			all.forEach((heard) -> heard.await(1));
			this.processes.get(1).kill();
			Awaitility.await()
				.until(() -> !isPublished(hub(first, 1), "x") || !isPublished(hub(first, 2), "x")
						|| !isPublished(hub(first, 3), "x") || !isPublished(hub(first, 4), "x"));
			this.processes.get(1).startAgain(true);
			for (int i = 0; i < 12; i++) {
				Hub<String> hub = hub(first, i);
				Awaitility.await().until(() -> isPublished(hub, "after"));
			}
			all.forEach((heard) -> Awaitility.await().until(() -> "after".equals(heard.last())));
			all.forEach((heard) -> assertThat(heard.all()).startsWith("before").doesNotHaveDuplicates());
		}
		finally {
			all.forEach(Heard::close);
		}
	}

}
