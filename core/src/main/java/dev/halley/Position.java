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

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The place of a message in the order of its {@link Hub}. Outside it is one string of
 * letters, digits, hyphens and dots, to be kept and given back and not to be looked into:
 * fit for the id of an event, a query parameter and a header.
 * <p>
 * That of a message is in one hub and one life of it: a hub that is made anew under the
 * same name, as after a restart, knows none of the old ones; with a broker, that life is
 * the same in all processes and goes on as long as the broker keeps the hub. The id of an
 * event can be a position in several hubs, at most 32 and about 25 characters for each,
 * and be given to each of them.
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Position {

	/** Of no hub. */
	static final Position UNKNOWN = new Position(0, Long.MAX_VALUE);

	/** In how many hubs at once a position can be. */
	static final int MOST_HUBS = 32;

	private static final int RADIX = 36;

	private static final char BETWEEN_HUBS = '.';

	/** The most digits of an epoch and an offset, and what is between. */
	private static final int LONGEST = MOST_HUBS * (13 + 1 + 19 + 1);

	private final long epoch;

	private final long offset;

	/** In the hubs with greater epochs, if this is in several. */
	private final @Nullable Position next;

	Position(long epoch, long offset) {
		this(epoch, offset, null);
	}

	private Position(long epoch, long offset, @Nullable Position next) {
		this.epoch = epoch;
		this.offset = offset;
		this.next = next;
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

	/**
	 * Returns the position that a string from a client stands for, which may be anything:
	 * what stands for none becomes one that no hub knows, so that whoever begins there is
	 * told of a reset.
	 * @param text what {@link #toString} has returned, or anything else
	 * @return the position
	 */
	public static Position parseOrUnknown(String text) {
		Assert.notNull(text, "'text' must not be null");
		Position position = parseOrNull(text);
		return (position != null) ? position : UNKNOWN;
	}

	/** The same, or {@code null} for a string that no position has. */
	static @Nullable Position parseOrNull(String text) {
		if (text.length() > LONGEST) {
			return null;
		}
		Position position = null;
		for (String part : text.split("\\" + BETWEEN_HUBS, MOST_HUBS + 1)) {
			Position parsed = parsePart(part);
			if (parsed == null) {
				return null;
			}
			position = (position != null) ? position.with(parsed) : parsed;
		}
		return (position != null && position.toString().equals(text)) ? position : null;
	}

	private static @Nullable Position parsePart(String text) {
		int hyphen = text.indexOf('-');
		if (hyphen < 0) {
			return null;
		}
		try {
			Position position = new Position(Long.parseUnsignedLong(text.substring(0, hyphen), RADIX),
					Long.parseLong(text.substring(hyphen + 1)));
			return (position.offset >= 0) ? position : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * This and the position in other hubs, or further on in the same. One hub more than
	 * there may be is left out, so that whoever comes back there is told of a reset.
	 */
	Position with(Position other) {
		if (this.next == null && other.next == null && this.epoch == other.epoch) {
			return other;
		}
		Position all = this;
		for (Position part = other; part != null; part = part.next) {
			if (all.in(part.epoch) != null || all.hubs() < MOST_HUBS) {
				all = all.withPart(part.epoch, part.offset);
			}
		}
		return all;
	}

	private Position withPart(long epoch, long offset) {
		if (epoch < this.epoch) {
			return new Position(epoch, offset, this);
		}
		if (epoch == this.epoch) {
			return new Position(epoch, offset, this.next);
		}
		Position rest = (this.next != null) ? this.next.withPart(epoch, offset) : new Position(epoch, offset);
		return new Position(this.epoch, this.offset, rest);
	}

	private int hubs() {
		return (this.next != null) ? 1 + this.next.hubs() : 1;
	}

	/** Where this is in one hub, or {@code null} if it is not in that one. */
	@Nullable Position in(long epoch) {
		if (this.epoch == epoch) {
			return this;
		}
		return (this.next != null) ? this.next.in(epoch) : null;
	}

	/** Whether this is in more hubs than one. */
	boolean isInSeveral() {
		return this.next != null;
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
		return other instanceof Position position && this.epoch == position.epoch && this.offset == position.offset
				&& Objects.equals(this.next, position.next);
	}

	@Override
	public int hashCode() {
		return 31 * (31 * Long.hashCode(this.epoch) + Long.hashCode(this.offset)) + Objects.hashCode(this.next);
	}

	@Override
	public String toString() {
		String here = Long.toUnsignedString(this.epoch, RADIX) + "-" + this.offset;
		return (this.next != null) ? here + BETWEEN_HUBS + this.next : here;
	}

}
