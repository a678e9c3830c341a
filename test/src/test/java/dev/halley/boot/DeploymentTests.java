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

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;
import dev.halley.test.TesterExtension;

import static dev.halley.test.HalleyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pairs under other paths, over TLS, behind proxies, and with limits.
 */
@ExtendWith(TesterExtension.class)
class DeploymentTests {

	@ParameterizedTest
	@EnumSource
	void worksUnderAContextPathAndAServletPath(Server server) {
		try (ServletWebServerApplicationContext context = server.start("server.servlet.context-path=/app",
				"spring.mvc.servlet.path=/live")) {
			Clients.of(context).webSocket("/app/live/hello").expect("Hello!").close();
			assertThat(Clients.of(context).refusal("/hello")).hasStatus(404);
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksWithLazyInitialization(Server server) {
		greets(server, "spring.main.lazy-initialization=true");
	}

	@ParameterizedTest
	@EnumSource
	void worksWithVirtualThreads(Server server) {
		greets(server, "spring.threads.virtual.enabled=true");
	}

	private static void greets(Server server, String property) {
		try (ServletWebServerApplicationContext context = server.start(property)) {
			Clients.of(context).webSocket("/hello").expect("Hello!").close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksOverTls(Server server, @TempDir Path directory) throws Exception {
		TestKeys keys = TestKeys.create(directory);
		try (ServletWebServerApplicationContext context = server.start(keys.properties())) {
			String text = "x".repeat(60_000);
			Clients.of(context, keys)
				.withOrigin("https://localhost:" + Server.port(context))
				.webSocket("/echo")
				.send(text)
				.expect(text)
				.close(CloseStatus.NORMAL)
				.expectClose(new CloseStatus(1000, ""));
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksOverTlsWithVirtualThreadsAndLargeMessages(Server server, @TempDir Path directory) throws Exception {
		TestKeys keys = TestKeys.create(directory);
		try (ServletWebServerApplicationContext context = server
			.start(keys.properties("spring.threads.virtual.enabled=true", "halley.websocket.max-message-size=1MB"))) {
			LiveClient<String, String> client = Clients.of(context, keys).webSocket("/echo");
			String text = "0123456789abcdef".repeat(1 << 16);
			for (int i = 0; i < 5; i++) {
				client.send(text).expect(text);
			}
			client.close(CloseStatus.NORMAL).expectClose(new CloseStatus(1000, ""));
		}
	}

	@ParameterizedTest
	@EnumSource
	void believesAProxyOnlyWhenToldTo(Server server) {
		try (ServletWebServerApplicationContext context = server.start()) {
			assertThat(forwarded(context).refusal("/address")).hasStatus(403);
		}
		try (ServletWebServerApplicationContext context = server.start("server.forward-headers-strategy=framework")) {
			forwarded(context).webSocket("/address").expect("https example.org 192.0.2.7").close();
		}
	}

	private static LiveClients forwarded(ServletWebServerApplicationContext context) {
		return Clients.of(context)
			.withHeader("X-Forwarded-Proto", "https")
			.withHeader("X-Forwarded-Host", "example.org")
			.withHeader("X-Forwarded-For", "192.0.2.7")
			.withOrigin("https://example.org");
	}

	@ParameterizedTest
	@EnumSource
	void refusesOneConnectionTooMany(Server server) {
		try (ServletWebServerApplicationContext context = server.start("halley.limits.per-address=1")) {
			Clients.of(context).webSocket("/hello").expect("Hello!");
			assertThat(Clients.of(context).refusal("/hello")).hasStatus(503);
		}
	}

	@Test
	void freesThePlaceOfAConnectionThatEnded() {
		try (ServletWebServerApplicationContext context = Server.TOMCAT_LOOPS.start("halley.limits.connections=1")) {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			for (int i = 0; i < 3; i++) {
				Clients.of(context)
					.webSocket("/bye")
					.expect("Hello!")
					.expectClose(new CloseStatus(1000, ""))
					.expectEventually(() -> assertThat(registry.size()).isZero());
			}
		}
	}

	@Test
	void servesNothingWhenDisabled() {
		try (ServletWebServerApplicationContext context = Server.JETTY.start("halley.websocket.enabled=false")) {
			assertThat(Clients.of(context).refusal("/bye")).hasStatus(404);
		}
	}

	@Test
	void refusesToStartWithTheNativeEngineOnJetty() {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> Server.JETTY.start("halley.websocket.engine=native"))
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.withMessageContaining("halley.websocket.engine")
			.withMessageContaining("the server is jetty/");
	}

}
