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

import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.ServletWebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.sockjs.client.SockJsClient;
import org.springframework.web.socket.sockjs.client.WebSocketTransport;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.test.LiveClient;
import dev.halley.test.TesterExtension;
import dev.halley.web.WebSocketRuntime;
import dev.halley.websocket.ContainerUpgradeStrategy;

import static dev.halley.test.HalleyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The handlers of {@code @EnableWebSocket}, SockJS and STOMP run on the engine that is
 * configured, though the application says nothing of it.
 */
@ExtendWith(TesterExtension.class)
class SpringHandlersTests {

	private static final String STOMP_CONNECT = "CONNECT\naccept-version:1.2\nhost:localhost\n\n\0";

	private static ServletWebServerApplicationContext start(String engine, String... properties) {
		return Server.TOMCAT_LOOPS.start(Handlers.class, join(properties, "halley.websocket.engine=" + engine));
	}

	private static String[] join(String[] properties, String another) {
		String[] all = Arrays.copyOf(properties, properties.length + 1);
		all[properties.length] = another;
		return all;
	}

	/** The registry knows of what the native engine carries, and of nothing else here. */
	private static void assertCarried(ServletWebServerApplicationContext context, String engine) {
		assertThat(context.getBean(ConnectionRegistry.class).size()).isEqualTo(engine.equals("container") ? 0 : 1);
	}

	private static void awaitNone(ServletWebServerApplicationContext context) {
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		Awaitility.await().until(() -> registry.size() == 0 && registry.reserved() == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "native", "container" })
	void aHandlerRunsOnTheEngine(String engine) {
		try (ServletWebServerApplicationContext context = start(engine)) {
			LiveClient<String, String> client = Clients.of(context).webSocket("/plain").send("hello").expect("hello");
			assertCarried(context, engine);
			client.close(CloseStatus.NORMAL).expectClose(new CloseStatus(1000, ""));
			awaitNone(context);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "container" })
	void sockJsRunsOnTheEngine(String engine) throws Exception {
		try (ServletWebServerApplicationContext context = start(engine)) {
			Receiver receiver = new Receiver();
			WebSocketSession session = sockJs(context, receiver);
			session.sendMessage(new TextMessage("hello"));
			assertThat(receiver.next()).isEqualTo("hello");
			assertCarried(context, engine);
			session.close();
			awaitNone(context);
		}
	}

	private static WebSocketSession sockJs(ServletWebServerApplicationContext context, Receiver receiver)
			throws Exception {
		SockJsClient client = new SockJsClient(List.of(new WebSocketTransport(new StandardWebSocketClient())));
		return client.execute(receiver, "http://localhost:" + Server.port(context) + "/sockjs")
			.get(30, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "container" })
	void stompRunsOnTheEngine(String engine) {
		try (ServletWebServerApplicationContext context = start(engine)) {
			LiveClient<String, String> client = stomp(context)
				.send("SUBSCRIBE\nid:1\ndestination:/topic/greetings\nreceipt:r\n\n\0");
			client.expectEventually(() -> {
				client.send("SEND\ndestination:/app/greet\n\nthere\0");
				assertThat(client.unread()).asString().contains("Hello there");
			});
			assertCarried(context, engine);
			client.vanish();
			awaitNone(context);
		}
	}

	private static LiveClient<String, String> stomp(ServletWebServerApplicationContext context) {
		return Clients.of(context)
			.webSocket("/stomp")
			.send(STOMP_CONNECT)
			.expectMatch((text) -> text.startsWith("CONNECTED"));
	}

	@Test
	void aHandshakeHandlerOfTheApplicationStays() {
		try (ServletWebServerApplicationContext context = start("auto")) {
			Clients.of(context).webSocket("/own").send("hello").expect("hello");
			assertCarried(context, "container");
		}
	}

	@Test
	void aHandshakeHandlerOfTheApplicationCanTakeTheEngine() {
		try (ServletWebServerApplicationContext context = start("auto")) {
			Clients.of(context).webSocket("/guest").expect("guest");
			assertCarried(context, "auto");
		}
	}

	@Test
	void aHandlerThatWantsPartsGetsThemFromTheContainer() {
		try (ServletWebServerApplicationContext context = start("auto")) {
			LiveClient<String, String> client = Clients.of(context).webSocket("/parts").send("x".repeat(100_000));
			client.expect("false");
			assertCarried(context, "container");
			client.vanish();
		}
	}

	@Test
	void theRegistryOfHandlersIsStillSpringsOwnClass() {
		try (ServletWebServerApplicationContext context = start("auto")) {
			AbstractHandlerMapping mapping = context.getBean("webSocketHandlerMapping", AbstractHandlerMapping.class);
			assertThat(mapping.getOrder()).isEqualTo(7);
		}
	}

	@Test
	void aHandlerIsToldOfTheApplicationsEndAndSoIsItsPeer() throws Exception {
		ServletWebServerApplicationContext context = start("auto");
		Receiver receiver = new Receiver();
		LiveClient<String, String> plain = Clients.of(context).webSocket("/plain").send("hello").expect("hello");
		LiveClient<String, String> stomp = stomp(context);
		sockJs(context, receiver);
		BlockingQueue<Integer> ends = context.getBean(Echo.class).ends;
		context.close();
		plain.expectClose(new CloseStatus(1001, ""));
		stomp.expectClose(new CloseStatus(1001, ""));
		assertThat(receiver.next()).isEqualTo("closed 1001");
		assertThat(Arrays.asList(ends.poll(30, TimeUnit.SECONDS), ends.poll(30, TimeUnit.SECONDS)))
			.containsExactly(1001, 1001);
	}

	@Test
	void aPeerThatNeverAnswersDoesNotHoldUpTheApplicationsEnd() throws Exception {
		ServletWebServerApplicationContext context = start("auto", "halley.shutdown.timeout=1s",
				"halley.websocket.close-timeout=1h");
		try (RawClient mute = new RawClient(Server.port(context))) {
			mute.handshake("/plain");
			CompletableFuture<Void> closed = Server.close(context);
			assertThat(mute.read(4)).isEqualTo("88 02 03 e9");
			closed.get(60, TimeUnit.SECONDS);
			assertThat(mute.read(1)).isEmpty();
		}
	}

	@Test
	void oneConnectionTooManyIsRefused() {
		try (ServletWebServerApplicationContext context = start("auto", "halley.limits.connections=1")) {
			LiveClient<String, String> first = Clients.of(context).webSocket("/plain");
			assertThat(Clients.of(context).refusal("/plain")).hasStatus(503);
			first.close(CloseStatus.NORMAL).expectClose(new CloseStatus(1000, ""));
			awaitNone(context);
			Clients.of(context).webSocket("/plain").close();
		}
	}

	private static final class Receiver extends TextWebSocketHandler {

		private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) {
			this.events.add(message.getPayload());
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			this.events.add("closed " + status.getCode());
		}

		String next() throws InterruptedException {
			return this.events.poll(30, TimeUnit.SECONDS);
		}

	}

	private static final class Echo extends TextWebSocketHandler {

		private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
			session.sendMessage(message);
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			this.ends.add(status.getCode());
		}

	}

	private static final class Greeting extends TextWebSocketHandler {

		@Override
		public void afterConnectionEstablished(WebSocketSession session) throws Exception {
			session.sendMessage(new TextMessage(session.getPrincipal().getName()));
		}

	}

	/** Tells of each part whether it is the last. */
	private static final class Parts extends TextWebSocketHandler {

		@Override
		public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
			session.sendMessage(new TextMessage(String.valueOf(message.isLast())));
		}

		@Override
		public boolean supportsPartialMessages() {
			return true;
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocket
	@Import({ Stomp.class, Greeter.class })
	static class Handlers implements WebSocketConfigurer {

		private final Echo echo = new Echo();

		private final WebSocketRuntime runtime;

		Handlers(WebSocketRuntime runtime) {
			this.runtime = runtime;
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

		@Bean
		Echo echo() {
			return this.echo;
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			((ServletWebSocketHandlerRegistry) registry).setOrder(7);
			registry.addHandler(this.echo, "/plain");
			registry.addHandler(this.echo, "/sockjs").withSockJS();
			registry.addHandler(this.echo, "/own")
				.setHandshakeHandler(
						new DefaultHandshakeHandler(new ContainerUpgradeStrategy(this.runtime.registry())));
			registry.addHandler(new Parts(), "/parts");
			registry.addHandler(new Greeting(), "/guest").setHandshakeHandler(guests());
		}

		private DefaultHandshakeHandler guests() {
			return new DefaultHandshakeHandler(this.runtime.upgradeStrategy()) {

				@Override
				protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
						Map<String, Object> attributes) {
					return () -> "guest";
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketMessageBroker
	static class Stomp implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	@Controller
	static class Greeter {

		@MessageMapping("/greet")
		@SendTo("/topic/greetings")
		String greet(String name) {
			return "Hello " + name;
		}

	}

}
