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

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.FailureLog;

/**
 * A pair as a Spring {@link WebSocketHandler}: made for one handshake, it runs one
 * {@link Connection} over one session. Parts of messages are put together here, in
 * buffers that grow, so that a container need not reserve the largest message for each
 * session.
 *
 * @since 0.1
 */
public final class PairWebSocketHandler implements WebSocketHandler, SubProtocolCapable {

	private static final Log logger = LogFactory.getLog(PairWebSocketHandler.class);

	private final Connection connection;

	private final ConnectionRegistry registry;

	private final MessageParts parts;

	private @Nullable JakartaTransport transport;

	/**
	 * Creates a handler.
	 * @param connection the connection, not opened yet
	 * @param registry what the connection is registered in: it runs what the container
	 * can do only while a thread waits, and ends waits in vain
	 */
	public PairWebSocketHandler(Connection connection, ConnectionRegistry registry) {
		Assert.notNull(connection, "'connection' must not be null");
		Assert.notNull(registry, "'registry' must not be null");
		this.connection = connection;
		this.registry = registry;
		this.parts = new MessageParts(connection.settings().maxMessageSize());
	}

	/**
	 * Returns the connection that this handler runs.
	 * @return the connection
	 */
	public Connection connection() {
		return this.connection;
	}

	@Override
	public List<String> getSubProtocols() {
		String subprotocol = this.connection.info().subprotocol();
		return (subprotocol != null) ? List.of(subprotocol) : List.of();
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		jakarta.websocket.Session nativeSession = (session instanceof NativeWebSocketSession wrapper)
				? wrapper.getNativeSession(jakarta.websocket.Session.class) : null;
		Assert.state(nativeSession != null,
				() -> "session: " + session.getClass().getName() + " (expected: one over a jakarta.websocket.Session)");
		this.transport = new JakartaTransport(nativeSession, this.connection, this.registry);
		this.connection.open(this.transport);
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
		if (this.transport == null || this.transport.awaitResumed()) {
			this.parts.receive(message, this.connection);
		}
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) {
		FailureLog.debug(logger, this.connection, "transport error", exception);
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		if (this.transport != null) {
			this.transport.gone();
		}
		this.connection.ended(status);
	}

	@Override
	public String toString() {
		return "PairWebSocketHandler[" + this.connection + "]";
	}

}
