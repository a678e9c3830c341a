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

import java.time.Duration;

import org.springframework.util.Assert;

import dev.halley.Overflow;

/**
 * The limits and time-outs of a connection.
 *
 * @param sendBufferMessages the most messages that wait for a slow peer
 * @param sendBufferBytes the most bytes that wait for a slow peer
 * @param overflow what happens beyond the send buffer
 * @param maxMessageSize the largest message that is taken, in bytes
 * @param idleTimeout after which a peer that sends nothing, not even pongs, gets 1001;
 * does not run while a message is handled or a write is under way
 * @param pingInterval between two pings
 * @param pongTimeout within which a ping must be answered
 * @param closeTimeout within which the peer must answer a Close
 * @param sendTimeout after which a write that makes no progress ends the connection
 * @param receiveLimit how much the peer may send each second
 * @since 0.1
 */
public record ConnectionSettings(int sendBufferMessages, long sendBufferBytes, Overflow overflow, int maxMessageSize,
		Duration idleTimeout, Duration pingInterval, Duration pongTimeout, Duration closeTimeout, Duration sendTimeout,
		ReceiveLimit receiveLimit) {

	/** Above this, differences of a nanosecond clock could overflow. */
	private static final Duration LONGEST = Duration.ofDays(3650);

	/**
	 * 256 messages and 1 MiB to send, {@link Overflow#CLOSE}, messages of 64 KiB, idle 5
	 * min, ping every 30 s with 10 s for the pong, 3 s to answer a Close, 10 s without
	 * progress in a write.
	 */
	public static final ConnectionSettings DEFAULT = new ConnectionSettings(256, 1 << 20, Overflow.CLOSE, 1 << 16,
			Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(3),
			Duration.ofSeconds(10));

	public ConnectionSettings {
		Assert.isTrue(sendBufferMessages > 0, () -> "sendBufferMessages: " + sendBufferMessages + " (expected: > 0)");
		Assert.isTrue(sendBufferBytes > 0, () -> "sendBufferBytes: " + sendBufferBytes + " (expected: > 0)");
		Assert.notNull(overflow, "'overflow' must not be null");
		Assert.isTrue(maxMessageSize > 0, () -> "maxMessageSize: " + maxMessageSize + " (expected: > 0)");
		check("idleTimeout", idleTimeout);
		check("pingInterval", pingInterval);
		check("pongTimeout", pongTimeout);
		check("closeTimeout", closeTimeout);
		check("sendTimeout", sendTimeout);
		Assert.notNull(receiveLimit, "'receiveLimit' must not be null");
	}

	/**
	 * Creates settings for peers that may send as fast as they like.
	 * @param sendBufferMessages the most messages that wait for a slow peer
	 * @param sendBufferBytes the most bytes that wait for a slow peer
	 * @param overflow what happens beyond the send buffer
	 * @param maxMessageSize the largest message that is taken, in bytes
	 * @param idleTimeout after which a peer that sends nothing, not even pongs, gets 1001
	 * @param pingInterval between two pings
	 * @param pongTimeout within which a ping must be answered
	 * @param closeTimeout within which the peer must answer a Close
	 * @param sendTimeout after which a write that makes no progress ends the connection
	 */
	public ConnectionSettings(int sendBufferMessages, long sendBufferBytes, Overflow overflow, int maxMessageSize,
			Duration idleTimeout, Duration pingInterval, Duration pongTimeout, Duration closeTimeout,
			Duration sendTimeout) {
		this(sendBufferMessages, sendBufferBytes, overflow, maxMessageSize, idleTimeout, pingInterval, pongTimeout,
				closeTimeout, sendTimeout, ReceiveLimit.NONE);
	}

	private static void check(String name, Duration duration) {
		Assert.isTrue(!duration.isZero() && !duration.isNegative() && duration.compareTo(LONGEST) <= 0,
				() -> name + ": " + duration + " (expected: > 0 and at most " + LONGEST + ")");
	}

	/**
	 * Returns these settings with another overflow strategy.
	 * @param overflow the strategy
	 * @return the new settings
	 */
	public ConnectionSettings withOverflow(Overflow overflow) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, overflow, this.maxMessageSize,
				this.idleTimeout, this.pingInterval, this.pongTimeout, this.closeTimeout, this.sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another time between two pings.
	 * @param pingInterval the time
	 * @return the new settings
	 */
	public ConnectionSettings withPingInterval(Duration pingInterval) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, this.maxMessageSize,
				this.idleTimeout, pingInterval, this.pongTimeout, this.closeTimeout, this.sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another message limit.
	 * @param maxMessageSize the largest message that is taken, in bytes
	 * @return the new settings
	 */
	public ConnectionSettings withMaxMessageSize(int maxMessageSize) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, maxMessageSize,
				this.idleTimeout, this.pingInterval, this.pongTimeout, this.closeTimeout, this.sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another time after which a silent peer is gone.
	 * @param idleTimeout the time
	 * @return the new settings
	 */
	public ConnectionSettings withIdleTimeout(Duration idleTimeout) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, this.maxMessageSize,
				idleTimeout, this.pingInterval, this.pongTimeout, this.closeTimeout, this.sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another time for the answer to a ping.
	 * @param pongTimeout the time
	 * @return the new settings
	 */
	public ConnectionSettings withPongTimeout(Duration pongTimeout) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, this.maxMessageSize,
				this.idleTimeout, this.pingInterval, pongTimeout, this.closeTimeout, this.sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another time for the answer to a Close.
	 * @param closeTimeout the time
	 * @return the new settings
	 */
	public ConnectionSettings withCloseTimeout(Duration closeTimeout) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, this.maxMessageSize,
				this.idleTimeout, this.pingInterval, this.pongTimeout, closeTimeout, this.sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another time for a write that makes no progress.
	 * @param sendTimeout the time
	 * @return the new settings
	 */
	public ConnectionSettings withSendTimeout(Duration sendTimeout) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, this.maxMessageSize,
				this.idleTimeout, this.pingInterval, this.pongTimeout, this.closeTimeout, sendTimeout,
				this.receiveLimit);
	}

	/**
	 * Returns these settings with another limit of what the peer may send.
	 * @param receiveLimit how much it may send each second
	 * @return the new settings
	 */
	public ConnectionSettings withReceiveLimit(ReceiveLimit receiveLimit) {
		return new ConnectionSettings(this.sendBufferMessages, this.sendBufferBytes, this.overflow, this.maxMessageSize,
				this.idleTimeout, this.pingInterval, this.pongTimeout, this.closeTimeout, this.sendTimeout,
				receiveLimit);
	}

}
