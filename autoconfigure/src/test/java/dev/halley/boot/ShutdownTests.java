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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.boot.LiveApplication.Heard;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How connections end with their application.
 */
class ShutdownTests {

	private static final String GOING_AWAY = "88 02 03 e9";

	private static final String CLIENTS_GOING_AWAY = "88 82 00 00 00 00 03 e9";

	private static final int HELLO = 8;

	@ParameterizedTest
	@EnumSource
	void tellsEachClient(Server server) throws Exception {
		ServletWebServerApplicationContext context = server.start();
		TestClient one = TestClient.connect(Server.url(context, "/hello"));
		TestClient two = TestClient.connect(Server.url(context, "/echo"));
		assertThat(one.next()).isEqualTo("Hello!");
		Heard heard = context.getBean(Heard.class);
		awaitConnections(context, 2);
		context.close();
		assertThat(one.next()).isEqualTo("closed 1001");
		assertThat(two.next()).isEqualTo("closed 1001");
		assertThat(heard.words()).containsExactly("Disconnected");
	}

	@ParameterizedTest
	@EnumSource
	void dropsThoseWhoNeverAnswer(Server server) throws Exception {
		ServletWebServerApplicationContext context = server.start("halley.shutdown.timeout=1s",
				"halley.websocket.close-timeout=1h");
		try (RawClient mute = new RawClient(Server.port(context))) {
			mute.handshake("/hello");
			mute.read(HELLO);
			awaitConnections(context, 1);
			CompletableFuture<Void> closed = Server.close(context);
			assertThat(mute.read(4)).isEqualTo(GOING_AWAY);
			closed.get(30, TimeUnit.SECONDS);
			assertThat(mute.read(1)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesHandshakesWhileItWaitsForThoseWhoNeverRead(Server server) throws Exception {
		// Of which only the web server's own shutdown has no more than Spring's time
		ServletWebServerApplicationContext context = server.start("halley.shutdown.timeout=2s",
				"halley.websocket.send-timeout=1h", "spring.lifecycle.timeout-per-shutdown-phase=100ms");
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		String url = Server.url(context, "/echo");
		try (RawClient deaf = new RawClient(Server.port(context))) {
			deaf.handshake("/flood");
			awaitNoProgress(context.getBean(Heard.class));
			long start = System.nanoTime();
			CompletableFuture<Void> closed = Server.close(context);
			Awaitility.await().until(() -> !registry.isAccepting());
			assertThat(TestClient.refusal(url)).isEqualTo(503);
			closed.get(30, TimeUnit.SECONDS);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2),
					Duration.ofSeconds(20));
			assertThat(registry.size()).isZero();
		}
	}

	/**
	 * Each message that is made for the peer is a word: no more come when its buffers are
	 * full.
	 */
	private static void awaitNoProgress(Heard heard) {
		AtomicInteger before = new AtomicInteger(-1);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(500))
			.until(() -> before.getAndSet(heard.words().size()) == heard.words().size() && before.get() > 0);
	}

	@ParameterizedTest
	@EnumSource
	void endsAtOnceWhenAllHaveAnswered(Server server) throws Exception {
		ServletWebServerApplicationContext context = server.start("halley.shutdown.timeout=1h",
				"halley.websocket.close-timeout=1h");
		try (RawClient polite = new RawClient(Server.port(context))) {
			polite.handshake("/hello");
			polite.read(HELLO);
			awaitConnections(context, 1);
			CompletableFuture<Void> closed = Server.close(context);
			assertThat(polite.read(4)).isEqualTo(GOING_AWAY);
			polite.send(CLIENTS_GOING_AWAY);
			closed.get(60, TimeUnit.SECONDS);
		}
	}

	@ParameterizedTest
	@EnumSource
	void leavesNoThread(Server server) throws Exception {
		Set<Thread> others = Set.copyOf(Thread.getAllStackTraces().keySet());
		ServletWebServerApplicationContext context = server.start();
		TestClient client = TestClient.connect(Server.url(context, "/hello"));
		assertThat(client.next()).isEqualTo("Hello!");
		context.close();
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !others.contains(thread) && thread.getName().startsWith("halley"))
				.isEmpty());
	}

	private static void awaitConnections(ServletWebServerApplicationContext context, int count) {
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		Awaitility.await().until(() -> registry.size() == count);
	}

}
