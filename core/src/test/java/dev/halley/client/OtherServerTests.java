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

package dev.halley.client;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.web.TestServer;
import dev.halley.websocket.engine.NodeModules;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * WebSockets of servers that are none of Halley: a handler of Spring, and {@code ws} of
 * Node.js.
 */
class OtherServerTests {

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private final HalleyClient client = HalleyClient.create();

	@AfterEach
	void close() {
		this.client.close();
	}

	private InOut<String, String> pair(String text) {
		return InOut.of(In.forEach(this.received::add), Out.of(text).andThen(Out.never()));
	}

	private String next() throws InterruptedException {
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	private static CloseStatus done(ClientConnection connection) throws Exception {
		return connection.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	@Test
	void aHandlerOfSpringAnswers() throws Exception {
		try (TestServer server = TestServer.start(PlainSpring.class)) {
			ClientConnection connection = this.client.connect("ws://127.0.0.1:" + server.port() + "/plain",
					pair("Hello"));
			assertThat(next()).isEqualTo("Spring has Hello");
			connection.close(new CloseStatus(4000, "enough"));
			assertThat(done(connection)).isEqualTo(new CloseStatus(4000, "enough"));
			assertThat(server.bean(PlainSpring.class).closed.poll(30, TimeUnit.SECONDS))
				.isEqualTo(new CloseStatus(4000, "enough"));
		}
	}

	@Test
	void wsOfNodeAnswers() throws Exception {
		try (NodeServer server = NodeServer.start()) {
			ClientConnection connection = this.client.webSocket(server.uri).subprotocols("chat").connect(pair("Hello"));
			assertThat(next()).isEqualTo("chat, none: Hello");
			connection.close(new CloseStatus(4000, "enough"));
			assertThat(done(connection)).isEqualTo(new CloseStatus(4000, "enough"));
			assertThat(server.nextLine()).isEqualTo("closed 4000 enough");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "JDK")
	void wsOfNodeAnswersCompressed(WebSocketLibrary library) throws Exception {
		try (NodeServer server = NodeServer.start();
				HalleyClient client = library.addTo(HalleyClient.builder()).build()) {
			String text = "Hello ".repeat(1000);
			client.webSocket(server.uri).subprotocols("chat").compressed().connect(pair(text));
			assertThat(next()).startsWith("chat, permessage-deflate").endsWith(": " + text);
		}
	}

	/**
	 * A handler of Spring on the WebSocket of Tomcat.
	 */
	@Configuration(proxyBeanMethods = false)
	static class PlainSpring {

		final BlockingQueue<CloseStatus> closed = new LinkedBlockingQueue<>();

		@Bean
		SimpleUrlHandlerMapping plain() {
			TextWebSocketHandler handler = new TextWebSocketHandler() {

				@Override
				protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
					session.sendMessage(new TextMessage("Spring has " + message.getPayload()));
				}

				@Override
				public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
					PlainSpring.this.closed.add(status);
				}

			};
			WebSocketHttpRequestHandler endpoint = new WebSocketHttpRequestHandler(handler,
					new DefaultHandshakeHandler(new StandardWebSocketUpgradeStrategy()));
			return new SimpleUrlHandlerMapping(Map.of("/plain", endpoint), -100);
		}

	}

	/**
	 * A process of Node.js that serves, until it is closed.
	 */
	private static final class NodeServer implements AutoCloseable {

		private final Process process;

		private final BufferedReader output;

		private final String uri;

		private NodeServer(Process process) throws Exception {
			this.process = process;
			this.output = process.inputReader();
			this.uri = "ws://127.0.0.1:" + nextLine() + "/";
		}

		static NodeServer start() throws Exception {
			Path node = NodeModules.node();
			Path script = NodeModules.unpack("node-server.cjs", "ws");
			return new NodeServer(new ProcessBuilder(node.toString(), script.toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start());
		}

		/** Ends with the process, at the latest when its standard input is closed. */
		String nextLine() throws Exception {
			return this.output.readLine();
		}

		@Override
		public void close() throws Exception {
			this.process.getOutputStream().close();
			assertThat(this.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}

	}

}
