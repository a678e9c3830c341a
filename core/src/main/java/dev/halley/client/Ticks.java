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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;

/**
 * Lets time pass for the connections of a client, while there are any, and for what they
 * have left to be done later. Thread-safe.
 */
final class Ticks {

	private static final Duration COARSEST = Duration.ofMillis(250);

	private final ConnectionRegistry registry;

	private final Scheduler timer;

	private int connections;

	private Duration period = COARSEST;

	private @Nullable Disposable task;

	Ticks(ConnectionRegistry registry, Scheduler timer) {
		this.registry = registry;
		this.timer = timer;
	}

	/**
	 * One more connection has time-outs, of which the shortest decides. Fails if the
	 * timer has ended, and then needs no {@link #end}.
	 */
	synchronized void begin(ConnectionSettings settings) {
		Duration period = period(settings);
		if (this.task == null || period.compareTo(this.period) < 0) {
			this.period = period;
			stop();
			this.task = this.timer.schedulePeriodically(this::tick, period.toNanos(), period.toNanos(),
					TimeUnit.NANOSECONDS);
		}
		this.connections++;
	}

	synchronized void end() {
		this.connections--;
		stopIfIdle();
	}

	private void tick() {
		this.registry.tick();
		stopIfIdle();
	}

	private synchronized void stopIfIdle() {
		if (this.connections == 0 && !this.registry.hasWorkLater()) {
			stop();
		}
	}

	private void stop() {
		if (this.task != null) {
			this.task.dispose();
			this.task = null;
		}
	}

	private static Duration period(ConnectionSettings settings) {
		Duration shortest = Stream
			.of(settings.idleTimeout(), settings.pingInterval(), settings.pongTimeout(), settings.closeTimeout(),
					settings.sendTimeout())
			.min(Duration::compareTo)
			.orElse(COARSEST);
		Duration quarter = Duration.ofNanos(Math.max(shortest.toNanos() / 4, Duration.ofMillis(1).toNanos()));
		return (quarter.compareTo(COARSEST) < 0) ? quarter : COARSEST;
	}

}
