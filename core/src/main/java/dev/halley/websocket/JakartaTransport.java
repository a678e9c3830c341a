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

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.FailureLog;
import dev.halley.connection.Transport;

/**
 * The wire over a container's Jakarta WebSocket session. Messages are sent
 * asynchronously; what that API can only do while a thread waits (pings and closing) is
 * done on an executor. On Tomcat reading is suspended at the socket; elsewhere the
 * reading thread waits.
 */
final class JakartaTransport implements Transport {

	private static final Log logger = LogFactory.getLog(JakartaTransport.class);

	private static final boolean TOMCAT = ClassUtils.isPresent("org.apache.tomcat.websocket.WsSession",
			JakartaTransport.class.getClassLoader());

	/**
	 * In milliseconds. That there is too little traffic is all that makes containers drop
	 * a peer that answers no Close.
	 */
	private static final int AT_ONCE = 1;

	private final Session session;

	private final Connection connection;

	private final ConnectionRegistry registry;

	private final Executor executor;

	private final RemoteEndpoint.Async remote;

	private final ReadGate gate = new ReadGate();

	private final boolean tomcat;

	JakartaTransport(Session session, Connection connection, ConnectionRegistry registry) {
		this.session = session;
		this.connection = connection;
		this.registry = registry;
		this.executor = registry.executor();
		this.remote = session.getAsyncRemote();
		this.tomcat = TOMCAT && TomcatSessions.isTomcat(session);
		session.setMaxIdleTimeout(0);
		this.remote.setSendTimeout(-1);
		if (this.tomcat) {
			TomcatSessions.configure(session, connection.settings().closeTimeout());
		}
	}

	@Override
	public void send(List<Payload> batch, Runnable sent) {
		new BatchSender(batch, this::write, this.connection::progress, sent).start();
	}

	private void write(Payload payload, Runnable written) {
		try {
			switch (payload.kind()) {
				case TEXT -> this.remote.sendText(payload.wellFormedText(), (result) -> written(result, written));
				case BINARY ->
					this.remote.sendBinary(ByteBuffer.wrap(payload.bytes()), (result) -> written(result, written));
				default -> this.executor.execute(() -> control(payload, written));
			}
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void control(Payload payload, Runnable written) {
		try {
			ByteBuffer data = ByteBuffer.wrap(payload.bytes());
			if (payload.kind() == Payload.Kind.PING) {
				this.remote.sendPing(data);
			}
			else {
				this.remote.sendPong(data);
			}
			written.run();
		}
		catch (IOException | RuntimeException ex) {
			failed(ex);
		}
	}

	private void written(SendResult result, Runnable written) {
		if (result.isOK()) {
			written.run();
		}
		else {
			failed(result.getException());
		}
	}

	/** A session that is closing reports its end itself, with the peer's status. */
	private void failed(Throwable ex) {
		FailureLog.debug(logger, this.connection, "write failed", ex);
		if (this.session.isOpen()) {
			this.connection.abort(CloseStatus.NO_CLOSE_FRAME);
		}
	}

	@Override
	public void suspend() {
		this.gate.suspend();
		if (this.tomcat) {
			TomcatSessions.suspend(this.session);
		}
	}

	@Override
	public void resume() {
		if (this.gate.resume() && this.tomcat) {
			TomcatSessions.resume(this.session);
		}
	}

	/** Lets a reading thread go that is held here, since nobody will resume it. */
	void gone() {
		this.gate.gone();
	}

	/**
	 * Holds the reading thread of a container that cannot stop reading.
	 * @return whether what it has read is still wanted
	 */
	boolean awaitResumed() {
		return this.tomcat || this.gate.await();
	}

	@Override
	public void close(CloseStatus status) {
		this.executor.execute(() -> closeSession(status, true));
		resume();
	}

	@Override
	public void abort(CloseStatus status) {
		CloseStatus reason = sendable(status) ? status : CloseStatus.SERVER_ERROR;
		gone();
		this.executor.execute(() -> closeSession(reason, false));
	}

	private static boolean sendable(CloseStatus status) {
		return !status.equalsCode(CloseStatus.NO_CLOSE_FRAME) && !status.equalsCode(CloseStatus.NO_STATUS_CODE);
	}

	/** A session that has closed meanwhile takes no calls any more. */
	private void closeSession(CloseStatus status, boolean wait) {
		try {
			if (this.tomcat && !wait) {
				TomcatSessions.dontWait(this.session);
			}
			this.session
				.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(status.getCode()), status.getReason()));
			if (this.tomcat) {
				dropLater(this.registry, this.session, this.connection.settings().closeTimeout());
			}
			else if (!wait) {
				this.session.setMaxIdleTimeout(AT_ONCE);
			}
		}
		catch (IOException | RuntimeException ex) {
			FailureLog.debug(logger, this.connection, "close failed", ex);
			this.connection.ended(CloseStatus.NO_CLOSE_FRAME);
		}
	}

	/** Most are answered in time, and should not be held until then. */
	private static void dropLater(ConnectionRegistry registry, Session session, Duration delay) {
		WeakReference<Session> closed = new WeakReference<>(session);
		registry.runLater(delay, () -> {
			Session unanswered = closed.get();
			if (unanswered != null) {
				TomcatSessions.drop(unanswered);
			}
		});
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
