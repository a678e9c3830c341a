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
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pairs under other paths, over TLS, behind proxies, and with limits.
 */
class DeploymentTests {

	@ParameterizedTest
	@EnumSource
	void worksUnderAContextPathAndAServletPath(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start("server.servlet.context-path=/app",
				"spring.mvc.servlet.path=/live")) {
			assertThat(helloFrom(Server.url(context, "/app/live/hello"))).isEqualTo("Hello!");
			assertThat(TestClient.refusal(Server.url(context, "/hello"))).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksWithLazyInitialization(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start("spring.main.lazy-initialization=true")) {
			assertThat(helloFrom(Server.url(context, "/hello"))).isEqualTo("Hello!");
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksOverTls(Server server, @TempDir Path directory) throws Exception {
		TestKeys keys = TestKeys.create(directory);
		try (ServletWebServerApplicationContext context = server.start(keys.properties())) {
			String url = "wss://localhost:" + Server.port(context) + "/echo";
			TestClient client = TestClient.connect(keys.trusting(), url, "Origin",
					"https://localhost:" + Server.port(context));
			String text = "x".repeat(60_000);
			assertThat(client.send(text).next()).isEqualTo(text);
			assertThat(client.close().next()).isEqualTo("closed 1000");
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksWithVirtualThreads(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start("spring.threads.virtual.enabled=true")) {
			assertThat(helloFrom(Server.url(context, "/hello"))).isEqualTo("Hello!");
		}
	}

	@ParameterizedTest
	@EnumSource
	void worksOverTlsWithVirtualThreadsAndLargeMessages(Server server, @TempDir Path directory) throws Exception {
		TestKeys keys = TestKeys.create(directory);
		try (ServletWebServerApplicationContext context = server
			.start(keys.properties("spring.threads.virtual.enabled=true", "halley.websocket.max-message-size=1MB"))) {
			TestClient client = TestClient.connect(keys.trusting(),
					"wss://localhost:" + Server.port(context) + "/echo");
			String text = "0123456789abcdef".repeat(1 << 16);
			for (int i = 0; i < 5; i++) {
				assertThat(client.send(text).next()).isEqualTo(text);
			}
			assertThat(client.close().next()).isEqualTo("closed 1000");
		}
	}

	@ParameterizedTest
	@EnumSource
	void believesAProxyOnlyWhenToldTo(Server server) throws Exception {
		String[] forwarded = { "X-Forwarded-Proto", "https", "X-Forwarded-Host", "example.org", "X-Forwarded-For",
				"192.0.2.7", "Origin", "https://example.org" };
		try (ServletWebServerApplicationContext context = server.start()) {
			assertThat(TestClient.refusal(Server.url(context, "/address"), forwarded)).isEqualTo(403);
		}
		try (ServletWebServerApplicationContext context = server.start("server.forward-headers-strategy=framework")) {
			TestClient client = TestClient.connect(Server.url(context, "/address"), forwarded);
			assertThat(client.next()).isEqualTo("https example.org 192.0.2.7");
			client.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesOneConnectionTooMany(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start("halley.limits.per-address=1")) {
			TestClient first = TestClient.connect(Server.url(context, "/hello"));
			assertThat(first.next()).isEqualTo("Hello!");
			assertThat(TestClient.refusal(Server.url(context, "/hello"))).isEqualTo(503);
		}
	}

	@Test
	void freesThePlaceOfAConnectionThatEnded() throws Exception {
		try (ServletWebServerApplicationContext context = Server.TOMCAT_LOOPS.start("halley.limits.connections=1")) {
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			for (int i = 0; i < 3; i++) {
				TestClient client = TestClient.connect(Server.url(context, "/bye"));
				assertThat(List.of(client.next(), client.next())).containsExactly("Hello!", "closed 1000");
				Awaitility.await().until(() -> registry.size() == 0);
			}
		}
	}

	@Test
	void servesNothingWhenDisabled() {
		try (ServletWebServerApplicationContext context = Server.JETTY.start("halley.websocket.enabled=false")) {
			assertThat(TestClient.refusal(Server.url(context, "/bye"))).isEqualTo(404);
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

	private static String helloFrom(String url) throws InterruptedException {
		TestClient client = TestClient.connect(url);
		String hello = client.next();
		client.close();
		return hello;
	}

}
