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
import java.util.function.LongSupplier;

import org.springframework.util.Assert;

/**
 * What hubs do in time.
 *
 * @param timer their timer
 * @param presenceGrace for how long those are present who have lost their connection
 * @param counts counts what they do
 */
record HubTimes(HubTimer timer, Duration presenceGrace, HubCounts counts) {

	private static final Duration LONGEST_GRACE = Duration.ofDays(365);

	HubTimes {
		Assert.notNull(presenceGrace, "'presenceGrace' must not be null");
		Assert.isTrue(!presenceGrace.isNegative() && presenceGrace.compareTo(LONGEST_GRACE) <= 0,
				() -> "presenceGrace: " + presenceGrace + " (expected: >= 0 and <= " + LONGEST_GRACE + ")");
	}

	HubTimes(HubTimer timer, Duration presenceGrace) {
		this(timer, presenceGrace, new HubCounts());
	}

	/**
	 * On Halley's own threads, with the grace where nothing else is said.
	 * @param ticker tells the time in nanoseconds, from whatever start
	 */
	static HubTimes of(LongSupplier ticker) {
		return new HubTimes(new HubTimer(SourceThreads.SCHEDULER, ticker), HubPresence.DEFAULT_GRACE);
	}

}
