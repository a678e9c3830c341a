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

import java.util.Map;
import java.util.Set;

import org.glassfish.tyrus.ext.extension.deflate.PerMessageDeflateExtension;

/**
 * WebSocket clients that people use, all spoken to alike.
 */
enum TestClients {

	/** Knows no compression. */
	JDK(Ability.FRAGMENTS, Ability.PINGS) {
		@Override
		TestClient connect(String url) {
			return new JdkClient(url);
		}
	},

	/** Compresses whatever it sends. */
	OKHTTP(Ability.COMPRESSION) {
		@Override
		TestClient connect(String url) throws Exception {
			return new OkHttpTestClient(url, 0);
		}
	},

	/** Agrees on compression, but compresses nothing. */
	OKHTTP_PLAIN(Ability.COMPRESSION) {
		@Override
		TestClient connect(String url) throws Exception {
			return new OkHttpTestClient(url, Long.MAX_VALUE);
		}
	},

	JETTY(Ability.FRAGMENTS, Ability.PINGS) {
		@Override
		TestClient connect(String url) throws Exception {
			return JakartaClient.jetty(url);
		}
	},

	/** Takes its context over, whatever the server says. */
	JETTY_DEFLATE(Ability.FRAGMENTS, Ability.PINGS, Ability.COMPRESSION) {
		@Override
		TestClient connect(String url) throws Exception {
			return JakartaClient.jetty(url, JakartaClient.DEFLATE);
		}
	},

	TOMCAT(Ability.FRAGMENTS, Ability.PINGS) {
		@Override
		TestClient connect(String url) throws Exception {
			return JakartaClient.tomcat(url);
		}
	},

	TOMCAT_DEFLATE(Ability.FRAGMENTS, Ability.PINGS, Ability.COMPRESSION) {
		@Override
		TestClient connect(String url) throws Exception {
			return JakartaClient.tomcat(url, JakartaClient.DEFLATE);
		}
	},

	TYRUS(Ability.FRAGMENTS, Ability.PINGS) {
		@Override
		TestClient connect(String url) throws Exception {
			return JakartaClient.tyrus(url);
		}
	},

	/**
	 * Keeps its context too, marks each fragment as compressed, and compresses nothing
	 * into a single byte, which Tomcat does not expect.
	 */
	TYRUS_DEFLATE(Ability.FRAGMENTS, Ability.PINGS, Ability.COMPRESSION) {

		@Override
		boolean mayCompressFor(Engine engine) {
			return false;
		}

		@Override
		TestClient connect(String url) throws Exception {
			return JakartaClient.tyrus(url, new PerMessageDeflateExtension());
		}
	},

	/** Offers {@code client_max_window_bits}. */
	WS(Ability.FRAGMENTS, Ability.PINGS, Ability.COMPRESSION) {
		@Override
		TestClient connect(String url) throws Exception {
			return NodeClients.connect("ws", url, true);
		}
	},

	WS_PLAIN(Ability.FRAGMENTS, Ability.PINGS) {
		@Override
		TestClient connect(String url) throws Exception {
			return NodeClients.connect("ws", url, false);
		}
	},

	/** Asks for and offers all that RFC 7692 has. */
	WS_SMALL_WINDOWS(Ability.FRAGMENTS, Ability.PINGS, Ability.COMPRESSION, Ability.WINDOWS) {
		@Override
		TestClient connect(String url) throws Exception {
			return NodeClients.connect("ws", url, Map.of("serverMaxWindowBits", 10, "clientMaxWindowBits", 9,
					"serverNoContextTakeover", true, "clientNoContextTakeover", true, "threshold", 0));
		}
	},

	/** Offers {@code client_max_window_bits}, as browsers do. */
	UNDICI(Ability.COMPRESSION) {
		@Override
		TestClient connect(String url) throws Exception {
			return NodeClients.connect("undici", url, true);
		}
	};

	private final Set<Ability> abilities;

	TestClients(Ability... abilities) {
		this.abilities = Set.of(abilities);
	}

	/** Connects; what the server sends ends up in the client's queue. */
	abstract TestClient connect(String url) throws Exception;

	/** Whether what it compresses is what it has agreed on with an engine. */
	boolean mayCompressFor(Engine engine) {
		return true;
	}

	boolean can(Ability ability) {
		return this.abilities.contains(ability);
	}

	/** What not every client can. */
	enum Ability {

		/** Sends fragments as it is told to. */
		FRAGMENTS,

		/** Sends a ping when it is told to. */
		PINGS,

		/** Offers compression. */
		COMPRESSION,

		/** Demands a small window of the server's. */
		WINDOWS

	}

}
