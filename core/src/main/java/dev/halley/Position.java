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

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The place of a message in the order of its {@link Hub}. Outside it is one string of
 * letters, digits and a hyphen, to be kept and given back and not to be looked into: fit
 * for the id of an event, a query parameter and a header.
 * <p>
 * Immutable and thread-safe. A position is of one hub and one life of it: a hub that is
 * made anew under the same name, as after a restart, knows none of the old ones. With a
 * broker, that life is the same in all processes and goes on as long as the broker keeps
 * the hub.
 *
 * @since 0.1
 */
public final class Position {

	private static final int RADIX = 36;

	private final long epoch;

	private final long offset;

	Position(long epoch, long offset) {
		this.epoch = epoch;
		this.offset = offset;
	}

	/**
	 * Returns the position that a string stands for.
	 * @param text what {@link #toString} has returned
	 * @return the position
	 * @throws IllegalArgumentException if the string is none of those
	 */
	public static Position parse(String text) {
		Assert.notNull(text, "'text' must not be null");
		Position position = parseOrNull(text);
		Assert.isTrue(position != null, () -> "position: '" + shown(text) + "' (expected: one that a hub has given)");
		return position;
	}

	/** Whoever sends it may send anything. */
	private static String shown(String text) {
		return (text.length() <= 40) ? text : text.substring(0, 40) + "…";
	}

	/** The same, or {@code null} for a string that no position has. */
	static @Nullable Position parseOrNull(String text) {
		int hyphen = text.indexOf('-');
		if (hyphen < 0) {
			return null;
		}
		try {
			Position position = new Position(Long.parseUnsignedLong(text.substring(0, hyphen), RADIX),
					Long.parseLong(text.substring(hyphen + 1)));
			return (position.offset >= 0 && position.toString().equals(text)) ? position : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/** Tells the lives of hubs apart. */
	long epoch() {
		return this.epoch;
	}

	/** How many messages came before, and itself. */
	long offset() {
		return this.offset;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Position position && this.epoch == position.epoch && this.offset == position.offset;
	}

	@Override
	public int hashCode() {
		return 31 * Long.hashCode(this.epoch) + Long.hashCode(this.offset);
	}

	@Override
	public String toString() {
		return Long.toUnsignedString(this.epoch, RADIX) + "-" + this.offset;
	}

}
