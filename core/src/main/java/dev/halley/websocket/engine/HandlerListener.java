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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Executor;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

import dev.halley.connection.CloseReason;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Reservation;
import dev.halley.connection.SessionWatch;

/**
 * Runs any of Spring's handlers on the engine. A handler that throws closes its session
 * with 1011, as on the containers' WebSockets.
 */
final class HandlerListener implements EngineListener, SessionWatch.Session {

	private static final Log logger = LogFactory.getLog(HandlerListener.class);

	/** Tells the answers to our own pings from those to the handler's. */
	private static final byte[] HEARTBEAT = "halley".getBytes(StandardCharsets.US_ASCII);

	private final WebSocketHandler handler;

	private final HandshakeDetails handshake;

	private final ConnectionSettings settings;

	private final SessionWatch watch;

	private final OffloadPolicy policy;

	private @Nullable EngineSession engine;

	private @Nullable EngineWebSocketSession session;

	private @Nullable ConnectionInfo info;

	private volatile boolean established;

	private volatile boolean atWork;

	HandlerListener(WebSocketHandler handler, HandshakeDetails handshake, ConnectionSettings settings,
			ConnectionRegistry registry, Reservation reservation, OffloadPolicy policy, ConnectionObserver.Wire wire) {
		this.handler = handler;
		this.handshake = handshake;
		this.settings = settings;
		this.policy = policy;
		this.watch = new SessionWatch(this, settings, registry, reservation, wire);
	}

	/** The handshake is answered: the session waits for its wire. */
	void attach(EngineSession session) {
		this.engine = session;
		this.session = new EngineWebSocketSession(session, this.handshake, this.settings, this.watch);
		this.info = this.handshake.describe(session().getId(),
				WebSocketHandlerDecorator.unwrap(this.handler).getClass().getSimpleName());
		this.watch.expect();
	}

	private EngineWebSocketSession session() {
		Assert.state(this.session != null, "The session is not attached yet");
		return this.session;
	}

	@Override
	public void opened() {
		this.established = true;
		this.watch.opened();
		guarded(() -> this.handler.afterConnectionEstablished(session()));
	}

	@Override
	public void text(byte[] utf8) {
		if (within(utf8.length, session().getTextMessageSizeLimit()) && this.watch.received(utf8.length)) {
			handle(new TextMessage(utf8));
		}
	}

	@Override
	public void binary(byte[] bytes) {
		if (within(bytes.length, session().getBinaryMessageSizeLimit()) && this.watch.received(bytes.length)) {
			handle(new BinaryMessage(ByteBuffer.wrap(bytes)));
		}
	}

	private boolean within(int size, int limit) {
		if (size > limit) {
			session().close(CloseStatus.TOO_BIG_TO_PROCESS);
		}
		return size <= limit;
	}

	@Override
	public void pong(byte[] data) {
		if (Arrays.equals(data, HEARTBEAT)) {
			return;
		}
		handle(new PongMessage(ByteBuffer.wrap(data)));
	}

	private void handle(WebSocketMessage<?> message) {
		Executor workers = this.policy.workers();
		EngineSession engine = this.engine;
		if (workers == null || engine == null) {
			handleHere(message);
			if (engine != null) {
				this.watch.pauses(engine::suspend);
			}
			return;
		}
		this.atWork = true;
		engine.suspend();
		workers.execute(() -> {
			try {
				handleHere(message);
			}
			finally {
				// Reading has been stopped already
				if (!this.watch.pauses(() -> {
				})) {
					engine.resume();
				}
			}
		});
	}

	private void handleHere(WebSocketMessage<?> message) {
		if (session().isOpen()) {
			guarded(() -> this.handler.handleMessage(session(), message));
		}
	}

	private void guarded(Callback callback) {
		this.atWork = true;
		try {
			callback.run();
		}
		catch (Throwable ex) {
			FailureLog.error(logger, "Closing session due to exception for " + session(), ex);
			session().close(CloseStatus.SERVER_ERROR);
		}
		finally {
			this.atWork = false;
		}
	}

	@Override
	public void activity() {
		this.watch.activity();
	}

	@Override
	public void progress() {
	}

	@Override
	public boolean wakesSender() {
		return session().wakesSender();
	}

	/** The status for the peer comes first; a handler may want to close with another. */
	@Override
	public void violated(CloseStatus status) {
		session().close(status);
		guarded(() -> this.handler.handleTransportError(session(), new IOException(status.toString())));
	}

	/** What is being written may never get out: the peer has said all that it has to. */
	@Override
	public void closing(CloseStatus status) {
		this.watch.closing();
	}

	@Override
	public void closed(CloseStatus status) {
		session().ended();
		CloseStatus ours = session().closedWith();
		CloseStatus reported = (ours != null) ? ours : status;
		this.watch.ending((ours != null) ? CloseReason.closedHere(ours) : CloseReason.closedByPeer(status));
		if (this.established) {
			this.watch.callBack(() -> afterConnectionClosed(reported));
		}
		else {
			this.watch.ended();
		}
	}

	/**
	 * Whoever found the end may be anybody: a thread that sends to many, or the one that
	 * stops the application.
	 */
	private void afterConnectionClosed(CloseStatus status) {
		try {
			this.handler.afterConnectionClosed(session(), status);
		}
		catch (Throwable ex) {
			FailureLog.error(logger, "Unhandled exception after connection closed for " + session(), ex);
		}
		finally {
			this.watch.ended();
		}
	}

	@Override
	public ConnectionInfo info() {
		Assert.state(this.info != null, "The session is not attached yet");
		return this.info;
	}

	@Override
	public boolean isOpen() {
		return this.established && session().isOpen();
	}

	@Override
	public boolean isBusy() {
		return this.atWork;
	}

	@Override
	public void readOn() {
		EngineSession engine = this.engine;
		if (engine != null) {
			engine.resume();
		}
	}

	@Override
	public boolean isSending() {
		return session().isSending();
	}

	@Override
	public void ping() {
		session().ping(HEARTBEAT);
	}

	@Override
	public void close(CloseStatus status) {
		session().close(status);
	}

	@Override
	public void abort() {
		session().abort();
	}

	@Override
	public String toString() {
		return String.valueOf(this.session);
	}

	private interface Callback {

		void run() throws Exception;

	}

}
