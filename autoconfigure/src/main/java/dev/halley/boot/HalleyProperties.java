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
import org.springframework.web.socket.CloseStatus;

import dev.halley.connection.ConnectionLimits;

/**
 * Configuration of what all live connections have in common.
 * <p>
 * Values that cannot work, zero and negative ones among them, stop the application at its
 * start.
 *
 * @param enabled Whether Halley is set up.
 * @param shutdown How connections are closed when the application stops.
 * @param limits How many connections are accepted.
 * @since 0.1
 */
@ConfigurationProperties("halley")
public record HalleyProperties(@DefaultValue("true") boolean enabled, @DefaultValue Shutdown shutdown,
		@DefaultValue Limits limits) {

	Duration checkedShutdownTimeout() {
		return PropertyChecks.time("halley.shutdown.timeout", this.shutdown.timeout);
	}

	Duration checkedDrain() {
		return PropertyChecks.timeOrZero("halley.shutdown.drain", this.shutdown.drain, "all at once");
	}

	/**
	 * How connections are closed when the application stops.
	 *
	 * @param drain Time over which connections are closed when the application stops, in
	 * batches of at least a hundred every 100 ms, so that their clients do not all come
	 * again at once. With 0 all are closed at once.
	 * @param status Status by which WebSockets are closed when the application stops.
	 * @param timeout Time that connections get to close in good order when the
	 * application stops. After it they are dropped.
	 */
	public record Shutdown(@DefaultValue("5s") Duration drain, @DefaultValue("going-away") Status status,
			@DefaultValue("10s") Duration timeout) {
	}

	/**
	 * What WebSockets are told when the application stops.
	 */
	public enum Status {

		/**
		 * 1001.
		 */
		GOING_AWAY(CloseStatus.GOING_AWAY),

		/**
		 * 1012.
		 */
		SERVICE_RESTART(CloseStatus.SERVICE_RESTARTED);

		private final CloseStatus closeStatus;

		Status(CloseStatus closeStatus) {
			this.closeStatus = closeStatus;
		}

		CloseStatus closeStatus() {
			return this.closeStatus;
		}

	}

	/**
	 * How many connections are accepted, over all transports, and with the native engine
	 * those of Spring's own handlers too. One more is refused with 503.
	 *
	 * @param connections Most connections in all.
	 * @param perAddress Most connections from one remote address; those of a /64 of IPv6
	 * count as one. Behind a proxy all clients have the proxy's address unless
	 * 'server.forward-headers-strategy' is 'native'.
	 * @param perUser Most connections of one authenticated user.
	 * @param connectionsPerSecond Most new connections each second, of which those of one
	 * second may come at once. Browsers that ask for an event stream beyond it get one
	 * that ends, so that they come again. No limit by default, and with zero.
	 */
	public record Limits(@DefaultValue("10000") int connections, @DefaultValue("1000") int perAddress,
			@DefaultValue("100") int perUser, @DefaultValue("0") int connectionsPerSecond) {

		ConnectionLimits checked() {
			ConnectionLimits limits = new ConnectionLimits(
					PropertyChecks.count("halley.limits.connections", this.connections),
					PropertyChecks.count("halley.limits.per-address", this.perAddress),
					PropertyChecks.count("halley.limits.per-user", this.perUser));
			int perSecond = PropertyChecks.countOrZero("halley.limits.connections-per-second",
					this.connectionsPerSecond);
			return (perSecond > 0) ? limits.withPerSecond(perSecond) : limits;
		}

	}

}
