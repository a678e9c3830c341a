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

import java.net.URI;

import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import dev.halley.test.LiveClients;

/**
 * Clients of applications on each {@link Server}.
 */
final class Clients {

	private Clients() {
	}

	static LiveClients of(ServletWebServerApplicationContext context) {
		return LiveClients.of(URI.create("http://localhost:" + Server.port(context)));
	}

	static LiveClients of(ServletWebServerApplicationContext context, TestKeys keys) throws Exception {
		return LiveClients.of(URI.create("https://localhost:" + Server.port(context))).withSsl(keys.trusting());
	}

}
