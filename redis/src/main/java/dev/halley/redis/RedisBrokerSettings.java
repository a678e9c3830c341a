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

package dev.halley.redis;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How a {@link RedisHubBroker} works.
 *
 * @param prefix what all its keys and channels begin with: those who share it share their
 * hubs
 * @param timeout how long it waits for a connection and for an answer
 * @param probeInterval how often it sends itself a message, to see whether the link is
 * still good
 * @param maxMessageSize the largest message it carries, in bytes
 * @since 0.1
 */
public record RedisBrokerSettings(String prefix, Duration timeout, Duration probeInterval, int maxMessageSize) {

	/**
	 * Prefix {@code halley}, 2 seconds, a probe every 5 seconds, 1 MiB.
	 */
	public static final RedisBrokerSettings DEFAULT = new RedisBrokerSettings("halley", Duration.ofSeconds(2),
			Duration.ofSeconds(5), 1 << 20);

	public RedisBrokerSettings {
		Assert.hasText(prefix, "'prefix' must not be empty");
		Assert.isTrue(prefix.indexOf('{') < 0, () -> "prefix: '" + prefix + "' (expected: no '{')");
		Assert.isTrue(timeout.toMillis() > 0, () -> "timeout: " + timeout + " (expected: > 0)");
		Assert.isTrue(probeInterval.toMillis() > 0, () -> "probeInterval: " + probeInterval + " (expected: > 0)");
		Assert.isTrue(maxMessageSize > 0, () -> "maxMessageSize: " + maxMessageSize + " (expected: > 0)");
	}

}
