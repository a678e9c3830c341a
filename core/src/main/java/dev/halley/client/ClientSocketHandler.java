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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;

import dev.halley.connection.Connection;
import dev.halley.websocket.PairWebSocketHandler;

/**
 * Runs the connection of a WebSocket that a client of Spring has opened: over the Jakarta
 * session below it where there is one, else over Spring's.
 */
final class ClientSocketHandler implements WebSocketHandler {

	private static final Log logger = LogFactory.getLog(ClientSocketHandler.class);

	private final WebSocketConnector.Acceptance acceptance;

	private volatile @Nullable WebSocketHandler handler;

	ClientSocketHandler(WebSocketConnector.Acceptance acceptance) {
		this.acceptance = acceptance;
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		Connection connection;
		try {
			connection = this.acceptance.accept(session.getAcceptedProtocol());
		}
		catch (Throwable ex) {
			logger.debug(LogMessage.format("A WebSocket is not wanted: %s", ex));
			session.close(CloseStatus.GOING_AWAY);
			return;
		}
		WebSocketHandler handler = (session instanceof StandardWebSocketSession)
				? new PairWebSocketHandler(connection, this.acceptance.registry())
				: new SessionTransport(session, connection);
		this.handler = handler;
		handler.afterConnectionEstablished(session);
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		WebSocketHandler handler = this.handler;
		if (handler != null) {
			handler.handleMessage(session, message);
		}
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) throws Exception {
		WebSocketHandler handler = this.handler;
		if (handler != null) {
			handler.handleTransportError(session, exception);
		}
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		WebSocketHandler handler = this.handler;
		if (handler != null) {
			handler.afterConnectionClosed(session, status);
		}
	}

}
