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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import dev.halley.Overflow;
import dev.halley.client.ConnectStrategy;
import dev.halley.client.HalleyClient;
import dev.halley.connection.ConnectionSettings;

/**
 * Configuration of clients: the defaults of each builder that is injected.
 * <p>
 * Values that cannot work stop the application at its start.
 *
 * @param enabled Whether there is a builder of clients.
 * @param handshakeTimeout Time within which a server must have answered an attempt to
 * connect.
 * @param maxMessageSize Largest message of a WebSocket and largest event of a stream that
 * is taken. A larger one ends the connection.
 * @param idleTimeout Time after which a server that sends nothing is given up: on an
 * event stream no event and no comment, on a WebSocket no message and no pong.
 * @param pingInterval Time between two pings.
 * @param pongTimeout Time within which a ping must be answered, or else the connection is
 * dropped.
 * @param closeTimeout Time within which the server must answer a Close, or else the
 * connection is dropped.
 * @param sendTimeout Time after which a write that makes no progress ends the connection.
 * @param sendBuffer What may wait for a server that reads slowly.
 * @param overflow What happens when a source that does not wait, such as a hub, meets a
 * full send buffer.
 * @param reconnect When connections come back that are lost.
 * @param ssl TLS of the JDK's client.
 * @since 0.1
 */
@ConfigurationProperties("halley.client")
public record HalleyClientProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("10s") Duration handshakeTimeout, @DefaultValue("64KB") DataSize maxMessageSize,
		@DefaultValue("5m") Duration idleTimeout, @DefaultValue("30s") Duration pingInterval,
		@DefaultValue("10s") Duration pongTimeout, @DefaultValue("3s") Duration closeTimeout,
		@DefaultValue("10s") Duration sendTimeout, @DefaultValue SendBuffer sendBuffer,
		@DefaultValue("close") Overflow overflow, @DefaultValue Reconnect reconnect, @DefaultValue Ssl ssl) {

	private static final String PREFIX = "halley.client.";

	/** Applies all but TLS. */
	void applyTo(HalleyClient.Builder builder) {
		ConnectionSettings settings = toSettings();
		builder.settings((defaults) -> settings)
			.handshakeTimeout(PropertyChecks.time(PREFIX + "handshake-timeout", this.handshakeTimeout))
			.connectStrategy(this.reconnect.toStrategy());
	}

	private ConnectionSettings toSettings() {
		return new ConnectionSettings(PropertyChecks.count(PREFIX + "send-buffer.messages", this.sendBuffer.messages),
				PropertyChecks.size(PREFIX + "send-buffer.size", this.sendBuffer.size), this.overflow,
				PropertyChecks.size(PREFIX + "max-message-size", this.maxMessageSize),
				PropertyChecks.time(PREFIX + "idle-timeout", this.idleTimeout),
				PropertyChecks.time(PREFIX + "ping-interval", this.pingInterval),
				PropertyChecks.time(PREFIX + "pong-timeout", this.pongTimeout),
				PropertyChecks.time(PREFIX + "close-timeout", this.closeTimeout),
				PropertyChecks.time(PREFIX + "send-timeout", this.sendTimeout));
	}

	/**
	 * What may wait for a server that reads slowly.
	 *
	 * @param messages Most messages that wait.
	 * @param size Most bytes that wait.
	 */
	public record SendBuffer(@DefaultValue("256") int messages, @DefaultValue("1MB") DataSize size) {
	}

	/**
	 * When connections come back that are lost.
	 *
	 * @param firstDelay Longest time before the first attempt. It doubles with each
	 * further loss; how much of it passes is random.
	 * @param maxDelay Longest time before any attempt.
	 * @param lasting Time that a connection must have been open for the delays to start
	 * anew.
	 */
	public record Reconnect(@DefaultValue("1s") Duration firstDelay, @DefaultValue("1m") Duration maxDelay,
			@DefaultValue("10s") Duration lasting) {

		ConnectStrategy toStrategy() {
			Duration first = PropertyChecks.time(PREFIX + "reconnect.first-delay", this.firstDelay);
			Duration most = PropertyChecks.time(PREFIX + "reconnect.max-delay", this.maxDelay);
			if (most.compareTo(first) < 0) {
				throw new InvalidConfigurationPropertyValueException(PREFIX + "reconnect.max-delay", most,
						"Expected: not less than " + PREFIX + "reconnect.first-delay");
			}
			return ConnectStrategy.backoff(first, most,
					PropertyChecks.timeOrZero(PREFIX + "reconnect.lasting", this.lasting, "any"));
		}

	}

	/**
	 * TLS of the JDK's client.
	 *
	 * @param bundle Name of the SSL bundle to use. By default the JDK's own trust.
	 */
	public record Ssl(@Nullable String bundle) {
	}

}
