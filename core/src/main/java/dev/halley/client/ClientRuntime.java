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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;

/**
 * What all connections of a client share: threads, the timer, the HTTP client. Ends what
 * it has made itself.
 */
final class ClientRuntime {

	private static final Log logger = LogFactory.getLog(ClientRuntime.class);

	private static final Duration KEEP_IDLE = Duration.ofSeconds(5);

	private static final Duration AFTERWARDS = Duration.ofMillis(100);

	private static final Duration SLACK = Duration.ofSeconds(2);

	private static final AtomicInteger COUNT = new AtomicInteger();

	private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();

	private final Sinks.Empty<Void> closing = Sinks.empty();

	private final @Nullable ThreadPoolExecutor ownExecutor;

	private final boolean ownTimer;

	private final Executor executor;

	private final Scheduler workers;

	private final Scheduler timer;

	private final LongSupplier ticker;

	private final ConnectionRegistry registry;

	private final Ticks ticks;

	private final HttpClient http;

	private final WebSocketConnector connector;

	private final MessageCodecs codecs;

	private final AttemptObserver observer;

	private volatile boolean closed;

	ClientRuntime(HalleyClient.Builder builder) {
		String name = "halley-client-" + COUNT.incrementAndGet() + "-";
		ThreadPoolExecutor ownExecutor = (builder.executor == null) ? threads(name) : null;
		this.ownExecutor = ownExecutor;
		this.executor = Objects.requireNonNull((builder.executor != null) ? builder.executor : ownExecutor);
		// Of an ExecutorService Reactor would make one that interrupts whoever reads
		this.workers = Schedulers.fromExecutor(this.executor::execute);
		this.ownTimer = builder.timer == null;
		this.timer = (builder.timer != null) ? builder.timer : Schedulers.fromExecutorService(timer(name));
		this.ticker = this.ownTimer ? System::nanoTime : () -> this.timer.now(TimeUnit.NANOSECONDS);
		this.registry = new ConnectionRegistry(this.executor, this.executor, ConnectionLimits.NONE, this.ticker,
				builder.contexts, ConnectionObserver.NONE);
		this.ticks = new Ticks(this.registry, this.timer);
		HttpClient.Builder http = HttpClient.newBuilder().executor(this.executor);
		builder.http.accept(http);
		this.http = http.build();
		this.connector = (builder.connector != null) ? builder.connector : WebSocketConnector.jdk(this.http);
		this.codecs = (builder.codecs != null) ? builder.codecs : StandardCodecs.create();
		this.observer = builder.observer;
	}

	/** One for each task at a time: application code may block as long as it likes. */
	private static ThreadPoolExecutor threads(String prefix) {
		ThreadPoolExecutor executor = (ThreadPoolExecutor) Executors.newCachedThreadPool(daemons(prefix));
		executor.setKeepAliveTime(KEEP_IDLE.toNanos(), TimeUnit.NANOSECONDS);
		return executor;
	}

	private static ScheduledExecutorService timer(String prefix) {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons(prefix + "timer-"));
		timer.setRemoveOnCancelPolicy(true);
		return timer;
	}

	private static ThreadFactory daemons(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	Executor executor() {
		return this.executor;
	}

	/** The same as {@link #executor()}, for Reactor. */
	Scheduler workers() {
		return this.workers;
	}

	Scheduler timer() {
		return this.timer;
	}

	ConnectionRegistry registry() {
		return this.registry;
	}

	Ticks ticks() {
		return this.ticks;
	}

	HttpClient http() {
		return this.http;
	}

	WebSocketConnector connector() {
		return this.connector;
	}

	MessageCodecs codecs() {
		return this.codecs;
	}

	AttemptObserver observer() {
		return this.observer;
	}

	long now() {
		return this.ticker.getAsLong();
	}

	/** Completes when the client is closed. */
	Mono<Void> closing() {
		return this.closing.asMono();
	}

	/** Fails if the client is closed. */
	<T> Mono<T> failIfClosed() {
		return this.closed ? Mono.error(new CancellationException("The client is closed")) : Mono.empty();
	}

	void requireOpen() {
		Assert.state(!this.closed,
				"The client is closed (expected: calls before close(); another client is made by HalleyClient.builder())");
	}

	void add(ClientConnection connection) {
		this.connections.add(connection);
		if (this.closed) {
			connection.close(CloseStatus.GOING_AWAY);
		}
	}

	void remove(ClientConnection connection) {
		this.connections.remove(connection);
	}

	/** Closes all with 1001, waits for as long as peers may take, and drops the rest. */
	void close(Duration closeTimeout) {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.closing.tryEmitEmpty();
		this.connections.forEach((connection) -> connection.close(CloseStatus.GOING_AWAY));
		try {
			if (!this.registry.awaitEmpty(closeTimeout.plus(SLACK))) {
				logger.debug("The close of a client drops connections whose peers do not answer");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.registry.abortAll(CloseStatus.GOING_AWAY);
		executeOrRun(this::endHttp);
		if (this.ownTimer) {
			this.timer.dispose();
		}
		if (this.ownExecutor != null) {
			// The JDK's client has still to close its sockets: threads go when there is
			// nothing left to do
			this.ownExecutor.setKeepAliveTime(AFTERWARDS.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/** Who reads may block, which is not to hold up whoever closes the client. */
	private void executeOrRun(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			task.run();
		}
	}

	/**
	 * Fails, on this thread, what is still read. JDK 17's has no end but that nobody
	 * refers to it.
	 */
	private void endHttp() {
		try {
			MethodHandles.publicLookup()
				.findVirtual(HttpClient.class, "shutdownNow", MethodType.methodType(void.class))
				.invoke(this.http);
		}
		catch (NoSuchMethodException ex) {
			logger.trace("The JDK's HTTP client ends by itself");
		}
		catch (Throwable ex) {
			logger.debug("The JDK's HTTP client could not be ended", ex);
		}
	}

}
