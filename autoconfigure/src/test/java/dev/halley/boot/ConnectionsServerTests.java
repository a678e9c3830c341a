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
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionAttributes;
import dev.halley.connection.ConnectionFilter;
import dev.halley.connection.Connections;
import dev.halley.connection.LiveConnection;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Connections} on each server, over each transport.
 */
@ParameterizedClass
@EnumSource(Server.class)
@Timeout(120)
class ConnectionsServerTests {

	private static ServletWebServerApplicationContext context;

	@Parameter
	private Server server;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		context = server.start(Application.class, "halley.sse.heartbeat=1s", "halley.comet.heartbeat=1s");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	/** Whoever a test has left is gone before the next. */
	@AfterEach
	void end() {
		connections().close(ConnectionFilter.ALL, CloseStatus.NORMAL);
		await(0, ConnectionFilter.ALL);
	}

	private static Connections connections() {
		return context.getBean(Connections.class);
	}

	private static void await(int count, ConnectionFilter filter) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> connections().count(filter) == count);
	}

	private static String credentials(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes());
	}

	private static TestClient connect(String user, String path) {
		return TestClient.connect(Server.url(context, path), "Authorization", credentials(user));
	}

	private static RawStream stream(String user, String path, String accept) throws IOException {
		RawStream stream = RawStream.get(Server.port(context), path, "Accept: " + accept,
				"Authorization: " + credentials(user));
		assertThat(stream.status()).isEqualTo(200);
		return stream;
	}

	@Test
	void aMessageReachesAUserOverEachTransportInItsOwnForm() throws Exception {
		TestClient socket = connect("ann", "/notices/1");
		TestClient other = connect("bob", "/notices/1");
		TestClient numbers = connect("ann", "/numbers");
		try (RawStream events = stream("ann", "/notices/1", "text/event-stream");
				RawStream comet = stream("ann", "/notices/1", "text/html")) {
			await(4, ConnectionFilter.ofUser("ann"));
			Connections.Sent sent = connections().send("ann", new Notice("shipped"));
			sent.elsewhere().toCompletableFuture().get(30, TimeUnit.SECONDS);
			assertThat(sent.queued()).isEqualTo(3);
			assertThat(sent.unsupported()).isEqualTo(1);
			assertThat(socket.next()).isEqualTo("{\"text\":\"shipped\"}");
			events.until("data: {\"text\":\"shipped\"}\n\n");
			comet.until("<script>parent.notice({\"text\":\"shipped\"});</script>");
			connections().send("ann", 7);
			assertThat(numbers.next()).isEqualTo("7");
			connections().send("bob", new Notice("yours"));
			assertThat(other.next()).isEqualTo("{\"text\":\"yours\"}");
		}
	}

	@Test
	void aUserIsClosedOverEachTransport() throws Exception {
		TestClient socket = connect("ann", "/notices/1");
		TestClient other = connect("bob", "/notices/1");
		try (RawStream events = stream("ann", "/notices/1", "text/event-stream");
				RawStream comet = stream("ann", "/notices/1", "text/html")) {
			await(3, ConnectionFilter.ofUser("ann"));
			assertThat(connections().close("ann", CloseStatus.POLICY_VIOLATION.withReason("account disabled")).closed())
				.isEqualTo(3);
			assertThat(socket.next()).isEqualTo("closed 1008 account disabled");
			assertThat(String.join("", events.chunks())).contains("stream-end");
			comet.chunks();
			await(0, ConnectionFilter.ofUser("ann"));
			connections().send("bob", new Notice("still here"));
			assertThat(other.next()).isEqualTo("{\"text\":\"still here\"}");
		}
	}

	@Test
	void attributesAreSetByTheMethodAndLater() throws Exception {
		TestClient socket = connect("ann", "/notices/7");
		connect("ann", "/notices/8");
		try (RawStream events = stream("bob", "/notices/7", "text/event-stream");
				RawStream ordinary = stream("bob", "/ordinary/7", "text/event-stream")) {
			ConnectionFilter seven = ConnectionFilter.ALL.attribute("order", "7");
			await(3, seven);
			await(1, seven.transport("websocket").endpoint("/notices/{order}"));
			LiveConnection live = connections().find(seven.transport("websocket")).get(0);
			live.info().attributes().set("order", "9");
			await(2, seven);
			assertThat(connections().send(ConnectionFilter.ALL.attribute("order", "9"), new Notice("nine")).queued())
				.isEqualTo(1);
			assertThat(socket.next()).isEqualTo("{\"text\":\"nine\"}");
			assertThat(List.of(events, ordinary)).allSatisfy((stream) -> assertThat(stream.status()).isEqualTo(200));
		}
	}

	@Test
	void aSessionOfOneOfSpringsHandlersIsClosedOnHalleysEngine() throws Exception {
		TestClient session = connect("ann", "/spring");
		boolean known = this.server == Server.TOMCAT_LOOPS || this.server == Server.TOMCAT_NATIVE;
		assertThat(session.send("hi").next()).isEqualTo("hi");
		List<LiveConnection> found = connections().find(ConnectionFilter.ofUser("ann"));
		assertThat(found).hasSize(known ? 1 : 0);
		if (known) {
			assertThat(found.get(0).info().endpoint()).isEqualTo("/spring");
			assertThat(found.get(0).info().handler()).isEqualTo("EchoHandler");
			assertThat(connections().find(found.get(0).info().id())).isPresent();
			assertThat(found.get(0).send("x")).isEqualTo(LiveConnection.Sending.UNSUPPORTED);
			assertThat(connections().close("ann", CloseStatus.POLICY_VIOLATION).closed()).isEqualTo(1);
			assertThat(session.next()).isEqualTo("closed 1008");
		}
		else {
			session.close();
		}
	}

	/**
	 * What is told to a user.
	 *
	 * @param text the text
	 */
	record Notice(String text) {
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import(Notices.class)
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.httpBasic(Customizer.withDefaults())
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(user("ann"), user("bob"));
		}

		private static UserDetails user(String name) {
			return User.withUsername(name).password("{noop}secret").build();
		}

		@Bean
		WebSocketConfigurer handlers() {
			return (registry) -> registry.addHandler(new EchoHandler(), "/spring");
		}

	}

	@Controller
	static class Notices {

		@WebSocketMapping("/notices/{order}")
		@EventSourceMapping("/notices/{order}")
		@CometMapping(path = "/notices/{order}", callback = "parent.notice")
		Out<Notice> notices(@PathVariable String order, ConnectionAttributes attributes) {
			attributes.set("order", order);
			return Out.never();
		}

		@WebSocketMapping("/numbers")
		Out<Integer> numbers() {
			return Out.never();
		}

		@GetMapping(path = "/ordinary/{order}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<Notice> ordinary(@PathVariable String order, ConnectionAttributes attributes) {
			attributes.set("order", order);
			return Out.never();
		}

	}

}
