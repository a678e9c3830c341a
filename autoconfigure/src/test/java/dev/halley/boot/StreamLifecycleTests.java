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
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.Channel;
import dev.halley.boot.StreamApplication.Events;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many streams there may be, how long they live and how they end with their
 * application.
 */
class StreamLifecycleTests {

	private static final String HTML = "Accept: text/html";

	private static final String EVENTS = "Accept: text/event-stream";

	private static ServletWebServerApplicationContext start(Server server, String... properties) {
		return server.start(StreamApplication.class, properties);
	}

	private static RawStream get(ServletWebServerApplicationContext context, String path, String accept)
			throws IOException {
		return RawStream.get(Server.port(context), path, accept);
	}

	private static ConnectionRegistry awaitConnections(ServletWebServerApplicationContext context, int count) {
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> registry.size() == count);
		return registry;
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
	void streamsEndInGoodOrderBeforeTheServerShutsDownGracefully(Server server) throws Exception {
		ServletWebServerApplicationContext context = start(server, "server.shutdown=graceful",
				"spring.lifecycle.timeout-per-shutdown-phase=10m", "halley.shutdown.timeout=10m");
		Events events = context.getBean(Events.class);
		try (RawStream comet = get(context, "/silent", HTML);
				RawStream silent = get(context, "/silent", EVENTS);
				RawStream busy = get(context, "/channel", EVENTS)) {
			Channel<String> channel = events.channels().poll(30, TimeUnit.SECONDS);
			channel.push("one");
			assertThat(busy.until("one")).isEqualTo("data: one\n\n");
			awaitConnections(context, 3);
			CompletableFuture<Void> closed = Server.close(context);
			assertThat(comet.chunks()).containsExactly(" ".repeat(5 * 1024) + "<html><body>");
			assertThat(silent.chunks()).isEmpty();
			assertThat(busy.chunks()).isEmpty();
			closed.get(60, TimeUnit.SECONDS);
			assertThat(events.ends()).hasSize(3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
	void newStreamsAreRefusedWhileThoseWhoNeverReadAreWaitedFor(Server server) throws Exception {
		ServletWebServerApplicationContext context = start(server, "server.shutdown=graceful",
				"spring.lifecycle.timeout-per-shutdown-phase=10m", "halley.shutdown.timeout=2s",
				"halley.sse.send-timeout=1h", "server.jetty.connection-idle-timeout=1h",
				"server.tomcat.connection-timeout=1h");
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		try (Socket deaf = RawStream.send(Server.port(context), "GET /flood HTTP/1.1", 4096, EVENTS)) {
			awaitNoProgress(context.getBean(Events.class).taken());
			CompletableFuture<Void> closed = Server.close(context);
			Awaitility.await().until(() -> !registry.isAccepting());
			try (RawStream late = get(context, "/silent", HTML)) {
				assertThat(late.status()).isEqualTo(503);
			}
			try (RawStream late = get(context, "/silent", EVENTS)) {
				assertThat(late.status()).as("or else the browser would never come again").isEqualTo(200);
				assertThat(late.headers().getFirst("Content-Length")).isEqualTo("3");
			}
			closed.get(60, TimeUnit.SECONDS);
			assertThat(registry.size()).isZero();
			assertThat(deaf.isConnected()).isTrue();
		}
	}

	/** No more messages are asked for when all buffers on the way are full. */
	private static void awaitNoProgress(AtomicInteger taken) {
		AtomicInteger before = new AtomicInteger(-1);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(500))
			.until(() -> before.getAndSet(taken.get()) == taken.get() && before.get() > 0);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
	void aSilentStreamOutlivesTheServersIdleTimeout(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = start(server, "halley.sse.heartbeat=5s",
				"server.tomcat.connection-timeout=2s", "server.jetty.connection-idle-timeout=2s");
				RawStream stream = get(context, "/channel", EVENTS)) {
			assertThat(stream.chunk()).isEqualTo(":\n\n");
			context.getBean(Events.class).channels().poll(30, TimeUnit.SECONDS).push("still there");
			assertThat(stream.until("still there")).contains("data: still there\n\n");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "JETTY" })
	void allWiresShareTheLimitsAndTheRegistry(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = start(server, "halley.limits.connections=3");
				RawStream comet = get(context, "/silent", HTML);
				RawStream events = get(context, "/silent", EVENTS)) {
			awaitConnections(context, 2);
			TestClient socket = TestClient.connect(Server.url(context, "/channel"));
			ConnectionRegistry registry = awaitConnections(context, 3);
			assertThat(registry.all()).map(Connection::info)
				.extracting((info) -> info.transport() + " " + info.endpoint())
				.containsExactlyInAnyOrder("comet /silent", "sse /silent", "websocket /channel");
			for (String accept : new String[] { HTML, EVENTS }) {
				try (RawStream refused = get(context, "/silent", accept)) {
					assertThat(refused.status()).isEqualTo(503);
				}
			}
			assertThat(TestClient.refusal(Server.url(context, "/channel"))).isEqualTo(503);
			socket.close();
			awaitConnections(context, 2);
			try (RawStream next = get(context, "/silent", EVENTS)) {
				assertThat(next.status()).isEqualTo(200);
			}
		}
	}

}
