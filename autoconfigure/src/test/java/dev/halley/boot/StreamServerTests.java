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
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.http.HttpHeaders;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.boot.StreamApplication.Events;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Comet and event streams on each server, whether it compresses or not.
 */
@ParameterizedClass
@CsvSource({ "TOMCAT_LOOPS, false", "TOMCAT_LOOPS, true", "TOMCAT_NATIVE, false", "TOMCAT_NATIVE, true", "JETTY, false",
		"JETTY, true" })
class StreamServerTests {

	private static final String FIRST = " ".repeat(5 * 1024) + "<html><body>";

	private static final String HTML = "Accept: text/html";

	private static final String EVENTS = "Accept: text/event-stream";

	private static ServletWebServerApplicationContext context;

	@Parameter(0)
	private Server server;

	@Parameter(1)
	private boolean compressing;

	private Events events;

	private ConnectionRegistry registry;

	@BeforeParameterizedClassInvocation
	static void start(Server server, boolean compressing) {
		context = server.start(StreamApplication.class, "server.compression.enabled=" + compressing,
				"server.compression.min-response-size=1B",
				"server.compression.mime-types=text/html,text/event-stream,text/plain", "halley.comet.heartbeat=400ms",
				"halley.sse.heartbeat=400ms", "halley.comet.send-timeout=1s", "halley.sse.send-timeout=1s",
				"server.tomcat.connection-timeout=1m", "server.jetty.connection-idle-timeout=1m");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@BeforeEach
	void forget() {
		this.events = context.getBean(Events.class);
		this.registry = context.getBean(ConnectionRegistry.class);
		this.events.channels().clear();
		this.events.ends().clear();
		this.events.taken().set(0);
	}

	@AfterEach
	void nothingIsLeft() {
		Awaitility.await()
			.atMost(30, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(this.registry.reserved()).isEqualTo(0));
		assertThat(this.registry.size()).isZero();
	}

	private RawStream get(String path, String... headers) throws IOException {
		List<String> all = new ArrayList<>(List.of("Accept-Encoding: gzip, deflate, br"));
		all.addAll(List.of(headers));
		return RawStream.get(Server.port(context), path, all.toArray(String[]::new));
	}

	private Channel<String> channel() throws InterruptedException {
		Channel<String> channel = this.events.channels().poll(30, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		return channel;
	}

	private void assertEnds(int count) throws InterruptedException {
		for (int i = 0; i < count; i++) {
			assertThat(this.events.ends().poll(30, TimeUnit.SECONDS)).isEqualTo("ended");
		}
	}

	@Test
	void otherResponsesAreCompressedIfTheServerDoesThat() throws IOException {
		try (RawStream plain = get("/plain")) {
			assertThat(plain.headers().containsHeader(HttpHeaders.CONTENT_ENCODING)).isEqualTo(this.compressing);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "/kiki|<script>parent.cometMessage('#');</script>|1",
			"/console|<script>console.log('#');</script>|1", "/hand-made|<script>console.log('#')</script>|0" })
	void eachMessageIsAScriptInAChunkOfItsOwn(String path, String script, int before) throws IOException {
		try (RawStream stream = get(path, HTML)) {
			assertThat(stream.status()).isEqualTo(200);
			List<String> expected = new ArrayList<>((before > 0) ? List.of(FIRST) : List.of());
			List.of("kiki", "foo", "bar").forEach((word) -> expected.add(script.replace("#", word)));
			assertThat(stream.chunks()).containsExactlyElementsOf(expected);
		}
	}

	@Test
	void jsonIsAValue() throws IOException {
		try (RawStream stream = get("/json", HTML)) {
			assertThat(stream.chunks()).containsExactly(FIRST,
					"<script>parent.cometMessage({\"foo\":\"bar\"});</script>");
		}
	}

	@Test
	void aCodecBeanAddsATypeAsText() throws IOException {
		try (RawStream comet = get("/degrees", HTML); RawStream events = get("/degrees", EVENTS)) {
			assertThat(comet.chunks()).last().isEqualTo("<script>f('21°');</script>");
			assertThat(events.chunks()).containsExactly("data: 21°\n\n");
		}
	}

	@Test
	void eachMessageIsAnEvent() throws IOException {
		try (RawStream stream = get("/kiki", EVENTS)) {
			assertThat(String.join("", stream.chunks())).isEqualTo("data: kiki\n\ndata: foo\n\ndata: bar\n\n");
		}
	}

	@ParameterizedTest
	@CsvSource({ "text/html, text/html;charset=UTF-8", "text/event-stream, text/event-stream;charset=UTF-8" })
	void theHeadersKeepCachesAndBuffersAway(String accept, String contentType) throws IOException {
		try (RawStream stream = get("/channel", "Accept: " + accept)) {
			HttpHeaders headers = stream.headers();
			assertThat(headers.getFirst("Content-Type")).isEqualToIgnoringCase(contentType);
			assertThat(headers.getFirst("Transfer-Encoding")).isEqualTo("chunked");
			assertThat(headers.get("Cache-Control")).containsExactly("no-store");
			assertThat(headers.getFirst("X-Accel-Buffering")).isEqualTo("no");
			assertThat(headers.get("Content-Encoding")).containsExactly("identity");
			assertThat(headers.containsHeader("Content-Length")).isFalse();
			assertThat(headers.get("Vary")).contains("Accept, Upgrade");
		}
	}

	/** The security filter chain denies frames to all responses. */
	@ParameterizedTest
	@CsvSource({ "/kiki, text/html, SAMEORIGIN", "/console, text/html, SAMEORIGIN", "/kiki, text/event-stream, DENY",
			"/plain, text/html, DENY" })
	void springSecurityLetsPagesOfTheSameOriginFrameComet(String path, String accept, String options)
			throws IOException {
		try (RawStream stream = get(path, "Accept: " + accept)) {
			assertThat(stream.headers().get("X-Frame-Options")).containsExactly(options);
			assertThat(stream.headers().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
		}
	}

	@ParameterizedTest
	@CsvSource({ "text/html, <script>f('#');</script>", "text/event-stream, 'data: #\n\n'" })
	void eachMessageIsThereWhenItIsSent(String accept, String message) throws Exception {
		try (RawStream stream = get("/channel", "Accept: " + accept)) {
			Channel<String> channel = channel();
			for (int i = 0; i < 20; i++) {
				channel.push("message " + i);
				String expected = message.replace("#", "message " + i);
				assertThat(stream.until(expected)).endsWith(expected);
			}
			channel.end();
			assertThat(stream.chunks()).allMatch((chunk) -> chunk.isBlank() || chunk.equals(":\n\n"));
		}
		assertEnds(1);
	}

	@ParameterizedTest
	@CsvSource({ "text/html, ' '", "text/event-stream, ':\n\n'" })
	void aSilentStreamLivesOnItsHeartbeats(String accept, String heartbeat) throws Exception {
		try (RawStream stream = get("/channel", "Accept: " + accept)) {
			Channel<String> channel = channel();
			StringBuilder read = new StringBuilder();
			while (!read.toString().endsWith(heartbeat.repeat(2))) {
				read.append(stream.chunk());
			}
			channel.push("still there");
			channel.end();
			assertThat(String.join("", stream.chunks())).contains("still there");
		}
		assertEnds(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { HTML, EVENTS })
	void aClosedTabEndsASilentOut(String accept) throws Exception {
		RawStream stream = get("/silent", accept);
		Awaitility.await().until(() -> this.registry.size() == 1);
		stream.close();
		assertEnds(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { HTML, EVENTS })
	void aReaderThatStopsIsDropped(String accept) throws Exception {
		try (Socket socket = RawStream.send(Server.port(context), "GET /flood HTTP/1.1", 4096, accept)) {
			assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
			assertEnds(1);
			assertThat(this.events.taken().get()).isLessThan(100_000);
			assertThat(readToEnd(socket)).as("the connection is dropped, and not kept for what is left")
				.doesNotEndWith("0\r\n\r\n");
		}
	}

	private static String readToEnd(Socket socket) throws IOException {
		StringBuilder read = new StringBuilder();
		byte[] buffer = new byte[8192];
		try {
			for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
				read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
			}
		}
		catch (SocketTimeoutException ex) {
			throw ex;
		}
		catch (IOException ex) {
			read.append("reset");
		}
		return read.toString();
	}

	@Test
	void aSlowReaderGetsAllInTheEndAndHoldsNobodyUp() throws Exception {
		Hub<String> hub = context.getBean(Hubs.class).hub("streams", String.class);
		try (RawStream slow = get("/hub", EVENTS); RawStream fast = get("/hub", HTML)) {
			Awaitility.await().until(() -> this.registry.size() == 2);
			String large = "x".repeat(20_000);
			for (int i = 0; i < 20; i++) {
				hub.publish(i + large);
				assertThat(fast.until("'" + i + "x")).isNotEmpty();
			}
			assertThat(slow.until("data: 19x")).contains("data: 0x", "data: 10x", "data: 18x");
		}
		assertEnds(2);
	}

	@ParameterizedTest
	@CsvSource({ "/channel, text/html", "/channel, text/event-stream", "/console, text/html" })
	void headGetsHeadersAndRunsNothing(String path, String accept) throws IOException {
		try (RawStream stream = RawStream.request(Server.port(context), "HEAD " + path + " HTTP/1.1",
				"Accept: " + accept, "Connection: close")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().getFirst("Content-Type")).startsWithIgnoringCase(accept);
			assertThat(stream.headers().containsHeader("Content-Length")).isFalse();
			assertThat(stream.rest()).isEmpty();
		}
		assertThat(this.events.channels()).isEmpty();
	}

	@Test
	void anOldClientGetsNoChunksAndAClosedConnection() throws IOException {
		try (RawStream stream = RawStream.request(Server.port(context), "GET /kiki HTTP/1.0", HTML,
				"Accept-Encoding: gzip")) {
			assertThat(stream.headers().containsHeader("Transfer-Encoding")).isFalse();
			assertThat(stream.rest()).isEqualTo(FIRST + "<script>parent.cometMessage('kiki');</script>"
					+ "<script>parent.cometMessage('foo');</script><script>parent.cometMessage('bar');</script>");
		}
	}

}
