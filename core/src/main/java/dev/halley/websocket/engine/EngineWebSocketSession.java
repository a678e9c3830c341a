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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

import dev.halley.CloseStatuses;
import dev.halley.StackReserve;
import dev.halley.codec.Payload;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.SessionWatch;

/**
 * A session of the engine as Spring's handlers know it. Sending blocks until the message
 * is handed to the network, at most for the send time-out, after which the connection is
 * dropped. Several threads may send: their messages go one after the other.
 */
final class EngineWebSocketSession implements WebSocketSession {

	private final String id = UUID.randomUUID().toString();

	private final EngineSession session;

	private final HandshakeDetails handshake;

	private final ConnectionSettings settings;

	private final SessionWatch watch;

	private final ReentrantLock sending = new ReentrantLock();

	private volatile int textLimit;

	private volatile int binaryLimit;

	private final AtomicReference<@Nullable CloseStatus> closedWith = new AtomicReference<>();

	/** The message that is sent in parts, or none. Guarded by the lock. */
	private int fragmented = Opcodes.CONTINUATION;

	private volatile @Nullable Delivery underWay;

	/**
	 * Makes a session.
	 * @param watch is told when the end has been asked for here, or a peer does not read
	 */
	EngineWebSocketSession(EngineSession session, HandshakeDetails handshake, ConnectionSettings settings,
			SessionWatch watch) {
		this.session = session;
		this.handshake = handshake;
		this.settings = settings;
		this.watch = watch;
		this.textLimit = settings.maxMessageSize();
		this.binaryLimit = settings.maxMessageSize();
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
		this.session.limit(Math.max(messageSizeLimit, this.binaryLimit));
	}

	@Override
	public int getTextMessageSizeLimit() {
		return this.textLimit;
	}

	@Override
	public void setBinaryMessageSizeLimit(int messageSizeLimit) {
		this.binaryLimit = messageSizeLimit;
		this.session.limit(Math.max(messageSizeLimit, this.textLimit));
	}

	@Override
	public int getBinaryMessageSizeLimit() {
		return this.binaryLimit;
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return this.handshake.extensions();
	}

	@Override
	public boolean isOpen() {
		return !this.session.isClosing();
	}

	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		Assert.notNull(message, "'message' must not be null");
		Payload payload = payload(message);
		StackReserve.require();
		this.sending.lock();
		try {
			sendAndWait(sending(message, payload));
		}
		finally {
			this.sending.unlock();
		}
	}

	/** Only messages with several parts need frames that are not whole messages. */
	private Sending sending(WebSocketMessage<?> message, Payload payload) {
		int opcode = (message instanceof TextMessage) ? Opcodes.TEXT : Opcodes.BINARY;
		boolean first = this.fragmented == Opcodes.CONTINUATION;
		if (message instanceof PingMessage || message instanceof PongMessage || (message.isLast() && first)) {
			return (sent) -> this.session.send(new ArrayList<>(List.of(payload)), sent);
		}
		Assert.state(first || this.fragmented == opcode, "A part of another message came before the last of this one");
		this.fragmented = message.isLast() ? Opcodes.CONTINUATION : opcode;
		return (sent) -> this.session.sendFragment(first ? opcode : Opcodes.CONTINUATION, message.isLast(),
				payload.bytes(), sent);
	}

	private void sendAndWait(Sending sending) throws IOException {
		Delivery delivery = new Delivery();
		this.underWay = delivery;
		try {
			if (isOpen() && sending.send(delivery::done)) {
				await(delivery);
			}
		}
		finally {
			this.underWay = null;
			if (delivery.isOwedToOthers()) {
				this.session.writable();
			}
		}
		if (!delivery.isDone()) {
			throw new IOException("The session is closed: " + this);
		}
	}

	/** Each time there is room this thread writes on. */
	private void await(Delivery delivery) throws IOException {
		long deadline = System.nanoTime() + this.settings.sendTimeout().toNanos();
		try {
			while (!delivery.isDone() && !this.session.isClosed()) {
				if (!delivery.awaitNews(deadline - System.nanoTime())) {
					this.watch.timedOut();
					this.session.abort();
					throw new IOException("The peer did not read for " + this.settings.sendTimeout());
				}
				if (!delivery.isDone()) {
					this.session.writable();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.session.abort();
			throw new IOException("Interrupted while a message was sent", ex);
		}
	}

	/** Called when there is room: returns whether a thread waits, which goes on then. */
	boolean wakesSender() {
		Delivery delivery = this.underWay;
		return delivery != null && delivery.wakes();
	}

	/** The connection is gone: nobody waits any more. */
	void ended() {
		wakesSender();
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
		return this.closedWith.get();
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	/** A status that must not be on the wire says that something went wrong. */
	@Override
	public void close(CloseStatus status) {
		boolean sendable = CloseStatuses.isSendable(status.getCode()) || status.getCode() == CloseCodes.NO_STATUS;
		CloseStatus sent = sendable ? status : CloseStatus.SERVER_ERROR;
		StackReserve.require();
		if (isOpen() && this.closedWith.compareAndSet(null, sent)) {
			this.watch.closing();
			this.session.close(sent);
		}
	}

	/** Whether somebody waits for a message to get out. */
	boolean isSending() {
		return this.underWay != null;
	}

	void ping(byte[] data) {
		this.session.send(List.of(Payload.ping(data)), () -> {
		});
	}

	void abort() {
		this.session.abort();
	}

	/** Without the query, which may hold a token. */
	@Override
	public String toString() {
		return "EngineWebSocketSession[" + this.id + ", " + this.handshake.uri().getPath() + "]";
	}

	/** A message on its way out, and the thread that waits for it. */
	private static final class Delivery {

		private final Semaphore news = new Semaphore(0);

		private boolean over;

		private volatile boolean done;

		void done() {
			this.done = true;
			this.news.release();
		}

		boolean isDone() {
			return this.done;
		}

		synchronized boolean wakes() {
			boolean waits = !this.done && !this.over;
			if (waits) {
				this.news.release();
			}
			return waits;
		}

		boolean awaitNews(long nanos) throws InterruptedException {
			return this.news.tryAcquire(nanos, TimeUnit.NANOSECONDS);
		}

		/**
		 * Nobody waits any more.
		 * @return whether there is news that nobody has heard
		 */
		synchronized boolean isOwedToOthers() {
			this.over = true;
			return this.news.tryAcquire();
		}

	}

	private interface Sending {

		boolean send(Runnable sent);

	}

}
