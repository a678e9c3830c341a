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

package dev.halley.connection;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The one timer of all connections: a daemon thread that calls
 * {@link ConnectionRegistry#tick} at a fixed rate. Nothing that waits runs on it.
 *
 * @since 0.1
 */
public final class ConnectionTimer {

	private static final Log logger = LogFactory.getLog(ConnectionTimer.class);

	private static final Duration COARSEST = Duration.ofMillis(250);

	private final ConnectionRegistry registry;

	private final Duration resolution;

	private @Nullable ScheduledExecutorService scheduler;

	/**
	 * Creates a timer.
	 * @param registry whose connections it serves
	 * @param shortest the shortest time-out that must be kept; the timer looks four times
	 * as often, and four times a second at least
	 */
	public ConnectionTimer(ConnectionRegistry registry, Duration shortest) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.isTrue(shortest.toMillis() > 0, () -> "shortest: " + shortest + " (expected: >= 1 ms)");
		this.registry = registry;
		Duration quarter = Duration.ofNanos(Math.max(shortest.toNanos() / 4, TimeUnit.MILLISECONDS.toNanos(1)));
		this.resolution = (quarter.compareTo(COARSEST) < 0) ? quarter : COARSEST;
	}

	/**
	 * Starts the timer's thread, unless it runs.
	 */
	public synchronized void start() {
		if (this.scheduler == null) {
			this.scheduler = Executors.newSingleThreadScheduledExecutor(ConnectionTimer::thread);
			this.scheduler.scheduleWithFixedDelay(this::tick, this.resolution.toNanos(), this.resolution.toNanos(),
					TimeUnit.NANOSECONDS);
		}
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "halley-timer");
		thread.setDaemon(true);
		return thread;
	}

	/** A failure must not end the schedule. */
	private void tick() {
		try {
			this.registry.tick();
		}
		catch (RuntimeException | Error ex) {
			logger.error("A tick of the connection timer failed", ex);
		}
	}

	/**
	 * Ends the timer's thread.
	 */
	public synchronized void stop() {
		if (this.scheduler != null) {
			this.scheduler.shutdownNow();
			this.scheduler = null;
		}
	}

}
