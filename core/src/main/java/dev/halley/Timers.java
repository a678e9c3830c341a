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
import java.util.function.Supplier;

import org.springframework.util.Assert;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * Whose time an out has.
 */
final class Timers {

	private Timers() {
	}

	/**
	 * Returns the timer of the connection that a pipeline runs for.
	 * @param context the Reactor context of its subscriber
	 * @return the {@link Scheduler} that is there under its class, so that a test may
	 * have a time of its own; else the one that all outs share
	 */
	static Scheduler of(ContextView context) {
		return context.<Scheduler>getOrEmpty(Scheduler.class).orElseGet(Schedulers::parallel);
	}

	/**
	 * Checks how long something is to take.
	 * @throws IllegalArgumentException if it is {@code null} or takes no time
	 */
	static void check(String name, Duration duration) {
		Assert.notNull(duration, () -> "'" + name + "' must not be null");
		Assert.isTrue(duration.toNanos() > 0, () -> name + ": " + duration + " (expected: > 0)");
	}

	/** What a supplier returns, at once and in each period in which it is asked for. */
	static Flux<Object> every(Duration period, Supplier<?> supplier) {
		Flux<Long> ticks = Flux.deferContextual((context) -> Flux.interval(Duration.ZERO, period, of(context)))
			.onBackpressureDrop();
		return new ContextFlux<>(ticks).map((tick) -> supplier.get());
	}

}
