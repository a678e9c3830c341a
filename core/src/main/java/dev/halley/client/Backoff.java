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
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Exponential back-off with full jitter.
 *
 * @param first the bound of the first delay
 * @param most the greatest bound
 * @param lasting what counts as a connection that has lasted
 * @param random from 0 to 1
 */
record Backoff(Duration first, Duration most, Duration lasting, DoubleSupplier random) implements ConnectStrategy {

	/** From here on every bound is the greatest one. */
	private static final int MOST_DOUBLINGS = 40;

	@Override
	public Duration delay(int inARow, @Nullable Duration asked) {
		double base = ((asked != null && !asked.isZero()) ? asked : this.first).toNanos();
		double bound = base * Math.pow(2, Math.min(Math.max(inARow, 1), MOST_DOUBLINGS) - 1);
		double longest = Math.max(this.most.toNanos(), (asked != null) ? base : 0);
		return Duration.ofNanos((long) (Math.min(bound, longest) * this.random.getAsDouble()));
	}

}
