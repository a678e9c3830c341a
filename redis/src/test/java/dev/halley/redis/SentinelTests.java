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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.lettuce.core.RedisURI;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.TestHubs;
import dev.halley.hub.broker.Heard;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that dies, and the one that sentinels put into its place.
 */
@Timeout(120)
class SentinelTests {

	private static boolean isPublished(Hub<String> hub, String message) {
		CompletionStage<Position> stage = hub.publishOnce(message, message);
		Awaitility.await().until(() -> stage.toCompletableFuture().isDone());
		return !stage.toCompletableFuture().isCompletedExceptionally();
	}

	@Test
	void nothingIsLostThatTheOtherServerHas() {
		ExecutorService executor = Executors.newCachedThreadPool();
		try (RedisProcess master = RedisProcess.start(RedisProcess.REDIS_7);
				RedisProcess replica = RedisProcess.start(RedisProcess.REDIS_7, "--replicaof", "127.0.0.1",
						"" + master.port());
				RedisProcess sentinel = RedisProcess.start(RedisProcess.REDIS_7, "--sentinel",
						"sentinel monitor main 127.0.0.1 " + master.port() + " 1",
						"sentinel down-after-milliseconds main 500", "sentinel failover-timeout main 3000");
				RedisHubBroker broker = RedisHubBroker.standalone(
						RedisURI.Builder.sentinel("127.0.0.1", sentinel.port(), "main").build(), null,
						new RedisBrokerSettings("test", Duration.ofSeconds(2), Duration.ofMillis(500), 1000))) {
			Awaitility.await().until(() -> replica.command("INFO replication").contains("master_link_status:up"));
			Awaitility.await().until(() -> sentinel.command("INFO sentinel").contains("slaves=1"));
			broker.start();
			Hubs hubs = TestHubs.of(broker, executor);
			Hub<String> hub = hubs.hub("room", String.class, History.ofMessages(100));
			try (Heard<HubEvent<String>> heard = Heard.of(hub.events(Replay.last(10)))) {
				for (int i = 0; i < 3; i++) {
					assertThat(isPublished(hub, "" + i)).isTrue();
				}
				heard.await(3);
				Awaitility.await()
					.until(() -> replica.command("INFO replication").contains("slave_repl_offset:")
							&& offset(replica, "slave_repl_offset:") >= offset(master, "master_repl_offset:"));
				master.kill();
				Awaitility.await().until(() -> isPublished(hub, "after"));
				assertThat(heard.await(4)).extracting((event) -> ((HubEvent.Message<String>) event).payload())
					.containsExactly("0", "1", "2", "after");
				assertThat(broker.state().server()).contains("'main'").contains("" + sentinel.port());
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static long offset(RedisProcess process, String name) {
		String info = process.command("INFO replication");
		int from = info.indexOf(name) + name.length();
		return Long.parseLong(info.substring(from, info.indexOf('\r', from)));
	}

}
