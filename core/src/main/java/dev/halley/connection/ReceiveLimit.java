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

/**
 * How much one peer may send each second. What a second has left is kept for later, as
 * much as one second has. Whoever sends more is held up first: its next message waits
 * until its time has come, a few are read ahead, and then nothing is read any more, so
 * that the network holds the peer up. Whoever is held up again and again is closed with
 * 1008 at last.
 * <p>
 * Whole messages count, before they are decoded. Pings, pongs and Closes do not.
 *
 * @param messagesPerSecond the most messages, or 0 for no limit
 * @param bytesPerSecond the most bytes of messages, or 0 for no limit; a message that is
 * larger is taken, and those after it wait the longer
 * @param patience for how long a peer may exceed a limit. Its time begins with the first
 * message after which the next one has to wait, and is over when the peer has fallen
 * behind both limits by what half a second has; the first message beyond a limit after
 * that long is refused with 1008
 * @since 0.1
 */
public record ReceiveLimit(int messagesPerSecond, int bytesPerSecond, Duration patience) {

	/** Above this, differences of a nanosecond clock could overflow. */
	private static final Duration LONGEST = Duration.ofDays(3650);

	/**
	 * No limit.
	 */
	public static final ReceiveLimit NONE = new ReceiveLimit(0, 0, Duration.ofSeconds(10));

	public ReceiveLimit {
		Assert.isTrue(messagesPerSecond >= 0,
				() -> "messagesPerSecond: " + messagesPerSecond + " (expected: > 0, or 0 for no limit)");
		Assert.isTrue(bytesPerSecond >= 0,
				() -> "bytesPerSecond: " + bytesPerSecond + " (expected: > 0, or 0 for no limit)");
		Assert.isTrue(!patience.isZero() && !patience.isNegative() && patience.compareTo(LONGEST) <= 0,
				() -> "patience: " + patience + " (expected: > 0 and at most " + LONGEST + ")");
	}

	/** Whether there is one. */
	boolean isSet() {
		return this.messagesPerSecond > 0 || this.bytesPerSecond > 0;
	}

	/**
	 * Returns this limit with another one of messages.
	 * @param messagesPerSecond the most messages each second, or 0 for no limit
	 * @return the new limit
	 */
	public ReceiveLimit withMessagesPerSecond(int messagesPerSecond) {
		return new ReceiveLimit(messagesPerSecond, this.bytesPerSecond, this.patience);
	}

	/**
	 * Returns this limit with another one of bytes.
	 * @param bytesPerSecond the most bytes each second, or 0 for no limit
	 * @return the new limit
	 */
	public ReceiveLimit withBytesPerSecond(int bytesPerSecond) {
		return new ReceiveLimit(this.messagesPerSecond, bytesPerSecond, this.patience);
	}

}
