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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTimer;

/**
 * Runs the timer of all connections while the application runs, and closes all
 * connections with 1001 when it stops: before the web server's graceful shutdown, which
 * would wait for requests that are streams and knows nothing of upgraded sockets.
 */
final class ConnectionLifecycle implements SmartLifecycle {

	static final int PHASE = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 512;

	private static final Log logger = LogFactory.getLog(ConnectionLifecycle.class);

	/** For what the application does with connections that were dropped. */
	private static final Duration LAST_WAIT = Duration.ofSeconds(2);

	private final ConnectionRegistry registry;

	private final ConnectionTimer timer;

	private final Duration timeout;

	private volatile boolean running;

	ConnectionLifecycle(ConnectionRegistry registry, ConnectionTimer timer, Duration timeout) {
		this.registry = registry;
		this.timer = timer;
		this.timeout = timeout;
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
		this.registry.startAccepting();
		this.running = true;
	}

	@Override
	public void stop() {
		this.registry.stopAccepting();
		this.registry.closeAll(CloseStatus.GOING_AWAY);
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
