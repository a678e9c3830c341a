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
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A handshake that was accepted, but whose connection never comes to be, keeps no place
 * in the limits: for pairs on both engines, and for Spring's handlers on ours.
 */
class HandshakeEndTests {

	private static final int HANDSHAKES = 200;

	private final AtomicBoolean failing = new AtomicBoolean();

	private EngineServer server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	private void start(Engine engine, int limit) {
		Filter filter = (request, response, chain) -> {
			chain.doFilter(request, response);
			if (this.failing.get()) {
				throw new ServletException("after the upgrade");
			}
		};
		this.server = EngineServer.on(engine)
			.timeouts(Duration.ofMillis(500), Duration.ofSeconds(2))
			.limits(new ConnectionLimits(limit, limit, limit))
			.filter(filter)
			.start(EngineEndpoints.class, EngineSpringTests.Handlers.class);
	}

	private Socket handshake(String path) throws IOException {
		Socket socket = new Socket("localhost", this.server.port());
		socket.getOutputStream().write(Frames.utf8(RawClient.request(path)));
		return socket;
	}

	private void assertNobodyIsLeft() {
		ConnectionRegistry registry = this.server.bean(ConnectionRegistry.class);
		await().untilAsserted(() -> {
			assertThat(registry.size()).isZero();
			assertThat(registry.reserved()).isZero();
		});
	}

	private void assertServes(String path) {
		try (RawClient client = this.server.connect(path)) {
			assertThat(client.text("still there").next()).isEqualTo("text still there");
		}
		assertNobodyIsLeft();
	}

	@ParameterizedTest
	@CsvSource({ "NATIVE, /echo", "CONTAINER, /echo", "NATIVE, /later", "CONTAINER, /later", "NATIVE, /spring",
			"LOOPS, /echo", "LOOPS, /later", "LOOPS, /spring" })
	void aClientThatResetsRightAfterItsHandshakeKeepsNoPlace(Engine engine, String path) throws IOException {
		start(engine, HANDSHAKES);
		for (int i = 0; i < HANDSHAKES; i++) {
			try (Socket socket = handshake(path)) {
				socket.setSoLinger(true, 0);
			}
		}
		assertNobodyIsLeft();
		assertServes(path);
	}

	@ParameterizedTest
	@CsvSource({ "NATIVE, /echo", "CONTAINER, /echo", "NATIVE, /spring", "LOOPS, /echo", "LOOPS, /spring" })
	void aFilterThatFailsAfterTheUpgradeKeepsNoPlace(Engine engine, String path) throws IOException {
		start(engine, 5);
		this.failing.set(true);
		for (int i = 0; i < 5; i++) {
			try (Socket socket = handshake(path)) {
				socket.setSoTimeout(30_000);
				socket.shutdownOutput();
				socket.getInputStream().readAllBytes();
			}
		}
		assertNobodyIsLeft();
		this.failing.set(false);
		assertServes(path);
	}

}
