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

package dev.halley.pages;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;

import dev.halley.test.LiveClients;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/engine.md shows.
 */
class EnginePageTests {

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@Import({ EnginePage.Uncompressed.class, EnginePage.AccountsController.class, Sockets.class })
	class Handlers {

		@Test
		void someAreNotCompressed(@Autowired LiveClients clients) {
			assertThat(extensions(clients, "/others/1")).startsWith("permessage-deflate");
			assertThat(extensions(clients, "/accounts/1")).isNull();
		}

		private static String extensions(LiveClients clients, String path) {
			return clients.withCompression()
				.webSocket(path)
				.expect("Hello!")
				.handshake()
				.headers()
				.getFirst("Sec-WebSocket-Extensions");
		}

		@Test
		void handlersOfSpringAnswer(@Autowired LiveClients clients) {
			clients.webSocket("/mine").send("Hello").expect("nobody: Hello");
			clients.webSocket("/sockjs/websocket").send("Hello").expect("nobody: Hello");
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@Import(EnginePage.GuestSockets.class)
	class Guests {

		@Test
		void theUserIsWhoTheHandshakeSays(@Autowired LiveClients clients) {
			clients.webSocket("/mine").send("Hello").expect("guest: Hello");
		}

	}

}
