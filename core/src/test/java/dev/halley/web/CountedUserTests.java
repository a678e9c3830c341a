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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.CountedUser;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections count as those of whom an application says, on all wires.
 */
class CountedUserTests {

	private TestServer server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void oneKeyOfTheApplicationsHasAsManyPlacesAsOneUserOnAllWires(Engine engine) throws IOException {
		this.server = TestServer.start(engine, ByKey.class, Endpoints.class);
		try (Socket pair = handshake("/pair", "a").open();
				RawStream events = stream("/stream", "text/event-stream", "a")) {
			assertThat(RawHandshake.Answer.read(pair).status()).isEqualTo(101);
			assertThat(events.status()).isEqualTo(200);
			assertThat(handshake("/pair", "a").send().status()).isEqualTo(503);
			assertThat(refused("/stream", "text/html", "a")).isEqualTo(503);
			assertThat(refused("/stream", "text/html", "b")).isEqualTo(200);
			assertThat(RawHandshake.to(this.server, "/pair").send().status()).isEqualTo(101);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "NATIVE", "LOOPS" })
	void sessionsOfSpringsHandlersCountLikewise(Engine engine) throws IOException {
		this.server = TestServer.start(engine, ByKey.class, Endpoints.class, Handlers.class);
		try (Socket pair = handshake("/pair", "a").open(); Socket session = handshake("/handler", "a").open()) {
			assertThat(RawHandshake.Answer.read(pair).status()).isEqualTo(101);
			assertThat(RawHandshake.Answer.read(session).status()).isEqualTo(101);
			assertThat(handshake("/handler", "a").send().status()).isEqualTo(503);
			assertThat(handshake("/handler", "b").send().status()).isEqualTo(101);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatItThrowsIsTheAnswer(Engine engine) throws IOException {
		this.server = TestServer.start(engine, ByKey.class, Endpoints.class);
		assertThat(handshake("/pair", "unknown").send().status()).isEqualTo(403);
		assertThat(refused("/stream", "text/event-stream", "unknown")).isEqualTo(403);
		assertThat(refused("/stream", "text/html", "unknown")).isEqualTo(403);
		this.server.awaitNoPlaceWithoutConnection();
	}

	private RawHandshake handshake(String path, String key) {
		return RawHandshake.to(this.server, path).add("X-Api-Key", key);
	}

	private RawStream stream(String path, String accept, String key) throws IOException {
		return RawStream.get(this.server.port(), path, "Accept: " + accept, "X-Api-Key: " + key);
	}

	private int refused(String path, String accept, String key) throws IOException {
		try (RawStream stream = stream(path, accept, key)) {
			return stream.status();
		}
	}

	static class ByKey {

		@Bean
		ConnectionLimits limits() {
			return new ConnectionLimits(100, 100, 2);
		}

		@Bean
		CountedUser countedUser() {
			return (request, user) -> {
				String key = request.getHeader("X-Api-Key");
				if ("unknown".equals(key)) {
					throw new ResponseStatusException(HttpStatus.FORBIDDEN);
				}
				return key;
			};
		}

	}

	@RestController
	static class Endpoints {

		@WebSocketMapping("/pair")
		InOut<String, String> pair() {
			return InOut.of(In.ignore(), Out.never());
		}

		@EventSourceMapping("/stream")
		@CometMapping(path = "/stream", callback = "f")
		Out<String> stream() {
			return Out.never();
		}

	}

	@EnableWebSocket
	static class Handlers {

		@Bean
		WebSocketConfigurer handlers(RequestUpgradeStrategy strategy) {
			return (registry) -> registry.addHandler(new TextWebSocketHandler(), "/handler")
				.setHandshakeHandler(new DefaultHandshakeHandler(strategy));
		}

	}

}
