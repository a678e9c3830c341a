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

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.CloseStatus;
import reactor.core.Disposable;
import reactor.core.Disposables;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;

/**
 * One attempt to open a WebSocket, and the connection that comes of it. Tells its owner
 * exactly once that it is lost. Thread-safe.
 */
final class ConnectAttempt implements WebSocketConnector.Acceptance {

	private final WebSocketRequest<?, ?> request;

	private final ClientRuntime runtime;

	private final PairRuns runs;

	private final ClientConnection owner;

	/** Whoever sets it decides what becomes of the attempt. */
	private final AtomicBoolean decided = new AtomicBoolean();

	private final AtomicBoolean lost = new AtomicBoolean();

	/** What the application's own code has thrown first. */
	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private final Disposable.Swap timeout = Disposables.swap();

	private volatile AttemptEnd end = new AttemptEnd((failure) -> {
	});

	private volatile @Nullable Connection connection;

	ConnectAttempt(WebSocketRequest<?, ?> request, PairRuns runs, ClientConnection owner) {
		this.request = request;
		this.runtime = request.runtime;
		this.runs = runs;
		this.owner = owner;
	}

	void start() {
		HttpHeaders headers = new HttpHeaders();
		try {
			observe(this.runtime.observer().started("websocket", headers));
			this.timeout.update(this.runtime.timer()
				.schedule(this::timeIsOver, this.request.handshakeTimeout.toNanos(), TimeUnit.NANOSECONDS));
		}
		catch (Throwable ex) {
			// The client is closed meanwhile, or the application's observer fails
			failed(ex);
			return;
		}
		this.request.headers.fetch(headers, this.runtime.executor(), this.runs.context())
			.thenComposeAsync(this::connect, this.runtime.executor())
			.whenComplete((result, failure) -> {
				if (failure != null) {
					failed(JdkConnector.unwrap(failure));
				}
			});
	}

	private CompletionStage<?> connect(HttpHeaders headers) {
		if (this.decided.get()) {
			throw tooLate();
		}
		return this.runtime.connector()
			.connect(new WebSocketHandshake(this.request.uri, headers, this.request.offered(),
					this.request.isCompressed(), this.request.handshakeTimeout), this);
	}

	private void timeIsOver() {
		try {
			this.runtime.executor().execute(this::timedOut);
		}
		catch (RuntimeException ex) {
			// No threads are left
			failed(ex);
		}
	}

	private void timedOut() {
		failed(new ConnectFailedException(ClientRequest.name(this.request.uri) + ": no answer within "
				+ this.request.handshakeTimeout.toMillis() + " ms", new TimeoutException()));
	}

	private void failed(Throwable failure) {
		if (this.decided.compareAndSet(false, true)) {
			this.timeout.dispose();
			this.end.accept(failure);
			lose(null, failure);
		}
	}

	@Override
	public Connection accept(@Nullable String subprotocol) {
		if (!this.decided.compareAndSet(false, true)) {
			throw tooLate();
		}
		this.timeout.dispose();
		this.end.accept(null);
		Connection connection = connection(subprotocol);
		this.connection = connection;
		connection.expect();
		CloseStatus closing = this.owner.closing();
		if (closing != null) {
			connection.close(closing);
		}
		return connection;
	}

	/** The attempt may have been cancelled before. */
	private void observe(Consumer<@Nullable Throwable> observation) {
		AttemptEnd end = new AttemptEnd(observation);
		this.end = end;
		if (this.decided.get()) {
			end.accept(closed());
		}
	}

	/** Whatever fails here, the owner is told that there is no connection. */
	private Connection connection(@Nullable String subprotocol) {
		boolean ticking = false;
		try {
			this.runtime.ticks().begin(this.request.settings);
			ticking = true;
			return this.runs.next(subprotocol, () -> this.owner.opened(subprotocol),
					(failure) -> this.failure.compareAndSet(null, failure), this::done);
		}
		catch (Throwable ex) {
			if (ticking) {
				this.runtime.ticks().end();
			}
			lose(CloseStatus.NO_CLOSE_FRAME, ex);
			throw ex;
		}
	}

	private static CancellationException tooLate() {
		return new CancellationException("The attempt is over");
	}

	private void done(CloseStatus status) {
		this.runtime.ticks().end();
		boolean withoutReason = "".equals(status.getReason());
		lose(withoutReason ? new CloseStatus(status.getCode()) : status, this.failure.get());
	}

	private void lose(@Nullable CloseStatus status, @Nullable Throwable failure) {
		if (this.lost.compareAndSet(false, true)) {
			Connection connection = this.connection;
			this.owner.lost(status, failure, connection != null && connection.isEndAsked());
		}
	}

	/** The owner wants no connection any more. */
	void cancel() {
		Connection connection = this.connection;
		CloseStatus closing = this.owner.closing();
		if (connection != null && closing != null) {
			connection.close(closing);
		}
		else {
			failed(closed());
		}
	}

	private static CancellationException closed() {
		return new CancellationException("The connection was closed");
	}

	boolean isOpen() {
		Connection connection = this.connection;
		return connection != null && connection.isOpen();
	}

	@Override
	public Executor executor() {
		return this.runtime.executor();
	}

	@Override
	public ConnectionRegistry registry() {
		return this.runtime.registry();
	}

}
