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

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Transport;

/**
 * The wire over Jetty's WebSocket API. Each event is demanded when the one before is
 * handled: that is how reading is suspended. Public because Jetty calls it; of no use to
 * applications.
 *
 * @since 0.1
 */
public final class JettyTransport implements Session.Listener, Transport {

	private static final Log logger = LogFactory.getLog(JettyTransport.class);

	private final Connection connection;

	private final Executor executor;

	private final MessageParts parts;

	private volatile @Nullable Session session;

	private final AtomicBoolean suspended = new AtomicBoolean();

	private boolean suspendedByEvent;

	/**
	 * Makes a wire.
	 * @param executor has the threads of the container
	 */
	JettyTransport(Connection connection, Executor executor) {
		this.connection = connection;
		this.executor = executor;
		this.parts = new MessageParts(connection.settings().maxMessageSize());
	}

	@Override
	public void onWebSocketOpen(Session session) {
		session.setIdleTimeout(Duration.ZERO);
		session.setMaxFrameSize(0);
		session.setMaxTextMessageSize(0);
		session.setMaxBinaryMessageSize(0);
		this.session = session;
		event(() -> this.connection.open(this));
	}

	@Override
	public void onWebSocketPartialText(String part, boolean last) {
		event(() -> this.parts.give(this.parts.text(part, last), this.connection));
	}

	@Override
	public void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
		Payload whole = this.parts.binary(part, last);
		callback.succeed();
		event(() -> this.parts.give(whole, this.connection));
	}

	@Override
	public void onWebSocketPong(ByteBuffer payload) {
		event(this.connection::pong);
	}

	/** Demands the next event, unless this one's handler has put that off. */
	private void event(Runnable handler) {
		this.suspendedByEvent = false;
		handler.run();
		if (!this.suspendedByEvent) {
			session().demand();
		}
	}

	@Override
	public void onWebSocketError(Throwable cause) {
		FailureLog.debug(logger, this.connection, "transport error", cause);
	}

	@Override
	public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
		callback.succeed();
		this.connection.ended(new CloseStatus(code, reason));
	}

	private Session session() {
		Session session = this.session;
		Assert.state(session != null, "The session is not open yet");
		return session;
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		new BatchSender(batch, this::write, this.connection::progress, sent).start();
	}

	private void write(Payload payload, Runnable written) {
		Callback callback = Callback.from(written, this::failed);
		Session session = session();
		switch (payload.kind()) {
			case TEXT -> session.sendText(payload.wellFormedText(), callback);
			case BINARY -> session.sendBinary(ByteBuffer.wrap(payload.bytes()), callback);
			case PING -> session.sendPing(ByteBuffer.wrap(payload.bytes()), callback);
			case PONG -> session.sendPong(ByteBuffer.wrap(payload.bytes()), callback);
		}
	}

	/** A session that is closing reports its end itself, with the peer's status. */
	private void failed(Throwable ex) {
		FailureLog.debug(logger, this.connection, "write failed", ex);
		if (session().isOpen()) {
			this.connection.abort(CloseStatus.NO_CLOSE_FRAME);
		}
	}

	@Override
	public void suspend() {
		this.suspendedByEvent = true;
		this.suspended.set(true);
	}

	@Override
	public void resume() {
		if (this.suspended.compareAndSet(true, false)) {
			session().demand();
		}
	}

	@Override
	public boolean execute(Runnable handling) {
		try {
			this.executor.execute(handling);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	@Override
	public void close(CloseStatus status) {
		session().close(status.getCode(), status.getReason(), Callback.NOOP);
		resume();
	}

	@Override
	public void abort(CloseStatus status) {
		session().disconnect();
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
