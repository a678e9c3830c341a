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

package dev.halley;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * How a {@linkplain Hubs#recorded recorded} source is kept.
 *
 * @param keep for how long after its end all that it has emitted can be read, up to 365
 * days; nothing if only by those who read at its end
 * @param messages the most messages that it may emit, at least 1
 * @param bytes the most bytes of messages that it may emit, at least 1. Strings count by
 * their length, byte arrays by theirs, and all else by its encoded form
 * @param abandonAfter for how long it goes on without a reader, more than nothing; until
 * its end if {@code null}
 * @since 0.1
 */
public record Recording(Duration keep, int messages, long bytes, @Nullable Duration abandonAfter) {

	/**
	 * The most messages of a source where nothing else is said: 100,000.
	 */
	public static final int DEFAULT_MESSAGES = 100_000;

	/**
	 * The most bytes of a source where nothing else is said: 4 MiB.
	 */
	public static final long DEFAULT_BYTES = 4 << 20;

	private static final Duration LONGEST = Duration.ofDays(365);

	public Recording {
		Assert.notNull(keep, "'keep' must not be null");
		Assert.isTrue(!keep.isNegative() && keep.compareTo(LONGEST) <= 0,
				() -> "keep: " + keep + " (expected: >= 0 and <= " + LONGEST + ")");
		Assert.isTrue(messages > 0, () -> "messages: " + messages + " (expected: > 0)");
		Assert.isTrue(bytes > 0, () -> "bytes: " + bytes + " (expected: > 0)");
		Assert.isTrue(
				abandonAfter == null
						|| abandonAfter.compareTo(Duration.ZERO) > 0 && abandonAfter.compareTo(LONGEST) <= 0,
				() -> "abandonAfter: " + abandonAfter + " (expected: > 0 and <= " + LONGEST + ")");
	}

	/**
	 * Returns a recording of 100,000 messages and 4 MiB at most, whose source goes on
	 * until its end.
	 * @param keep for how long after its end it can be read
	 * @return the recording
	 */
	public static Recording keptFor(Duration keep) {
		return new Recording(keep, DEFAULT_MESSAGES, DEFAULT_BYTES, null);
	}

	/**
	 * Returns this recording with another bound of its messages.
	 * @param messages the most messages that the source may emit
	 * @return the new recording
	 */
	public Recording withMessages(int messages) {
		return new Recording(this.keep, messages, this.bytes, this.abandonAfter);
	}

	/**
	 * Returns this recording with another size.
	 * @param bytes the most bytes of messages that the source may emit
	 * @return the new recording
	 */
	public Recording withBytes(long bytes) {
		return new Recording(this.keep, this.messages, bytes, this.abandonAfter);
	}

	/**
	 * Returns this recording for a source that is cancelled when nobody reads it.
	 * @param abandonAfter for how long it goes on without a reader, such as the time that
	 * a page takes to be loaded again
	 * @return the new recording
	 */
	public Recording withAbandonAfter(Duration abandonAfter) {
		return new Recording(this.keep, this.messages, this.bytes, abandonAfter);
	}

}
