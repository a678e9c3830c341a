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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a client does wrong is nothing for the log, and one useful line for those who look
 * closer.
 */
@ParameterizedClass
@EnumSource
class ClientFaultLogTests {

	private static final String[] HANDSHAKE = { "Upgrade: websocket", "Connection: Upgrade",
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" };

	private static final String ADA = basic("ada");

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.halley");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(SecuredApplication.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@BeforeEach
	void lookCloser() {
		this.log.start();
		this.logger.setLevel(Level.DEBUG);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void lookAway() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
		this.logger.setLevel(Level.INFO);
	}

	private List<String> lines() {
		return List.copyOf(this.log.list)
			.stream()
			.map((event) -> event.getLevel() + " " + event.getFormattedMessage())
			.toList();
	}

	private static int request(String requestLine, String... more) throws IOException {
		List<String> headers = new ArrayList<>(List.of("Authorization: " + ADA));
		headers.addAll(List.of(more));
		try (RawStream client = RawStream.request(Server.port(context), requestLine + " HTTP/1.1",
				headers.toArray(String[]::new))) {
			return client.status();
		}
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
	}

	private static TestClient connect(String user, String path) {
		return TestClient.connect(Server.url(context, path), "Authorization", basic(user));
	}

	/** A handshake from another origin, with more headers. */
	private static String[] handshake(String more) {
		List<String> headers = new ArrayList<>(List.of(HANDSHAKE));
		headers.add("Origin: https://evil.example.com");
		headers.addAll(List.of(more.split(" & ")));
		return headers.toArray(String[]::new);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "Sec-WebSocket-Version: 12 | 426, Sec-WebSocket-Version must be 13",
			"Sec-WebSocket-Version: 13 | 403, Origin is not allowed",
			"Sec-WebSocket-Version: 13 & Sec-WebSocket-Extensions: a=\" | 400, Malformed Sec-WebSocket-Extensions" })
	void refusedHandshakes(String headers, String told) throws IOException {
		try (Warnings warnings = Warnings.record()) {
			for (int i = 0; i < 20; i++) {
				assertThat(request("GET /ask?token=secret", handshake(headers)))
					.isEqualTo(Integer.parseInt(told.substring(0, 3)));
			}
			assertThat(warnings.lines()).isEmpty();
		}
		assertThat(lines()).filteredOn((line) -> line.startsWith("DEBUG Refused"))
			.hasSize(20)
			.allSatisfy((line) -> assertThat(line).startsWith("DEBUG Refused GET /ask: " + told));
		assertThat(lines()).noneMatch((line) -> line.contains("secret"));
		assertThat(lines()).filteredOn((line) -> line.startsWith("INFO")).hasSizeLessThanOrEqualTo(1);
	}

	@Test
	void plainRequests() throws IOException {
		try (Warnings warnings = Warnings.record()) {
			assertThat(request("GET /ask?token=secret", "Accept: */*")).isEqualTo(426);
			assertThat(warnings.lines()).isEmpty();
		}
		assertThat(lines()).contains("DEBUG Refused GET /ask: 426, This path is for WebSockets only")
			.noneMatch((line) -> line.contains("secret"));
	}

	@Test
	void unreadableMessages() throws Exception {
		try (Warnings warnings = Warnings.record()) {
			TestClient client = connect("ada", "/orders?token=secret").send("{secret\n");
			assertThat(client.next()).startsWith("closed 1003");
			assertThat(warnings.lines()).isEmpty();
		}
		Awaitility.await()
			.untilAsserted(() -> assertThat(lines()).anySatisfy((line) -> assertThat(line).startsWith("DEBUG ")
				.contains("[websocket /orders ")
				.endsWith("]: closes, not well-formed JSON, line 1, column 2")));
		assertThat(lines()).noneMatch((line) -> line.contains("secret"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Upgrade: websocket", "Accept: text/event-stream", "Accept: text/html" })
	void connectionsThatArePulledOut(String header) throws Exception {
		try (Warnings warnings = Warnings.record()) {
			pullOut("/endless", header);
			Awaitility.await().until(() -> context.getBean(ConnectionRegistry.class).size() == 0);
			assertThat(warnings.lines()).isEmpty();
		}
		assertThat(List.copyOf(this.log.list)).filteredOn((event) -> event.getLoggerName().startsWith("dev.halley"))
			.allSatisfy((event) -> assertThat(event.getThrowableProxy()).as(event.toString()).isNull());
	}

	/** With a reset in the middle of what is sent. */
	private static void pullOut(String path, String header) throws IOException {
		List<String> headers = new ArrayList<>(List.of("Authorization: " + ADA, header));
		if (header.startsWith("Upgrade")) {
			headers.addAll(List.of("Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
					"Sec-WebSocket-Version: 13"));
		}
		try (Socket socket = RawStream.send(Server.port(context), "GET " + path + " HTTP/1.1", 4096,
				headers.toArray(String[]::new))) {
			assertThat(socket.getInputStream().readNBytes(2000)).hasSize(2000);
			socket.setSoLinger(true, 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/guarded", "/ask" })
	void deniedMessages(String path) throws Exception {
		try (Warnings warnings = Warnings.record()) {
			TestClient client = connect("bob", path).send("x");
			assertThat(client.next()).isEqualTo("closed 1008 access denied");
			assertThat(warnings.lines()).isEmpty();
		}
	}

}
