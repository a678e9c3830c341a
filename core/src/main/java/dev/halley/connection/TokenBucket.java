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

import java.util.concurrent.TimeUnit;

/**
 * How much of something may happen each second. What is left of a second is kept for
 * later, as much as one second has, so that so many may come at once. Not thread-safe.
 * <p>
 * All that is known is when nothing will have been taken any more, so that no time has to
 * pass for it, and an idle one costs nothing.
 */
final class TokenBucket {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final int perSecond;

	private long fullAt;

	/**
	 * Creates a full one.
	 * @param perSecond how much may be taken each second
	 * @param now the time, in nanoseconds from any origin
	 */
	TokenBucket(int perSecond, long now) {
		this.perSecond = perSecond;
		this.fullAt = now;
	}

	/** Takes one, if there is one. */
	boolean take(long now) {
		long full = Math.max(0, this.fullAt - now) + timeFor(1);
		if (full > SECOND) {
			return false;
		}
		this.fullAt = now + full;
		return true;
	}

	/**
	 * Takes some, also if there are not as many.
	 * @return after what time none will be owed any more, in nanoseconds
	 */
	long spend(int count, long now) {
		long full = Math.max(0, this.fullAt - now) + timeFor(count);
		this.fullAt = now + full;
		return Math.max(0, full - SECOND);
	}

	/** Whether half of what may be taken at once is there. */
	boolean isHalfFull(long now) {
		return this.fullAt - now <= SECOND / 2;
	}

	private long timeFor(int count) {
		return count * SECOND / this.perSecond;
	}

}
