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

package dev.halley.test;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.Assert;

/**
 * How long a test waits for what it expects.
 */
final class Timeouts {

	static final String PROPERTY = "halley.test.timeout";

	private static final Duration DEFAULT = Duration.ofSeconds(5);

	private Timeouts() {
	}

	/** Returns what the system property says, or five seconds. */
	static Duration standard() {
		String value = System.getProperty(PROPERTY);
		return (value != null) ? parse(value) : DEFAULT;
	}

	private static Duration parse(String value) {
		try {
			return check(DurationFormatterUtils.detectAndParse(value));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					PROPERTY + ": " + value + " (expected: a time that is not zero, such as 5s or 500ms)", ex);
		}
	}

	static Duration check(Duration timeout) {
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0, () -> "timeout: " + timeout + " (expected: > 0)");
		return timeout;
	}

	/**
	 * Waits until something holds, with a monitor held that whoever changes it notifies.
	 * @return whether it holds
	 */
	static boolean await(Object monitor, Duration timeout, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		long left = timeout.toNanos();
		while (!condition.getAsBoolean() && left > 0) {
			TimeUnit.NANOSECONDS.timedWait(monitor, left);
			left = deadline - System.nanoTime();
		}
		return condition.getAsBoolean();
	}

	/** Returns a duration as people write it. */
	static String print(Duration duration) {
		BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros();
		return (seconds.scale() <= 0) ? seconds.toPlainString() + " s"
				: seconds.movePointRight(3).stripTrailingZeros().toPlainString() + " ms";
	}

}
