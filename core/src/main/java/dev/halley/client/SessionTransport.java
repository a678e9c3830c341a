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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Transport;
import dev.halley.websocket.MessageParts;
import dev.halley.websocket.ReadGate;

/**
 * Any session of Spring, such as one over SockJS. It writes on threads that wait, and the
 * thread that reads waits when no more is to be read.
 */
final class SessionTransport implements Transport, WebSocketHandler {

	private static final Log logger = LogFactory.getLog(SessionTransport.class);

	private final WebSocketSession session;

	private final Connection connection;

	private final MessageParts parts;

	private final ReadGate gate = new ReadGate();

	SessionTransport(WebSocketSession session, Connection connection) {
		this.session = session;
		this.connection = connection;
		this.parts = new MessageParts(connection.settings().maxMessageSize());
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		this.connection.open(this);
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
		if (this.gate.await()) {
			this.parts.receive(message, this.connection);
		}
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) {
		FailureLog.debug(logger, this.connection, "transport error", exception);
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		this.gate.gone();
		this.connection.ended(status);
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		List<Payload> payloads = List.copyOf(batch);
		this.connection.handOver(() -> {
			try {
				for (Payload payload : payloads) {
					this.session.sendMessage(messageOf(payload));
					this.connection.progress();
				}
			}
			catch (IOException | RuntimeException ex) {
				FailureLog.debug(logger, this.connection, "write failed", ex);
				if (this.session.isOpen()) {
					this.connection.abort(CloseStatus.NO_CLOSE_FRAME);
				}
				return;
			}
			sent.run();
		});
	}

	private static WebSocketMessage<?> messageOf(Payload payload) {
		return switch (payload.kind()) {
			case TEXT -> new TextMessage(payload.wellFormedText());
			case BINARY -> new BinaryMessage(payload.bytes());
			case PING -> new PingMessage(ByteBuffer.wrap(payload.bytes()));
			case PONG -> new PongMessage(ByteBuffer.wrap(payload.bytes()));
		};
	}

	@Override
	public void suspend() {
		this.gate.suspend();
	}

	@Override
	public void resume() {
		this.gate.resume();
	}

	@Override
	public void close(CloseStatus status) {
		this.connection.handOver(() -> closeSession(status));
		resume();
	}

	@Override
	public void abort(CloseStatus status) {
		this.gate.gone();
		this.connection.handOver(() -> closeSession(CloseStatus.GOING_AWAY));
	}

	private void closeSession(CloseStatus status) {
		try {
			this.session.close(status);
		}
		catch (IOException | RuntimeException ex) {
			FailureLog.debug(logger, this.connection, "close failed", ex);
			this.connection.ended(CloseStatus.NO_CLOSE_FRAME);
		}
	}

	@Override
	public boolean answersPings() {
		return true;
	}

	@Override
	public boolean outlivesOut() {
		return true;
	}

}
