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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import reactor.core.scheduler.Schedulers;

import dev.halley.codec.Payload;

/**
 * A session of the engine as Spring's handlers know it. Sending blocks until the message
 * is handed to the network, at most for the send time-out, after which the connection is
 * dropped. Several threads may send: their messages go one after the other.
 */
final class EngineWebSocketSession implements WebSocketSession {

	private final String id = UUID.randomUUID().toString();

	private final EngineSession session;

	private final HandshakeDetails handshake;

	private final EngineOptions options;

	private final ReentrantLock sending = new ReentrantLock();

	private volatile int textLimit;

	private volatile int binaryLimit;

	private volatile boolean fragmented;

	private volatile @Nullable CloseStatus closedWith;

	EngineWebSocketSession(EngineSession session, HandshakeDetails handshake, EngineOptions options) {
		this.session = session;
		this.handshake = handshake;
		this.options = options;
		this.textLimit = options.maxMessageSize();
		this.binaryLimit = options.maxMessageSize();
	}

	@Override
	public String getId() {
		return this.id;
	}

	@Override
	public @Nullable URI getUri() {
		return this.handshake.uri();
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return this.handshake.headers();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.handshake.attributes();
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return this.handshake.user();
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return this.handshake.local();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.handshake.remote();
	}

	@Override
	public @Nullable String getAcceptedProtocol() {
		return this.handshake.subprotocol();
	}

	@Override
	public void setTextMessageSizeLimit(int messageSizeLimit) {
		this.textLimit = messageSizeLimit;
	}

	@Override
	public int getTextMessageSizeLimit() {
		return this.textLimit;
	}

	@Override
	public void setBinaryMessageSizeLimit(int messageSizeLimit) {
		this.binaryLimit = messageSizeLimit;
	}

	@Override
	public int getBinaryMessageSizeLimit() {
		return this.binaryLimit;
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return List.of();
	}

	@Override
	public boolean isOpen() {
		return !this.session.isCloseSent() && !this.session.isClosed();
	}

	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		Assert.notNull(message, "'message' must not be null");
		Sending sending = sending(message);
		this.sending.lock();
		try {
			if (!isOpen()) {
				throw new IOException("The session is closed: " + this);
			}
			sendAndWait(sending);
			if (message instanceof TextMessage || message instanceof BinaryMessage) {
				this.fragmented = !message.isLast();
			}
		}
		finally {
			this.sending.unlock();
		}
	}

	/** Only messages with several parts need frames that are not whole messages. */
	private Sending sending(WebSocketMessage<?> message) {
		Payload payload = payload(message);
		boolean control = message instanceof PingMessage || message instanceof PongMessage;
		if (control || (message.isLast() && !this.fragmented)) {
			return (sent) -> this.session.send(new ArrayList<>(List.of(payload)), sent);
		}
		int first = (message instanceof TextMessage) ? Opcodes.TEXT : Opcodes.BINARY;
		return (sent) -> this.session.sendFragment(this.fragmented ? Opcodes.CONTINUATION : first, message.isLast(),
				payload.bytes(), sent);
	}

	private void sendAndWait(Sending sending) throws IOException {
		CountDownLatch sent = new CountDownLatch(1);
		sending.send(sent::countDown);
		try {
			if (sent.getCount() == 0 || sent.await(this.options.sendTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
			this.session.drop();
			throw new IOException("The peer did not read for " + this.options.sendTimeout());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.session.drop();
			throw new IOException("Interrupted while a message was sent", ex);
		}
	}

	private static Payload payload(WebSocketMessage<?> message) {
		if (message instanceof TextMessage text) {
			return Payload.text(text.asBytes());
		}
		if (message instanceof BinaryMessage binary) {
			return Payload.binary(bytes(binary.getPayload()));
		}
		if (message instanceof PingMessage ping) {
			return Payload.ping(bytes(ping.getPayload()));
		}
		if (message instanceof PongMessage pong) {
			return Payload.pong(bytes(pong.getPayload()));
		}
		throw new IllegalArgumentException("message: " + message.getClass().getName()
				+ " (expected: a TextMessage, BinaryMessage, PingMessage or PongMessage)");
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.duplicate().get(bytes);
		return bytes;
	}

	@Nullable CloseStatus closedWith() {
		return this.closedWith;
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	@Override
	public void close(CloseStatus status) {
		if (isOpen()) {
			this.closedWith = status;
			this.session.close(status);
			Schedulers.boundedElastic()
				.schedule(this.session::drop, this.options.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	void closeQuietly(CloseStatus status) {
		close(CloseCodes.isAllowedOnWire(status.getCode()) ? status : CloseStatus.SERVER_ERROR);
	}

	@Override
	public String toString() {
		return "EngineWebSocketSession[" + this.id + ", " + this.handshake.uri() + "]";
	}

	private interface Sending {

		void send(Runnable sent);

	}

}
