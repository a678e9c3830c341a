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

import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.stereotype.Controller;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.socket.CloseStatus;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers of a real server that mean no good.
 */
class HostilePeerTests {

	@ParameterizedTest
	@EnumSource
	void oneWhoseMessageOverflowsTheStackGets1011(Engine engine) {
		try (EngineServer server = EngineServer.on(engine).start(Victims.class);
				RawClient client = server.connect("/deep")) {
			assertThat(client.text("a").next()).isEqualTo("close 1011");
			client.send(Frames.close(1011, ""));
			await().untilAsserted(() -> assertThat(server.bean(Victims.class).done).hasSize(1));
		}
	}

	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void tomcatsTimeoutsDoNotEndAnIdleConnection(Engine engine) throws Exception {
		try (EngineServer server = EngineServer.on(engine).connector((connector) -> {
			connector.setProperty("connectionTimeout", "200");
			connector.setProperty("keepAliveTimeout", "200");
		}).start(EngineEndpoints.class); RawClient client = server.connect("/echo")) {
			await().pollDelay(Duration.ofMillis(2500)).until(() -> true);
			assertThat(client.text("still there").next()).isEqualTo("text still there");
		}
	}

	@ParameterizedTest
	@EnumSource(names = "CONTAINER", mode = EnumSource.Mode.EXCLUDE)
	void aBodyOfTheHandshakeIsNoFrame(Engine engine) throws Exception {
		try (EngineServer server = EngineServer.on(engine).start(EngineEndpoints.class);
				RawClient client = new RawClient(new Socket("localhost", server.port()))) {
			client.send(Frames.utf8(RawClient.request("/echo", "Content-Length: 5") + "hello"),
					Frames.masked(Frames.FIN_TEXT, "a"));
			assertThat(client.readHead().next()).isEqualTo("text a");
		}
	}

	/** Nothing is read meanwhile: only what is written finds it out. */
	@ParameterizedTest
	@CsvSource({ "NATIVE, true", "NATIVE, false", "LOOPS, true", "LOOPS, false" })
	void oneThatGoesWhileItsMessageIsHandledIsMissed(Engine engine, boolean byReset) {
		ConnectionSettings usual = ConnectionSettings.DEFAULT;
		Duration soon = Duration.ofMillis(200);
		try (EngineServer server = EngineServer.on(engine)
			.settings(new ConnectionSettings(usual.sendBufferMessages(), usual.sendBufferBytes(), usual.overflow(),
					usual.maxMessageSize(), usual.idleTimeout(), soon, usual.pongTimeout(), usual.closeTimeout(),
					usual.sendTimeout()))
			.start(EngineEndpoints.class)) {
			RawClient client = server.connect("/stuck");
			client.send(Frames.masked(Frames.FIN_BINARY, "a"));
			await().until(() -> server.bean(EngineEndpoints.class).stuck.get() == 1);
			if (byReset) {
				client.vanish();
			}
			else {
				client.close();
			}
			await().until(() -> server.connections() == 0);
		}
	}

	/** Tomcat tells nobody, but the next write or the next time-out finds it out. */
	@Test
	void aConnectionThatTomcatClosedByItselfCanBeAborted() {
		Connector[] connector = new Connector[1];
		try (EngineServer server = EngineServer.on(Engine.NATIVE)
			.connector((now) -> connector[0] = now)
			.start(Victims.class); RawClient client = server.connect("/quiet")) {
			closeAll(connector[0]);
			assertThat(client.next()).isEqualTo(RawClient.END);
			assertThat(server.connections()).isOne();
			server.bean(ConnectionRegistry.class).abortAll(CloseStatus.NO_CLOSE_FRAME);
			await().untilAsserted(() -> assertThat(server.bean(Victims.class).done).hasSize(1));
		}
	}

	private static void closeAll(Connector connector) {
		Object endpoint = ReflectionTestUtils.getField(connector.getProtocolHandler(), "endpoint");
		Set<SocketWrapperBase<?>> wrappers = ReflectionTestUtils.invokeMethod(endpoint, "getConnections");
		for (SocketWrapperBase<?> wrapper : wrappers) {
			wrapper.getLock().lock();
			try {
				wrapper.close();
			}
			finally {
				wrapper.getLock().unlock();
			}
		}
	}

	@Controller
	static class Victims {

		final List<CloseStatus> done = new CopyOnWriteArrayList<>();

		@WebSocketMapping(path = "/quiet")
		InOut<String, String> quiet() {
			return InOut.of(In.<String>ignore().whenDone(this.done::add), Out.never());
		}

		@WebSocketMapping(path = "/deep")
		InOut<String, String> deep() {
			return InOut.of(In.<String>forEach(this::dive).whenDone(this.done::add), Out.never());
		}

		private int dive(String text) {
			return 1 + dive(text);
		}

	}

}
