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

package dev.halley.boot;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import dev.halley.redis.RedisBrokerSettings;

/**
 * Configuration of hubs on Redis or Valkey, with 'halley.hub.broker=redis'. Where the
 * server is, and how to get in, is set under 'spring.data.redis'.
 * <p>
 * Values that cannot work stop the application at its start.
 *
 * @param prefix What all keys and channels of hubs begin with. Applications that share it
 * share their hubs, and send to and close each other's connections.
 * @param timeout Time within which a connection has to be made, and a command answered.
 * @param probeInterval Time between two messages that a node sends to itself, to see
 * whether the link is still good.
 * @param maxMessageSize Size of the largest message that can be published.
 * @since 0.1
 */
@ConfigurationProperties("halley.hub.redis")
public record HalleyRedisProperties(@DefaultValue("halley") String prefix, @DefaultValue("2s") Duration timeout,
		@DefaultValue("5s") Duration probeInterval, @DefaultValue("1MB") DataSize maxMessageSize) {

	private static final String PREFIX = "halley.hub.redis.";

	RedisBrokerSettings toSettings() {
		try {
			return new RedisBrokerSettings(this.prefix, PropertyChecks.time(PREFIX + "timeout", this.timeout),
					PropertyChecks.time(PREFIX + "probe-interval", this.probeInterval),
					PropertyChecks.size(PREFIX + "max-message-size", this.maxMessageSize));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "prefix", this.prefix,
					String.valueOf(ex.getMessage()));
		}
	}

}
