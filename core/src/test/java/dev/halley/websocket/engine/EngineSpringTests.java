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

package dev.halley.websocket.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;
import org.springframework.web.socket.sockjs.client.SockJsClient;
import org.springframework.web.socket.sockjs.client.WebSocketTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Spring brings runs on both engines alike: handlers of {@code @EnableWebSocket},
 * SockJS, and STOMP with the simple broker.
 */
class EngineSpringTests {

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private final StandardWebSocketClient client = new StandardWebSocketClient();

	private final SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();

	private EngineServer server;

	@BeforeEach
	void clear() {
		Echo.LAST.clear();
	}

	@AfterEach
	void stop() {
		this.scheduler.close();
		this.server.close();
	}

	private String next() throws InterruptedException {
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@EnumSource
	void aHandlerSendsAndReceives(Engine engine) throws Exception {
		this.server = EngineServer.on(engine).start(Handlers.class);
		try (RawClient raw = this.server.connect("/spring?a=b", "Sec-WebSocket-Protocol: v2, v1", "X-Test: yes")) {
			assertThat(raw.head()).containsIgnoringCase("Sec-WebSocket-Protocol: v1");
			assertThat(raw.text("hello").next()).isEqualTo("text hello");
			raw.send(Frames.masked(Frames.FIN_BINARY, new byte[5]));
			assertThat(raw.next()).isEqualTo("binary 5");
			raw.text("parts");
			assertThat(raw.next()).isEqualTo("text one, two");
			raw.text("close");
			assertThat(raw.next()).isEqualTo("close 4000");
			raw.send(Frames.close(4000, ""));
			assertThat(raw.next()).isEqualTo(RawClient.END);
		}
		String events = Echo.LAST.poll(30, TimeUnit.SECONDS);
		assertThat(events).contains("/spring?a=b", "v1", "X-Test:yes", "attribute:value", "127.0.0.1", "closed 4000");
	}

	@ParameterizedTest
	@EnumSource
	void aHandlerThatThrowsClosesWith1011(Engine engine) {
		this.server = EngineServer.on(engine).start(Handlers.class);
		try (RawClient raw = this.server.connect("/spring")) {
			assertThat(raw.text("throw").next()).isEqualTo("close 1011");
		}
	}

	/** The handler blocks the container's thread while the peer does not read. */
	@ParameterizedTest
	@EnumSource
	void aHandlerThatBlocksOnASlowPeerSendsAll(Engine engine) {
		this.server = EngineServer.on(engine).start(Handlers.class);
		try (RawClient raw = this.server.connect("/spring")) {
			raw.text("much");
			await().until(() -> Echo.started.getCount() == 0);
			for (int i = 0; i < 400; i++) {
				assertThat(raw.next()).isEqualTo("binary 60000");
			}
			assertThat(raw.text("still there").next()).isEqualTo("text still there");
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatOthersSendGetsOutWhileAHandlerBlocks(Engine engine) {
		this.server = EngineServer.on(engine).start(Handlers.class);
		try (RawClient raw = this.server.connect("/spring")) {
			raw.text("blocked");
			for (int i = 0; i < 400; i++) {
				assertThat(raw.next()).isEqualTo("binary 60000");
			}
			Echo.BLOCKED.release();
			assertThat(raw.text("still there").next()).isEqualTo("text still there");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aKeyThatIsNot16BytesInBase64IsRefused(Engine engine) throws Exception {
		this.server = EngineServer.on(engine).start(Handlers.class);
		for (String key : new String[] { "", "c2hvcnQ=", "!!!!IHNhbXBsZSBub25jZQ==" }) {
			assertThat(status(RawClient.request("/spring").replace("dGhlIHNhbXBsZSBub25jZQ==", key))).isEqualTo(400);
		}
	}

	/** Of the container's WebSocket, its own rules hold. */
	@ParameterizedTest
	@EnumSource(names = { "NATIVE", "LOOPS" })
	void whatIsRefusedToPairsIsRefusedToHandlers(Engine engine) throws Exception {
		this.server = EngineServer.on(engine).start(Handlers.class);
		String key = "dGhlIHNhbXBsZSBub25jZQ==";
		assertThat(status(RawClient.request("/spring").replace(key, "dGhlIHNhbXBsZSBub25jZQ"))).isEqualTo(400);
		assertThat(status(RawClient.request("/spring", "Sec-WebSocket-Key: " + key))).isEqualTo(400);
		assertThat(status(RawClient.request("/spring", "Sec-WebSocket-Extensions: a; b=\"x y\""))).isEqualTo(400);
		assertThat(status(RawClient.request("/spring", "Sec-WebSocket-Extensions: unknown; a=1, "))).isEqualTo(101);
	}

	/** Tomcat's own WebSocket takes it. */
	@Test
	void http10HasNoUpgrade() throws Exception {
		this.server = EngineServer.on(Engine.NATIVE).start(Handlers.class);
		assertThat(status(RawClient.request("/spring").replace("HTTP/1.1", "HTTP/1.0"))).isEqualTo(400);
	}

	private int status(String request) throws IOException {
		try (Socket socket = new Socket("localhost", this.server.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(Frames.utf8(request));
			byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 400".length());
			return Integer.parseInt(new String(start, "HTTP/1.1 ".length(), 3, StandardCharsets.US_ASCII));
		}
	}

	@ParameterizedTest
	@EnumSource
	void sockJsRuns(Engine engine) throws Exception {
		this.server = EngineServer.on(engine).start(Handlers.class);
		SockJsClient sockJs = new SockJsClient(List.of(new WebSocketTransport(this.client)));
		WebSocketSession session = sockJs.execute(new Receiver(), this.server.url("/sockjs").replace("ws:", "http:"))
			.get(30, TimeUnit.SECONDS);
		session.sendMessage(new TextMessage("over SockJS"));
		assertThat(next()).isEqualTo("over SockJS");
		session.close();
		assertThat(next()).startsWith("close ");
	}

	@ParameterizedTest
	@EnumSource
	void stompRunsWithTheSimpleBroker(Engine engine) throws Exception {
		this.server = EngineServer.on(engine).start(Stomp.class, Greeter.class);
		WebSocketStompClient stomp = new WebSocketStompClient(this.client);
		stomp.setMessageConverter(new StringMessageConverter());
		stomp.setTaskScheduler(this.scheduler);
		List<StompSession> sessions = new ArrayList<>();
		List<Greetings> greetings = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Greetings subscriber = new Greetings();
			StompSession session = stomp.connectAsync(this.server.url("/stomp"), new StompSessionHandlerAdapter() {
			}).get(30, TimeUnit.SECONDS);
			session.subscribe("/topic/greetings", subscriber);
			await().until(() -> {
				session.send("/app/greet", "?");
				return subscriber.received.contains("Hello ?");
			});
			sessions.add(session);
			greetings.add(subscriber);
		}
		String world = "World".repeat(1_000);
		sessions.get(0).send("/app/greet", world);
		greetings.forEach((subscriber) -> await().until(() -> subscriber.received.contains("Hello " + world)));
		sessions.forEach(StompSession::disconnect);
	}

	private final class Receiver extends TextWebSocketHandler {

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) {
			EngineSpringTests.this.received.add(message.getPayload());
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			EngineSpringTests.this.received.add("close " + status.getCode());
		}

	}

	private static final class Greetings implements StompFrameHandler {

		private final List<String> received = new CopyOnWriteArrayList<>();

		@Override
		public Type getPayloadType(StompHeaders headers) {
			return String.class;
		}

		@Override
		public void handleFrame(StompHeaders headers, Object payload) {
			this.received.add((String) payload);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSocket
	static class Handlers {

		@Bean
		WebSocketConfigurer handlers(RequestUpgradeStrategy strategy) {
			return new WebSocketConfigurer() {

				@Override
				public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
					DefaultHandshakeHandler handshakes = new DefaultHandshakeHandler(strategy);
					handshakes.setSupportedProtocols("v1");
					registry.addHandler(new Echo(), "/spring")
						.setHandshakeHandler(handshakes)
						.addInterceptors(new Attributes());
					registry.addHandler(new Echo(), "/sockjs")
						.setHandshakeHandler(new DefaultHandshakeHandler(strategy))
						.withSockJS();
				}

			};
		}

	}

	private static final class Attributes extends HttpSessionHandshakeInterceptor {

		@Override
		public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Map<String, Object> attributes) {
			attributes.put("attribute", "attribute:value");
			return true;
		}

	}

	/** Echoes, and does a few other things when told to. */
	private static final class Echo extends AbstractWebSocketHandler {

		private static final BlockingQueue<String> LAST = new LinkedBlockingQueue<>();

		private static final Semaphore BLOCKED = new Semaphore(0);

		private static volatile CountDownLatch started = new CountDownLatch(1);

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			started = new CountDownLatch(1);
		}

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
			switch (message.getPayload()) {
				case "throw" -> throw new IllegalStateException("told to");
				case "close" -> session.close(new CloseStatus(4000));
				case "parts" -> {
					session.sendMessage(new TextMessage("one, ", false));
					session.sendMessage(new TextMessage("two", true));
				}
				case "much" -> {
					started.countDown();
					sendMuch(session);
				}
				case "blocked" -> {
					new Thread(() -> sendMuch(session), "sender").start();
					BLOCKED.acquire();
				}
				default -> session.sendMessage(message);
			}
		}

		private static void sendMuch(WebSocketSession session) {
			try {
				for (int i = 0; i < 400; i++) {
					session.sendMessage(new BinaryMessage(ByteBuffer.allocate(60_000)));
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws Exception {
			session.sendMessage(message);
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			URI uri = session.getUri();
			List<WebSocketExtension> extensions = session.getExtensions();
			LAST.add(String.join(" ", uri.getPath() + "?" + uri.getQuery(), session.getAcceptedProtocol(),
					"X-Test:" + session.getHandshakeHeaders().getFirst("X-Test"),
					(String) session.getAttributes().get("attribute"), String.valueOf(session.getRemoteAddress()),
					extensions.toString(), "closed " + status.getCode()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketMessageBroker
	static class Stomp {

		@Bean
		WebSocketMessageBrokerConfigurer broker(RequestUpgradeStrategy strategy) {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void registerStompEndpoints(StompEndpointRegistry registry) {
					registry.addEndpoint("/stomp").setHandshakeHandler(new DefaultHandshakeHandler(strategy));
				}

				@Override
				public void configureMessageBroker(MessageBrokerRegistry registry) {
					registry.enableSimpleBroker("/topic");
					registry.setApplicationDestinationPrefixes("/app");
				}

			};
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
