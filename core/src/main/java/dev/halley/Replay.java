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
import org.springframework.util.StringUtils;

/**
 * Where in the history of a {@link Hub} a subscriber begins. What is published from then
 * on follows, without a gap and without a message that comes twice.
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Replay {

	private final @Nullable Position after;

	private final int last;

	private Replay(@Nullable Position after, int last) {
		Assert.isTrue(last >= 0, () -> "messages: " + last + " (expected: >= 0)");
		this.after = after;
		this.last = last;
	}

	/**
	 * Begins with the last messages.
	 * @param messages how many at most, 0 for none
	 * @return where to begin
	 */
	public static Replay last(int messages) {
		return new Replay(null, messages);
	}

	/**
	 * Begins with what came after a position.
	 * @param position the position of what the subscriber has, or {@code null} if it has
	 * nothing and begins with what is published from now on. Of one in several hubs each
	 * takes what is its own; one that is in other hubs only is one that the hub does not
	 * know
	 * @return where to begin
	 */
	public static Replay after(@Nullable Position position) {
		return new Replay(position, 0);
	}

	/**
	 * As {@link #after(Position)}, with a position that comes from a client, such as the
	 * id of the last event that it has seen.
	 * @param position what {@link Position#toString} has returned, or {@code null} or
	 * empty if the client has nothing. What is no position is treated as one that the hub
	 * does not know
	 * @return where to begin
	 */
	public static Replay after(@Nullable String position) {
		if (!StringUtils.hasLength(position)) {
			return new Replay(null, 0);
		}
		return new Replay(Position.parseOrUnknown(position), 0);
	}

	/**
	 * Begins with the last messages where there is no position, or none from which the
	 * hub can go on.
	 * @param messages how many at most
	 * @return where to begin
	 */
	public Replay orLast(int messages) {
		return new Replay(this.after, messages);
	}

	/**
	 * Tells where a subscriber begins.
	 * @param epoch of the hub
	 * @param first the offset of the first message in the history
	 * @param next the offset of the message that is published next
	 */
	Start start(long epoch, long first, long next) {
		Position after = (this.after != null) ? this.after.in(epoch) : null;
		if (after != null && after.offset() >= first - 1 && after.offset() < next) {
			return new Start(after.offset() + 1, false);
		}
		return new Start(Math.max(first, next - this.last), this.after != null);
	}

	/** Whether the subscriber comes back. */
	boolean isAfter() {
		return this.after != null;
	}

	/**
	 * Tells where a reader begins in a record, of which nothing is missing.
	 * @param epoch of the record
	 * @param size how many messages there are
	 * @param most how many of them a reader may have, who may know more than are here
	 * @return how many of them the reader does not get
	 */
	Start startOfRecord(long epoch, int size, int most) {
		if (this.after != null && this.after.epoch() == epoch && this.after.offset() <= most) {
			return new Start(this.after.offset(), false);
		}
		return new Start((this.last > 0) ? Math.max(0, size - this.last) : 0, this.after != null);
	}

	/**
	 * Where a subscriber begins.
	 *
	 * @param offset of the first message that it gets
	 * @param reset whether it wanted to go on somewhere else
	 */
	record Start(long offset, boolean reset) {
	}

}
