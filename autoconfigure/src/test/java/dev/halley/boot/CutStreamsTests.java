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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.boot.RecoveryApplication.RecoveryController;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that leave in the middle of what other threads write to them: that costs nobody
 * else anything, and the container forgets none of their requests.
 */
class CutStreamsTests {

	private static final int ROUNDS = Integer.getInteger("cut.rounds", 4);

	private static final int CLIENTS = 4;

	private static final int TIMES = 60;

	/** A request that was forgotten is waited for until its time-out. */
	private static final String GRACE = "spring.lifecycle.timeout-per-shutdown-phase=60s";

	@ParameterizedTest
	@CsvSource({ "TOMCAT_NATIVE, /one, text/event-stream", "TOMCAT_NATIVE, /comet-without, text/html",
			"TOMCAT_LOOPS, /one, text/event-stream", "JETTY, /one, text/event-stream" })
	@Timeout(300)
	void whoComesIsServedAndTheServerStops(Server server, String path, String accept) throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			ServletWebServerApplicationContext context = server.start(RecoveryApplication.class, GRACE,
					"server.shutdown=graceful");
			long began;
			try (context) {
				RecoveryController controller = context.getBean(RecoveryController.class);
				String id = controller.one.publish("before").toCompletableFuture().get(30, TimeUnit.SECONDS).toString();
				comeAndGo(controller, Server.port(context), path + "?lastEventId=" + id, "Accept: " + accept);
				began = System.nanoTime();
			}
			assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(45);
		}
	}

	private static void comeAndGo(RecoveryController controller, int port, String path, String accept)
			throws Exception {
		ExecutorService threads = Executors.newCachedThreadPool();
		AtomicBoolean over = new AtomicBoolean();
		try {
			Future<?> publisher = threads.submit(() -> publish(controller, over));
			List<Future<?>> clients = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				Random random = new Random(i);
				clients.add(threads.submit(() -> {
					comeAndGo(random, port, path, accept);
					return null;
				}));
			}
			for (Future<?> client : clients) {
				client.get(100, TimeUnit.SECONDS);
			}
			over.set(true);
			publisher.get(30, TimeUnit.SECONDS);
		}
		finally {
			over.set(true);
			threads.shutdownNow();
		}
	}

	private static void publish(RecoveryController controller, AtomicBoolean over) {
		for (int i = 0; !over.get(); i++) {
			controller.one.publish("message " + i);
			if (i % 20 == 0) {
				LockSupport.parkNanos(1_000_000);
			}
		}
	}

	private static void comeAndGo(Random random, int port, String path, String accept) throws IOException {
		for (int i = 0; i < TIMES; i++) {
			try (RawStream client = RawStream.get(port, path, accept)) {
				for (int left = 1 + random.nextInt(60); left > 0; left--) {
					assertThat(client.chunk()).isNotEmpty();
				}
			}
		}
	}

}
