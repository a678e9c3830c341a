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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import reactor.core.publisher.Sinks;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of an application that calls itself without end, by way of what Halley gives it:
 * the stack may end anywhere, and nobody else may notice.
 */
@ParameterizedClass
@EnumSource
class RecursionTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final int SOME = 10;

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		// A container notices only by a write that a peer is gone
		context = server.start(Recursive.class, "halley.websocket.send-buffer.messages=1000000",
				"halley.sse.send-buffer.messages=1000000", "halley.sse.heartbeat=1s");
		log(Level.OFF);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		log(Level.INFO);
		context.close();
	}

	/** The stacks that end are long. Levels outlive the application that sets them. */
	static void log(Level level) {
		((Logger) LoggerFactory.getLogger("dev.halley")).setLevel(level);
	}

	@AfterEach
	void nothingIsLeftAndOthersAreServed() throws Exception {
		Awaitility.await().atMost(LONG).until(() -> registry().size() == 0 && registry().reserved() == 0);
		for (int i = 0; i < 4; i++) {
			assertThat(get("/plain")).isEqualTo("plain");
			TestClient client = connect("/echo").send("Hi");
			assertThat(client.next()).isEqualTo("Hi");
			assertThat(client.close().next()).isEqualTo("closed 1000");
		}
	}

	private static ConnectionRegistry registry() {
		return context.getBean(ConnectionRegistry.class);
	}

	private static TestClient connect(String path) {
		return TestClient.connect(Server.url(context, path));
	}

	private static String get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + Server.port(context) + path))
			.timeout(LONG)
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

	@ParameterizedTest
	@CsvSource({ "push, 50", "publish, 20", "sink, 10", "place, 10" })
	void ofAHandler(String kind, int connections) throws Exception {
		for (int i = 0; i < connections; i++) {
			assertThat(end(connect("/handler/" + kind).send("go"))).isEqualTo("closed 1011");
		}
	}

	@Test
	void ofAHandlerThatCloses() throws Exception {
		for (int i = 0; i < SOME; i++) {
			assertThat(end(connect("/handler/close").send("go"))).isEqualTo("closed 4000");
			Awaitility.await().atMost(LONG).until(() -> registry().size() == 0);
		}
	}

	@Test
	void ofAChannelsStart() throws Exception {
		for (int i = 0; i < SOME; i++) {
			assertThat(end(connect("/start"))).isEqualTo("closed 1011");
		}
	}

	@Test
	void ofAnEventStreamsSource() throws Exception {
		for (int i = 0; i < SOME; i++) {
			try (RawStream client = RawStream.get(Server.port(context), "/start", "Accept: text/event-stream")) {
				assertThat(client.chunks()).isNotEmpty();
			}
		}
	}

	@Test
	void ofARequestThatPublishes() throws Exception {
		try (RawStream member = RawStream.get(Server.port(context), "/room", "Accept: text/event-stream")) {
			for (int i = 0; i < SOME; i++) {
				assertThat(get("/publish")).isEqualTo("StackOverflowError");
			}
			member.until("over");
		}
	}

	static String end(TestClient client) throws InterruptedException {
		String event = client.next();
		while (!event.startsWith("closed") && !event.startsWith("failed")) {
			event = client.next();
		}
		return event;
	}

	private static void again(Runnable call) {
		call.run();
		again(call);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import({ Endpoints.class, Handlers.class })
	static class Recursive {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@RestController
	static class Endpoints {

		private final Hubs hubs;

		private final ConnectionRegistry registry;

		Endpoints(Hubs hubs, ConnectionRegistry registry) {
			this.hubs = hubs;
			this.registry = registry;
		}

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@WebSocketMapping("/echo")
		InOut<String, String> echo() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/handler/{kind}")
		InOut<String, String> handler(@PathVariable String kind) {
			return switch (kind) {
				case "push" -> {
					AtomicReference<Channel<String>> channel = new AtomicReference<>();
					yield InOut.of(In.forEach((message) -> again(() -> channel.get().push("x"))),
							Out.unicast(channel::set));
				}
				case "publish" -> {
					Hub<String> hub = this.hubs.hub(UUID.randomUUID().toString(), String.class);
					yield InOut.of(In.forEach((message) -> again(() -> hub.publish("x"))), hub.out());
				}
				case "sink" -> {
					Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
					yield InOut.of(In.forEach((message) -> again(() -> sink.tryEmitNext("x"))),
							Out.from(sink.asFlux()));
				}
				case "place" -> InOut
					.of(In.forEach((message) -> again(() -> this.registry.reserve(null, "ada").close())), Out.never());
				case "close" -> InOut.of(In.forEach((message) -> {
					Connection only = this.registry.all().iterator().next();
					again(() -> only.close(new CloseStatus(4000)));
				}), Out.never());
				default -> throw new IllegalArgumentException(kind);
			};
		}

		@WebSocketMapping("/start")
		@EventSourceMapping("/start")
		Out<String> start() {
			return Out.unicast((channel) -> again(() -> channel.push("x")));
		}

		@EventSourceMapping("/room")
		Out<String> room() {
			return this.hubs.hub("room", String.class).out();
		}

		@GetMapping("/publish")
		String publish() {
			Hub<String> room = this.hubs.hub("room", String.class);
			try {
				again(() -> room.publish("x"));
				return "no end";
			}
			catch (StackOverflowError ex) {
				room.publish("over");
				return ex.getClass().getSimpleName();
			}
		}

	}

	static class Handlers implements WebSocketConfigurer {

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new AbstractWebSocketHandler() {

				@Override
				protected void handleTextMessage(WebSocketSession session, TextMessage message) {
					again(() -> send(session, message));
				}

			}, "/spring");
		}

		private static void send(WebSocketSession session, TextMessage message) {
			try {
				session.sendMessage(message);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
