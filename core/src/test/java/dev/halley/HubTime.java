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

package dev.halley;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Hubs whose time a test lets pass. What they leave to other threads runs on the
 * caller's, unless an executor is given.
 */
final class HubTime {

	private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

	final HubTimer timer = new HubTimer(this.scheduler, this::nanos);

	private @Nullable Long stopped;

	HubTime() {
		// Not from zero on, and across the end of the numbers
		this.scheduler.advanceTimeBy(Duration.ofDays(3));
	}

	long nanos() {
		return (this.stopped != null) ? this.stopped
				: this.scheduler.now(TimeUnit.NANOSECONDS) + Long.MAX_VALUE - Duration.ofDays(3).toNanos() - 5;
	}

	/** Lets time pass, and runs what is due then. */
	void pass(Duration time) {
		this.scheduler.advanceTimeBy(time);
	}

	/** This process stands still: what is due meanwhile runs when that is over. */
	void skip(Duration time) {
		this.stopped = nanos() + time.toNanos();
		this.scheduler.advanceTimeBy(time);
		this.stopped = null;
	}

	/** How much is scheduled. */
	long scheduled() {
		return this.scheduler.getScheduledTaskCount();
	}

	InMemoryHubs hubs(Duration presenceGrace) {
		return hubs(presenceGrace, Runnable::run);
	}

	InMemoryHubs hubs(Duration presenceGrace, Executor others) {
		return new InMemoryHubs(others, HistoryPatterns.NONE, (message) -> HubHistory.UNKNOWN_SIZE, this::nanos,
				new HubTimes(this.timer, presenceGrace));
	}

}
