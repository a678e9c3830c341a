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

import java.util.Map;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionMeter;
import dev.halley.connection.ConnectionObserver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An observer that throws whatever it is told breaks nothing for clients.
 */
class FailingObserverTests {

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start(Observed.class, Live.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static void awaitPlaces(int taken) {
		Awaitility.await().untilAsserted(() -> assertThat(server.registry().reserved()).isEqualTo(taken));
	}

	@Test
	void aPairIsRunAndGivesItsPlaceBack() {
		try (TestServer.Client client = server.connect("/echo")) {
			assertThat(client.say("a").next()).isEqualTo("a");
			assertThat(server.registry().reserved()).isOne();
		}
		awaitPlaces(0);
	}

	@Test
	void aSessionOfSpringsHandlersKeepsItsPlaceUntilItsEnd() {
		try (TestServer.Client client = server.connect("/spring")) {
			assertThat(client.say("a").next()).isEqualTo("a");
			assertThat(server.registry().reserved()).isOne();
			assertThat(server.registry().size()).isOne();
		}
		awaitPlaces(0);
		Awaitility.await().untilAsserted(() -> assertThat(server.registry().size()).isZero());
	}

	@Test
	void aRefusalHasItsStatus() {
		assertThat(RawHandshake.to(server, "/echo").add("Origin", "https://evil.example").send().status())
			.isEqualTo(403);
	}

	@Controller
	static class Live {

		@WebSocketMapping("/echo")
		InOut<String, String> echo() {
			return InOut.flow((messages) -> messages);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Observed {

		@Bean
		ConnectionObserver observer() {
			return new Failing();
		}

		@Bean
		SimpleUrlHandlerMapping plain(RequestUpgradeStrategy strategy) {
			TextWebSocketHandler handler = new TextWebSocketHandler() {

				@Override
				protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
					session.sendMessage(message);
				}

			};
			return new SimpleUrlHandlerMapping(
					Map.of("/spring", new WebSocketHttpRequestHandler(handler, new DefaultHandshakeHandler(strategy))),
					-100);
		}

	}

	private static final class Failing implements ConnectionObserver {

		@Override
		public void handshake(Wire wire, Outcome outcome, int status) {
			throw new IllegalStateException("handshake");
		}

		@Override
		public ConnectionMeter connected(Wire wire, @Nullable Connection connection) {
			throw new IllegalStateException("connected");
		}

	}

}
