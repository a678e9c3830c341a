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

package dev.halley.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.socket.server.HandshakeFailureException;

import dev.halley.connection.Connection;

/**
 * Turns an accepted handshake into a WebSocket that runs a pair. What Spring's
 * {@link org.springframework.web.socket.server.RequestUpgradeStrategy} does for handlers.
 * <p>
 * Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PairUpgradeStrategy {

	/**
	 * Answers the handshake, and hands its connection over to whatever runs the protocol,
	 * which opens it.
	 * @param request the request, which has passed all checks
	 * @param response its answer, whose headers are those of the application; not
	 * committed
	 * @param connection the connection, not opened yet; its
	 * {@linkplain dev.halley.connection.ConnectionInfo#subprotocol() subprotocol} is the
	 * one that is agreed upon. Extensions are agreed upon here
	 * @throws HandshakeFailureException if the server can't do it
	 */
	void upgrade(HttpServletRequest request, HttpServletResponse response, Connection connection)
			throws HandshakeFailureException;

}
