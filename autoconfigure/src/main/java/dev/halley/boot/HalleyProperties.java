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

import dev.halley.connection.ConnectionLimits;

/**
 * Configuration of what all live connections have in common.
 * <p>
 * Values that cannot work, zero and negative ones among them, stop the application at its
 * start.
 *
 * @param enabled Whether Halley is set up.
 * @param shutdownTimeout Time that connections get to close in good order when the
 * application stops. After it they are dropped.
 * @param limits How many connections are accepted at the same time.
 * @since 0.1
 */
@ConfigurationProperties("halley")
public record HalleyProperties(@DefaultValue("true") boolean enabled, @DefaultValue("10s") Duration shutdownTimeout,
		@DefaultValue Limits limits) {

	Duration checkedShutdownTimeout() {
		return Settings.time("halley.shutdown-timeout", this.shutdownTimeout);
	}

	/**
	 * How many connections are accepted at the same time, over all transports, and with
	 * the native engine those of Spring's own handlers too. One more is refused with 503.
	 *
	 * @param connections Most connections in all.
	 * @param perAddress Most connections from one remote address; those of a /64 of IPv6
	 * count as one. Behind a proxy all clients have the proxy's address unless
	 * 'server.forward-headers-strategy' is 'native'.
	 * @param perUser Most connections of one authenticated user.
	 */
	public record Limits(@DefaultValue("10000") int connections, @DefaultValue("1000") int perAddress,
			@DefaultValue("100") int perUser) {

		ConnectionLimits checked() {
			return new ConnectionLimits(Settings.count("halley.limits.connections", this.connections),
					Settings.count("halley.limits.per-address", this.perAddress),
					Settings.count("halley.limits.per-user", this.perUser));
		}

	}

}
