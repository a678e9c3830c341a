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

package dev.halley.hub.broker;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How much of what was published is kept: what is within all bounds.
 *
 * @param messages the most messages, 0 to keep nothing
 * @param age how long each is kept
 * @param bytes the most bytes of payloads
 * @since 0.1
 */
public record Retention(int messages, Duration age, long bytes) {

	/**
	 * Keeps nothing.
	 */
	public static final Retention NOTHING = new Retention(0, Duration.ZERO, 0);

	public Retention {
		Assert.isTrue(messages >= 0, () -> "messages: " + messages + " (expected: >= 0)");
		Assert.notNull(age, "'age' must not be null");
	}

	/**
	 * Whether nothing is kept.
	 * @return whether there is no history
	 */
	public boolean isNothing() {
		return this.messages == 0;
	}

}
