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

package dev.halley.boot;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTimer;

/**
 * Runs the timer of all connections while the application runs, and closes all
 * connections when it stops, many of them little by little: before the web server's
 * graceful shutdown, which would wait for requests that are streams and knows nothing of
 * upgraded sockets.
 */
final class ConnectionLifecycle implements SmartLifecycle {

	static final int PHASE = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 512;

	private static final Log logger = LogFactory.getLog(ConnectionLifecycle.class);

	/** For what the application does with connections that were dropped. */
	private static final Duration LAST_WAIT = Duration.ofSeconds(2);

	private final ConnectionRegistry registry;

	private final ConnectionTimer timer;

	private final Duration timeout;

	private final Duration drain;

	private final CloseStatus status;

	private final ApplicationContext context;

	private final AtomicBoolean draining = new AtomicBoolean();

	private volatile boolean running;

	/**
	 * Creates a lifecycle.
	 * @param registry the connections
	 * @param timer their timer
	 * @param timeout how long to wait for their ends
	 * @param drain the time over which they are told
	 * @param status what they are told
	 * @param context tells that no more traffic is wanted
	 */
	ConnectionLifecycle(ConnectionRegistry registry, ConnectionTimer timer, Duration timeout, Duration drain,
			CloseStatus status, ApplicationContext context) {
		this.registry = registry;
		this.timer = timer;
		this.timeout = timeout;
		this.drain = drain;
		this.status = status;
		this.context = context;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void start() {
		this.timer.start();
		boolean drained = this.draining.getAndSet(false);
		this.registry.startAccepting();
		this.running = true;
		if (drained) {
			tell(ReadinessState.ACCEPTING_TRAFFIC);
		}
	}

	/**
	 * Drains in the background, ahead of a stop: the application is not ready any more,
	 * and accepts no more connections.
	 * @param over the time over which connections are told, or {@code null} for the usual
	 * @return {@code false} if that has begun before
	 */
	boolean drain(@Nullable Duration over) {
		if (!this.draining.compareAndSet(false, true)) {
			return false;
		}
		this.registry.stopAccepting(this.status);
		Thread thread = new Thread(() -> drainNow((over != null) ? over : this.drain), "halley-drain");
		thread.setDaemon(true);
		thread.start();
		tell(ReadinessState.REFUSING_TRAFFIC);
		return true;
	}

	/** A listener that fails keeps nothing from being done. */
	private void tell(ReadinessState state) {
		try {
			AvailabilityChangeEvent.publish(this.context, state);
		}
		catch (RuntimeException ex) {
			logger.error("A listener has failed on " + state, ex);
		}
	}

	private void drainNow(Duration over) {
		try {
			this.registry.drain(this.status, over);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop() {
		drainNow(this.drain);
		this.registry.closeAll(this.status);
		if (!awaitEmpty(this.timeout)) {
			logger.info("After " + this.timeout + " " + this.registry.size()
					+ " connections are still open and are dropped, and the application is still busy with the end of "
					+ this.registry.finishing() + " others");
			this.registry.abortAll(CloseStatus.GOING_AWAY);
			awaitEmpty(LAST_WAIT);
		}
		this.timer.stop();
		this.running = false;
	}

	private boolean awaitEmpty(Duration timeout) {
		try {
			return this.registry.awaitEmpty(timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
