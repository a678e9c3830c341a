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
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Decides how long to wait before the next attempt, once {@link ErrorStrategy} has
 * decided that there is one. Called by many threads; must not block.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ConnectStrategy {

	/**
	 * Returns how long to wait.
	 * @param inARow how many connections were lost in a row, of which none has lasted: 1
	 * for the first
	 * @param asked the time that the server of an event stream asks for by its
	 * {@code retry:}, or {@code null}
	 * @return the time, not negative
	 */
	Duration delay(int inARow, @Nullable Duration asked);

	/**
	 * Returns how long a connection must have been open for the count of losses to start
	 * anew.
	 * @return the time, 10 s by default
	 */
	default Duration lasting() {
		return Duration.ofSeconds(10);
	}

	/**
	 * Waits for a random time, up to a bound that doubles with each loss: exponential
	 * back-off with full jitter. So clients that lose their server at the same moment
	 * come back spread over the whole of that time.
	 * @param first the bound for the first attempt; a server's {@code retry:} takes its
	 * place
	 * @param most the greatest bound
	 * @return the strategy
	 */
	static ConnectStrategy backoff(Duration first, Duration most) {
		return backoff(first, most, Duration.ofSeconds(10));
	}

	/**
	 * As {@link #backoff(Duration, Duration)}, with another {@link #lasting()}.
	 * @param first the bound for the first attempt; a server's {@code retry:} takes its
	 * place
	 * @param most the greatest bound
	 * @param lasting how long a connection must have been open for the count of losses to
	 * start anew
	 * @return the strategy
	 */
	static ConnectStrategy backoff(Duration first, Duration most, Duration lasting) {
		Assert.isTrue(!first.isNegative() && !first.isZero(), () -> "first: " + first + " (expected: > 0)");
		Assert.isTrue(most.compareTo(first) >= 0, () -> "most: " + most + " (expected: >= " + first + ")");
		Assert.isTrue(!lasting.isNegative(), () -> "lasting: " + lasting + " (expected: >= 0)");
		return new Backoff(first, most, lasting, () -> ThreadLocalRandom.current().nextDouble());
	}

}
