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

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Disposable;

import dev.halley.CloseStatuses;

/**
 * A WebSocket of a {@link HalleyClient}, or one after the other: from the first attempt
 * to the end of the last. Thread-safe.
 *
 * @since 0.1
 */
public final class ClientConnection implements AutoCloseable {

	private final WebSocketRequest<?, ?> request;

	private final ClientRuntime runtime;

	private final PairRuns runs;

	private final Reconnects reconnects;

	private final States states;

	private final CompletableFuture<ClientConnection> open = new CompletableFuture<>();

	private final CompletableFuture<CloseStatus> done = new CompletableFuture<>();

	/** What the application wants to end it with. */
	private final AtomicReference<@Nullable CloseStatus> closing = new AtomicReference<>();

	private int attempts;

	private volatile ConnectionState state = new ConnectionState.Connecting(1);

	private volatile @Nullable ConnectAttempt attempt;

	private volatile @Nullable Disposable waiting;

	ClientConnection(WebSocketRequest<?, ?> request, PairRuns runs, boolean reconnecting) {
		this.request = request;
		this.runtime = request.runtime;
		this.runs = runs;
		this.reconnects = new Reconnects(request, reconnecting);
		this.states = new States(this.runtime.executor(), request.listener, runs.context());
	}

	void start() {
		this.runtime.add(this);
		connect();
	}

	private void connect() {
		if (this.closing.get() != null) {
			closed(this.closing.get(), null);
			return;
		}
		this.attempts++;
		become(new ConnectionState.Connecting(this.attempts));
		ConnectAttempt next = new ConnectAttempt(this.request, this.runs, this);
		this.attempt = next;
		next.start();
		if (this.closing.get() != null) {
			next.cancel();
		}
	}

	/** The pair runs. */
	void opened(@Nullable String subprotocol) {
		this.reconnects.opened();
		become(new ConnectionState.Open(subprotocol));
		this.open.complete(this);
	}

	/**
	 * An attempt has failed, or its connection has ended, and the pair with it.
	 * @param meant whether the pair has asked for the end
	 */
	void lost(@Nullable CloseStatus status, @Nullable Throwable failure, boolean meant) {
		CloseStatus closing = this.closing.get();
		ConnectionLoss loss = this.reconnects.lost(status, failure);
		Duration delay = (closing != null || meant) ? null : this.reconnects.delay(loss, null);
		if (delay == null) {
			closed((status != null) ? status : closing, (closing != null) ? null : failure);
			return;
		}
		become(new ConnectionState.Waiting(delay, loss));
		try {
			this.waiting = this.runtime.timer().schedule(this::connectAgain, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RuntimeException ex) {
			giveUp(ex);
			return;
		}
		if (this.closing.get() != null) {
			endWaiting();
		}
	}

	private void connectAgain() {
		try {
			this.runtime.executor().execute(this::connect);
		}
		catch (RuntimeException ex) {
			giveUp(ex);
		}
	}

	/** The timer or the threads have ended, as those of a client that is closed do. */
	private void giveUp(RuntimeException failure) {
		CloseStatus asked = this.closing.get();
		closed(asked, (asked != null) ? null : failure);
	}

	/** Called again for a timer that was set meanwhile. */
	private void endWaiting() {
		Disposable waiting = this.waiting;
		if (waiting != null) {
			waiting.dispose();
		}
		if (this.state instanceof ConnectionState.Waiting) {
			closed(this.closing.get(), null);
		}
	}

	private void closed(@Nullable CloseStatus status, @Nullable Throwable failure) {
		this.runtime.remove(this);
		if (!(this.state instanceof ConnectionState.Closed)) {
			become(new ConnectionState.Closed((failure != null) ? null : status, failure));
		}
		this.open.completeExceptionally((failure != null) ? failure
				: new CancellationException("The connection was closed before it was open"));
		if (failure != null) {
			this.done.completeExceptionally(failure);
		}
		else {
			this.done.complete((status != null) ? status : CloseStatus.NO_CLOSE_FRAME);
		}
	}

	private synchronized void become(ConnectionState state) {
		if (!(this.state instanceof ConnectionState.Closed)) {
			this.state = state;
			this.states.tell(state);
		}
	}

	/**
	 * Returns what happens at the moment.
	 * @return the state
	 */
	public ConnectionState state() {
		return this.state;
	}

	/**
	 * Whether a pair runs over an open WebSocket, of which nobody has asked for the end.
	 * @return whether it is open
	 */
	public boolean isOpen() {
		ConnectAttempt attempt = this.attempt;
		return attempt != null && attempt.isOpen();
	}

	/**
	 * Returns when it is open for the first time.
	 * @return this; fails with a {@link ConnectFailedException} if no attempt comes to
	 * anything, or with a {@link CancellationException} if it was closed before
	 */
	public CompletionStage<ClientConnection> whenOpen() {
		return this.open.minimalCompletionStage();
	}

	/**
	 * Returns when it is over: the last pair has ended, and there is no other attempt.
	 * @return how the last WebSocket ended, be it that the server, the pair or this
	 * object's {@code close} asked for it; fails with a {@link ConnectFailedException} if
	 * the last attempt came to nothing, or with what the pair's own code threw
	 */
	public CompletionStage<CloseStatus> done() {
		return this.done.minimalCompletionStage();
	}

	/**
	 * Closes it with 1000, as {@link #close(CloseStatus)} does.
	 */
	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	/**
	 * Closes it, after what is queued to be sent, and makes no other attempt. An attempt
	 * that is under way is given up. Does not wait: {@link #done()} tells when it is
	 * over. Does nothing if it is closing already.
	 * @param status the status for the server
	 * @throws IllegalArgumentException if the status is none that may be sent
	 */
	public void close(CloseStatus status) {
		if (!this.closing.compareAndSet(null, CloseStatuses.sendable(status))) {
			return;
		}
		ConnectAttempt attempt = this.attempt;
		if (attempt != null) {
			attempt.cancel();
		}
		endWaiting();
	}

	/** What to close a connection with that is accepted too late. */
	@Nullable CloseStatus closing() {
		return this.closing.get();
	}

	@Override
	public String toString() {
		return "ClientConnection[" + this.request.uri.getHost() + this.request.uri.getPath() + ", " + this.state + "]";
	}

}
