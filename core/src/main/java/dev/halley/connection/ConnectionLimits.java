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
 * How many connections are accepted at the same time, over all transports.
 *
 * @param total in all
 * @param perAddress from one remote address
 * @param perUser of one authenticated user
 * @since 0.1
 */
public record ConnectionLimits(int total, int perAddress, int perUser) {

	/**
	 * No limits.
	 */
	public static final ConnectionLimits NONE = new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE,
			Integer.MAX_VALUE);

	public ConnectionLimits {
		Assert.isTrue(total > 0, () -> "total: " + total + " (expected: > 0)");
		Assert.isTrue(perAddress > 0, () -> "perAddress: " + perAddress + " (expected: > 0)");
		Assert.isTrue(perUser > 0, () -> "perUser: " + perUser + " (expected: > 0)");
	}

}
