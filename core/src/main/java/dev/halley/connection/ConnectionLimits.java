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

import org.springframework.util.Assert;

/**
 * How many connections are accepted at the same time, and how many new ones each second,
 * over all transports.
 *
 * @param total in all
 * @param perAddress from one remote address
 * @param perUser of one authenticated user, or of one that {@link CountedUser} names
 * @param perSecond new ones each second, in all; what a second has left is kept for
 * later, as much as one second has
 * @since 0.1
 */
public record ConnectionLimits(int total, int perAddress, int perUser, int perSecond) {

	static final int UNLIMITED = Integer.MAX_VALUE;

	/**
	 * No limits.
	 */
	public static final ConnectionLimits NONE = new ConnectionLimits(UNLIMITED, UNLIMITED, UNLIMITED);

	public ConnectionLimits {
		Assert.isTrue(total > 0, () -> "total: " + total + " (expected: > 0)");
		Assert.isTrue(perAddress > 0, () -> "perAddress: " + perAddress + " (expected: > 0)");
		Assert.isTrue(perUser > 0, () -> "perUser: " + perUser + " (expected: > 0)");
		Assert.isTrue(perSecond > 0, () -> "perSecond: " + perSecond + " (expected: > 0)");
	}

	/**
	 * Limits those that are there, and not how fast new ones come.
	 * @param total in all
	 * @param perAddress from one remote address
	 * @param perUser of one authenticated user
	 */
	public ConnectionLimits(int total, int perAddress, int perUser) {
		this(total, perAddress, perUser, UNLIMITED);
	}

	/**
	 * Returns these limits with another one on new connections.
	 * @param perSecond how many may come each second
	 * @return the new limits
	 */
	public ConnectionLimits withPerSecond(int perSecond) {
		return new ConnectionLimits(this.total, this.perAddress, this.perUser, perSecond);
	}

}
