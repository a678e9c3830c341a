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

import java.net.ProtocolException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CloseStatuses;
import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Transport;
import dev.halley.websocket.BatchSender;
import dev.halley.websocket.MessageParts;

/**
 * A WebSocket of the JDK's client. Asks for one message, or part, at a time: for the next
 * when the one before was taken. What may be the application's work is handed to another
 * thread, since those of the JDK serve other connections.
 */
final class JdkTransport implements WebSocket.Listener, Transport {

	private static final Log logger = LogFactory.getLog(JdkTransport.class);

	private static final CloseStatus ABORTED = CloseStatus.NO_CLOSE_FRAME;

	private final WebSocketConnector.Acceptance acceptance;

	private final Executor executor;

	private final AtomicBoolean suspended = new AtomicBoolean();

	/** How the WebSocket ended, which may be known before the connection is open. */
	private final AtomicReference<@Nullable CloseStatus> end = new AtomicReference<>();

	/** What the next event waits for: the end of the one before, and to be resumed. */
	private final AtomicInteger holds = new AtomicInteger();

	private volatile @Nullable Connection connection;

	private volatile @Nullable WebSocket socket;

	private @Nullable MessageParts parts;

	JdkTransport(WebSocketConnector.Acceptance acceptance) {
		this.acceptance = acceptance;
		this.executor = acceptance.executor();
	}

	@Override
	public void onOpen(WebSocket socket) {
		this.socket = socket;
		this.executor.execute(() -> open(socket));
	}

	private void open(WebSocket socket) {
		Connection connection;
		try {
			String subprotocol = socket.getSubprotocol();
			connection = this.acceptance.accept(subprotocol.isEmpty() ? null : subprotocol);
		}
		catch (Throwable ex) {
			logger.debug(LogMessage.format("A WebSocket is not wanted: %s", ex));
			socket.abort();
			return;
		}
		this.parts = new MessageParts(connection.settings().maxMessageSize());
		this.connection = connection;
		event(() -> connection.open(this));
		CloseStatus end = this.end.get();
		if (end != null) {
			connection.ended(end);
		}
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		part(parts().text(data.toString(), last));
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
		part(parts().binary(data, last));
		return null;
	}

	private void part(@Nullable Payload whole) {
		this.executor.execute(() -> event(() -> parts().give(whole, connection())));
	}

	/** The JDK answers it. */
	@Override
	public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
		connection().activity();
		socket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
		connection().pong();
		socket.request(1);
		return null;
	}

	/** The JDK answers it, if it is no answer. */
	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
		end(new CloseStatus(code, reason.isEmpty() ? null : reason));
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		FailureLog.debug(logger, this.connection, "transport error", error);
		socket.abort();
		end((error instanceof ProtocolException) ? CloseStatus.PROTOCOL_ERROR.withReason(reason(error)) : ABORTED);
	}

	private static String reason(Throwable error) {
		return (error.getMessage() != null) ? error.getMessage() : "protocol error";
	}

	/** An error may come before the connection is open. */
	private void end(CloseStatus status) {
		this.end.compareAndSet(null, status);
		Connection connection = this.connection;
		if (connection != null) {
			this.executor.execute(() -> {
				connection.closing(status);
				connection.ended(status);
			});
		}
	}

	/**
	 * Asks for the next event when the handler of this one has returned, and what it has
	 * suspended is resumed: whichever comes last asks, once.
	 */
	void event(Runnable handler) {
		this.holds.set(1);
		try {
			handler.run();
		}
		finally {
			release();
		}
	}

	@Override
	public void suspend() {
		this.holds.incrementAndGet();
		if (this.suspended.getAndSet(true)) {
			release();
		}
	}

	@Override
	public void resume() {
		if (this.suspended.compareAndSet(true, false)) {
			release();
		}
	}

	private void release() {
		if (this.holds.decrementAndGet() == 0) {
			socket().request(1);
		}
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		new BatchSender(batch, this::write, connection()::progress, sent).start();
	}

	private void write(Payload payload, Runnable written) {
		CompletableFuture<?> writing = switch (payload.kind()) {
			case TEXT -> socket().sendText(payload.wellFormedText(), true);
			case BINARY -> socket().sendBinary(ByteBuffer.wrap(payload.bytes()), true);
			case PING -> socket().sendPing(ByteBuffer.wrap(payload.bytes()));
			case PONG -> socket().sendPong(ByteBuffer.wrap(payload.bytes()));
		};
		if (writing.isDone()) {
			writing.whenComplete((result, failure) -> written(failure, written));
		}
		else {
			writing.whenCompleteAsync((result, failure) -> written(failure, written), this.executor);
		}
	}

	private void written(@Nullable Throwable failure, Runnable written) {
		if (failure == null) {
			written.run();
		}
		else {
			FailureLog.debug(logger, this.connection, "write failed", failure);
			if (!socket().isInputClosed()) {
				connection().abort(ABORTED);
			}
		}
	}

	@Override
	public void close(CloseStatus status) {
		CloseStatus sendable = sendable(status);
		String reason = (sendable.getReason() != null) ? sendable.getReason() : "";
		socket().sendClose(sendable.getCode(), reason).whenComplete((result, failure) -> {
			if (failure != null) {
				FailureLog.debug(logger, this.connection, "close failed", failure);
				if (this.end.get() == null) {
					socket().abort();
				}
				end(ABORTED);
			}
		});
		resume();
	}

	/** Of the registered statuses, the JDK takes four from a client. */
	static CloseStatus sendable(CloseStatus status) {
		int code = status.getCode();
		if (code == 1000 || code == 1001 || code == 1008 || code == 1011 || code >= 3000) {
			return status;
		}
		String reason = (status.getReason() != null) ? code + " " + status.getReason() : String.valueOf(code);
		return CloseStatuses.sendable(CloseStatus.POLICY_VIOLATION.withReason(reason));
	}

	@Override
	public void abort(CloseStatus status) {
		socket().abort();
	}

	@Override
	public boolean answersPings() {
		return true;
	}

	@Override
	public boolean outlivesOut() {
		return true;
	}

	private Connection connection() {
		Connection connection = this.connection;
		Assert.state(connection != null, "The connection is not open yet");
		return connection;
	}

	private WebSocket socket() {
		WebSocket socket = this.socket;
		Assert.state(socket != null, "The WebSocket is not open yet");
		return socket;
	}

	private MessageParts parts() {
		MessageParts parts = this.parts;
		Assert.state(parts != null, "The WebSocket is not open yet");
		return parts;
	}

}
