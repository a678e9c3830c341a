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

import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same as {@link RecursionTests} for a handler of Spring's on Halley's engine.
 */
class HandlerRecursionTests {

	private static final int CONNECTIONS = 20;

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_LOOPS", "TOMCAT_NATIVE" })
	void closesTheSessionAndNoOther(Server server) throws Exception {
		try (ServletWebServerApplicationContext context = server.start(RecursionTests.Recursive.class)) {
			RecursionTests.log(Level.OFF);
			for (int i = 0; i < CONNECTIONS; i++) {
				TestClient client = TestClient.connect(Server.url(context, "/spring")).send("go");
				assertThat(RecursionTests.end(client)).isEqualTo("closed 1011");
			}
			ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
			Awaitility.await()
				.atMost(30, TimeUnit.SECONDS)
				.until(() -> registry.size() == 0 && registry.reserved() == 0);
			TestClient client = TestClient.connect(Server.url(context, "/echo")).send("Hi");
			assertThat(client.next()).isEqualTo("Hi");
			assertThat(client.close().next()).isEqualTo("closed 1000");
		}
		finally {
			RecursionTests.log(Level.INFO);
		}
	}

}
