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

package dev.halley.web;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ConnectionTimer;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams whose peers are slow, gone or many.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class StreamBehaviourTests {

	private static final ConnectionSettings SETTINGS = new ConnectionSettings(256, 1 << 20, Overflow.CLOSE, 1 << 16,
			Duration.ofMinutes(5), Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(3),
			Duration.ofSeconds(3));

	private static final AtomicReference<Channel<String>> CHANNEL = new AtomicReference<>();

	/** Of the test at work; a connection keeps to that which it began with. */
	private static volatile Seen seen;

	private static final Hub<String> HUB = Hubs.inMemory().hub("streams", String.class);

	/** Closed by the one test that uses it. */
	private static Hub<String> crowd;

	@Parameter
	private Engine engine;

	private TestServer server;

	private ConnectionTimer timer;

	@BeforeEach
	void start() {
		seen = new Seen(new CountDownLatch(1), new AtomicInteger());
		crowd = Hubs.inMemory().hub("crowd", String.class);
		this.server = TestServer.start(this.engine, Options.class, Endpoints.class);
		this.timer = new ConnectionTimer(this.server.registry(), Duration.ofMillis(100));
		this.timer.start();
	}

	@AfterEach
	void stop() {
		this.timer.stop();
		this.server.close();
	}

	private RawStream get(String path, String accept, String... headers) throws IOException {
		List<String> all = new ArrayList<>(List.of(headers));
		all.add("Accept: " + accept);
		return RawStream.get(this.server.port(), path, all.toArray(String[]::new));
	}

	@Test
	void theFirstByteComesAtOnceAndEachMessageWhenItIsSent() throws IOException {
		try (RawStream stream = get("/channel", "text/html")) {
			assertThat(stream.chunk()).hasSize(5132);
			Awaitility.await().until(() -> CHANNEL.get() != null);
			for (String message : List.of("a", "b", "c")) {
				CHANNEL.get().push(message);
				assertThat(stream.until(message)).contains("<script>f('" + message + "');</script>");
			}
			CHANNEL.get().end();
			assertThat(stream.chunks()).allMatch(String::isBlank);
		}
		Awaitility.await().until(() -> this.server.registry().size() == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void aSilentStreamHasHeartbeats(String accept) throws IOException {
		try (RawStream stream = get("/silent", accept)) {
			String heartbeat = accept.equals("text/html") ? " " : ":\n\n";
			String first = stream.chunk();
			assertThat((first.length() > 5000) ? stream.chunk() : first).isEqualTo(heartbeat);
			assertThat(stream.chunk()).isEqualTo(heartbeat);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void aVanishedReaderEndsASilentOut(String accept) throws IOException, InterruptedException {
		RawStream stream = get("/silent", accept);
		Awaitility.await().until(() -> this.server.registry().size() == 1);
		stream.close();
		assertThat(seen.done().await(30, TimeUnit.SECONDS)).isTrue();
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.server.registry().reserved() + this.server.registry().size()).isZero());
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/event-stream" })
	void aReaderThatStopsIsDroppedAfterTheSendTimeout(String accept) throws IOException, InterruptedException {
		try (Socket socket = RawStream.send(this.server.port(), "GET /flood HTTP/1.1", 4096, "Accept: " + accept)) {
			assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
			assertThat(seen.done().await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(seen.taken().get()).isLessThan(100_000);
			assertThat(readToEnd(socket)).as("no thread waits to end the response in good order")
				.doesNotEndWith("0\r\n\r\n");
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.server.registry().reserved()).isEqualTo(0));
	}

	private static String readToEnd(Socket socket) {
		StringBuilder read = new StringBuilder();
		byte[] buffer = new byte[8192];
		try {
			for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
				read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
			}
		}
		catch (SocketTimeoutException ex) {
			throw new IllegalStateException("The connection stays open (expected: dropped)", ex);
		}
		catch (IOException ex) {
			read.append("reset");
		}
		return read.toString();
	}

	@Test
	void aSlowReaderGetsAllInTheEndAndHoldsNobodyUp() throws IOException {
		try (RawStream slow = get("/hub", "text/event-stream"); RawStream fast = get("/hub", "text/event-stream")) {
			Awaitility.await().until(() -> this.server.registry().size() == 2);
			String large = "x".repeat(20_000);
			for (int i = 0; i < 20; i++) {
				HUB.publish(i + large);
				assertThat(fast.until(i + "x")).isNotEmpty();
			}
			assertThat(slow.until("19x")).contains("data: 0x", "data: 10x", "data: 19x");
		}
	}

	@Test
	void streamsEndWhenAllAreClosed() throws IOException, InterruptedException {
		try (RawStream comet = get("/silent", "text/html"); RawStream events = get("/silent", "text/event-stream")) {
			Awaitility.await().until(() -> this.server.registry().size() == 2);
			this.server.registry().stopAccepting();
			this.server.registry().closeAll(CloseStatus.GOING_AWAY);
			assertThat(this.server.registry().awaitEmpty(Duration.ofSeconds(30))).isTrue();
			assertThat(String.join("", comet.chunks())).doesNotContain("script");
			assertThat(events.chunks()).allMatch(":\n\n"::equals);
			try (RawStream late = get("/silent", "text/html")) {
				assertThat(late.status()).isEqualTo(503);
			}
		}
	}

	@Test
	void aThousandStreamsAtOnceGetAllInOrderAndLeaveNothing() throws Exception {
		List<RawStream> streams = new ArrayList<>();
		try {
			for (int i = 0; i < 1000; i++) {
				streams.add(get("/crowd", (i % 2 == 0) ? "text/html" : "text/event-stream"));
			}
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> crowd.subscribers() == 1000);
			int threads = Thread.activeCount();
			IntStream.range(0, 100).forEach((i) -> crowd.publish("message " + i));
			crowd.close();
			String scripts = allMessages("<script>f('%s');</script>");
			String events = allMessages("data: %s\n\n");
			for (int i = 0; i < 1000; i++) {
				String all = String.join("", streams.get(i).chunks());
				// Without the heartbeats, which are frequent here
				assertThat((i % 2 == 0) ? all.substring(5132).replaceAll(" +(<|$)", "$1") : all.replace(":\n\n", ""))
					.isEqualTo((i % 2 == 0) ? scripts : events);
			}
			assertThat(threads).as("no thread for each stream").isLessThan(300);
		}
		finally {
			for (RawStream stream : streams) {
				stream.close();
			}
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.server.registry().reserved()).isEqualTo(0));
		assertThat(this.server.registry().size()).isZero();
		assertThat(crowd.subscribers()).isZero();
	}

	private static String allMessages(String form) {
		return IntStream.range(0, 100).mapToObj((i) -> form.formatted("message " + i)).collect(Collectors.joining());
	}

	@ParameterizedTest
	@ValueSource(strings = { "on", "force" })
	void compressionMakesNoDifference(String compression) throws IOException {
		this.server.connector().setProperty("compression", compression);
		this.server.connector().setProperty("compressibleMimeType", "text/html,text/event-stream");
		for (String accept : List.of("text/html", "text/event-stream")) {
			try (RawStream stream = get("/short", accept, "Accept-Encoding: gzip, br")) {
				assertThat(stream.headers().get("Content-Encoding")).containsExactly("identity");
				assertThat(stream.chunks()).last().asString().contains("x");
			}
		}
	}

	/**
	 * What the endpoints did.
	 *
	 * @param done counted down when a connection has ended
	 * @param taken how many messages the source was asked for
	 */
	private record Seen(CountDownLatch done, AtomicInteger taken) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Options {

		@Bean
		CometSettings cometSettings() {
			return new CometSettings(SETTINGS, Duration.ZERO, false);
		}

		@Bean
		EventStreamSettings eventStreamSettings() {
			return new EventStreamSettings(SETTINGS, Duration.ZERO, null);
		}

	}

	@Controller
	static class Endpoints {

		@CometMapping(path = "/channel", callback = "f")
		Out<String> channel() {
			CHANNEL.set(null);
			return Out.unicast(CHANNEL::set);
		}

		@CometMapping(path = "/silent", callback = "f")
		@EventSourceMapping("/silent")
		InOut<String, String> silent() {
			return InOut.of(In.<String>ignore().whenDone(seen.done()::countDown), Out.never());
		}

		@CometMapping(path = "/flood", callback = "f")
		@EventSourceMapping("/flood")
		InOut<String, String> flood() {
			String large = "x".repeat(10_000);
			Seen seen = StreamBehaviourTests.seen;
			return InOut.of(In.<String>ignore().whenDone(seen.done()::countDown),
					Out.from(Flux.range(0, Integer.MAX_VALUE).map((i) -> {
						seen.taken().incrementAndGet();
						return i + large;
					})));
		}

		@CometMapping(path = "/hub", callback = "f")
		@EventSourceMapping("/hub")
		Out<String> hub() {
			return HUB.out();
		}

		@CometMapping(path = "/crowd", callback = "f")
		@EventSourceMapping("/crowd")
		Out<String> crowd() {
			return crowd.out();
		}

		@CometMapping(path = "/short", callback = "f")
		@EventSourceMapping("/short")
		Out<String> brief() {
			return Out.of("x".repeat(3000), "x");
		}

	}

}
