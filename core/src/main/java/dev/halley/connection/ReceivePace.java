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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * When the messages of one peer may be handled, as a {@link ReceiveLimit} says. Messages
 * are taken one at a time; any thread may look whether the next one has to wait.
 */
final class ReceivePace {

	private static final Log logger = LogFactory.getLog(ReceivePace.class);

	/** For a peer that has been too fast for too long. */
	static final CloseStatus TOO_FAST = CloseStatus.POLICY_VIOLATION.withReason("too many messages");

	private final @Nullable TokenBucket messages;

	private final @Nullable TokenBucket bytes;

	private final long patience;

	private boolean exceeding;

	private long exceedingSince;

	private volatile long nextAt;

	private ReceivePace(ReceiveLimit limit, long now) {
		this.messages = bucket(limit.messagesPerSecond(), now);
		this.bytes = bucket(limit.bytesPerSecond(), now);
		this.patience = limit.patience().toNanos();
		this.nextAt = now;
	}

	private static @Nullable TokenBucket bucket(int perSecond, long now) {
		return (perSecond > 0) ? new TokenBucket(perSecond, now) : null;
	}

	/** Returns the pace for a peer, or {@code null} if any will do. */
	static @Nullable ReceivePace of(ReceiveLimit limit, long now) {
		return limit.isSet() ? new ReceivePace(limit, now) : null;
	}

	/**
	 * Takes a message, whose time has come.
	 * @param size its bytes
	 * @return {@code false} if the peer has been too fast for too long
	 */
	boolean take(int size, long now) {
		this.exceeding &= !(isRested(this.messages, now) && isRested(this.bytes, now));
		long wait = Math.max(spend(this.messages, 1, now), spend(this.bytes, size, now));
		this.nextAt = now + wait;
		if (wait > 0 && !this.exceeding) {
			this.exceeding = true;
			this.exceedingSince = now;
		}
		return wait == 0 || now - this.exceedingSince < this.patience;
	}

	/**
	 * Takes a message of a connection, and closes one that has been too fast for too
	 * long.
	 */
	boolean take(Payload message, Connection connection) {
		boolean taken = take(message.size(), connection.now());
		if (!taken) {
			logger.debug(LogMessage.format("%s: too fast for too long", connection));
			connection.close(TOO_FAST);
		}
		return taken;
	}

	private static boolean isRested(@Nullable TokenBucket bucket, long now) {
		return bucket == null || bucket.isHalfFull(now);
	}

	private static long spend(@Nullable TokenBucket bucket, int count, long now) {
		return (bucket != null) ? bucket.spend(count, now) : 0;
	}

	/** Whether it is too early for the next message. */
	boolean isWaiting(long now) {
		return this.nextAt - now > 0;
	}

}
