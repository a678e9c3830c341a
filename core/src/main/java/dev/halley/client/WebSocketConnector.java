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

package dev.halley.client;

import java.net.http.HttpClient;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.client.WebSocketClient;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;

/**
 * Opens WebSockets by some library. Thread-safe.
 *
 * @since 0.1
 */
public interface WebSocketConnector {

	/**
	 * Asks for a WebSocket. When the server has accepted, takes the connection from
	 * {@code acceptance}, and opens it over a {@link dev.halley.connection.Transport}.
	 * What the acceptance throws means that nobody wants the WebSocket: it is dropped.
	 * @param handshake what to ask with
	 * @param acceptance has the connection, once the server has accepted
	 * @return fails with a {@link ConnectFailedException} if there is no WebSocket, and
	 * is done when the connection was opened; does not wait
	 */
	CompletionStage<?> connect(WebSocketHandshake handshake, Acceptance acceptance);

	/**
	 * Opens WebSockets by the JDK's client. It has no compression, and sends of the close
	 * statuses below 3000 only 1000, 1001, 1008 and 1011: others become 1008, with the
	 * one that was meant in the reason.
	 * @param client the client; whoever made it ends it
	 * @return the connector
	 */
	static WebSocketConnector jdk(HttpClient client) {
		Assert.notNull(client, "'client' must not be null");
		return new JdkConnector(client);
	}

	/**
	 * Opens WebSockets by a client of Spring, such as
	 * {@link org.springframework.web.socket.client.standard.StandardWebSocketClient},
	 * which brings those of Tomcat, Jetty and others. Of a refusal it knows the status
	 * where the library's exception tells it, and no headers. Handlers run on the threads
	 * of that library. The handshake time-out ends the attempt, but is not passed on: how
	 * long a handshake goes on that nobody waits for, the library says.
	 * @param client the client; whoever made it starts and ends it
	 * @return the connector
	 */
	static WebSocketConnector spring(WebSocketClient client) {
		Assert.notNull(client, "'client' must not be null");
		return new SpringConnector(client);
	}

	/**
	 * Where a connector gets the connection from that the server has accepted.
	 */
	interface Acceptance {

		/**
		 * Returns the connection, to be opened. Called at most once.
		 * @param subprotocol the subprotocol that the server has chosen, or {@code null}
		 * @return the connection
		 * @throws RuntimeException if nobody wants it any more
		 */
		Connection accept(@Nullable String subprotocol);

		/**
		 * Returns what messages are to be handled on, if the library's threads serve
		 * other connections too: handlers may block.
		 * @return the executor
		 */
		Executor executor();

		/**
		 * Returns where the connection is registered.
		 * @return the registry
		 */
		ConnectionRegistry registry();

	}

}
