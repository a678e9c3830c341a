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
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import dev.halley.In;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that send faster than a server takes it.
 */
@ParameterizedClass
@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE", "TOMCAT_CONTAINER", "JETTY" })
@Timeout(120)
class ReceiveLimitServerTests {

	private static final Map<String, Queue<Long>> TIMES = new ConcurrentHashMap<>();

	private static ServletWebServerApplicationContext context;

	private final Server server;

	ReceiveLimitServerTests(Server server) {
		this.server = server;
	}

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		TIMES.clear();
		context = server.start(Application.class, "halley.websocket.receive-limit.messages-per-second=20",
				"halley.websocket.receive-limit.patience=1s");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	private static void handled(String what) {
		TIMES.computeIfAbsent(what, (key) -> new ConcurrentLinkedQueue<>()).add(System.nanoTime());
	}

	/** As many as one second has come at once, and ten others within half a second. */
	private static void assertIsHeldUp(String path) {
		TestClient client = TestClient.connect(Server.url(context, path));
		long start = System.nanoTime();
		for (int i = 0; i < 30; i++) {
			client.send("a");
		}
		Queue<Long> times = TIMES.computeIfAbsent(path, (key) -> new ConcurrentLinkedQueue<>());
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> times.size() == 30);
		Long[] all = times.toArray(Long[]::new);
		assertThat(all[29] - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(450));
		client.close();
	}

	private static void assertIsClosed(String path) throws Exception {
		TestClient client = TestClient.connect(Server.url(context, path));
		for (int i = 0; i < 500; i++) {
			client.send("a");
		}
		assertThat(client.next()).isEqualTo("closed 1008 too many messages");
	}

	@Test
	void aBurstIsHeldUpAndHeard() {
		assertIsHeldUp("/burst");
	}

	@Test
	void whoGoesOnIsClosed() throws Exception {
		assertIsClosed("/flood");
	}

	@Test
	void aMappingMayNameAnotherLimit() throws Exception {
		TestClient client = TestClient.connect(Server.url(context, "/free"));
		for (int i = 0; i < 500; i++) {
			client.send("a");
		}
		client.send("last");
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> TIMES.getOrDefault("/free", new ConcurrentLinkedQueue<>()).size() == 501);
		client.close();
		assertThat(client.next()).isEqualTo("closed 1000");
	}

	@Test
	void springsOwnHandlersAreHeldUpByTheNativeEngine() throws Exception {
		if (this.server == Server.TOMCAT_LOOPS || this.server == Server.TOMCAT_NATIVE) {
			assertIsHeldUp("/spring/burst");
			assertIsClosed("/spring/flood");
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(Live.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

		@Bean
		WebSocketConfigurer handlers() {
			return (registry) -> registry.addHandler(new TextWebSocketHandler() {

				@Override
				protected void handleTextMessage(WebSocketSession session, TextMessage message) {
					handled(String.valueOf(session.getUri().getPath()));
				}

			}, "/spring/*");
		}

	}

	@Controller
	static class Live {

		@WebSocketMapping("/burst")
		In<String> burst() {
			return In.forEach((message) -> handled("/burst"));
		}

		@WebSocketMapping("/flood")
		In<String> flood() {
			return In.ignore();
		}

		@WebSocketMapping(path = "/free", messagesPerSecond = "0")
		In<String> free() {
			return In.forEach((message) -> handled("/free"));
		}

	}

}
