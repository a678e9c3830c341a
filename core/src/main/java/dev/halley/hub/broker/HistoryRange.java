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

package dev.halley.hub.broker;

import org.springframework.util.Assert;

/**
 * What to read from the history of a hub.
 *
 * @param last whether the last messages are read, and not the first ones
 * @param epoch that of the offset, or 0 to begin with the first message that is kept
 * @param offset the first message to read has a greater one. Of another epoch than the
 * hub's it does not count: then reading begins with the first message that is kept
 * @param tag that of the message at this offset, or 0 where it is not known. If the hub
 * is at a smaller offset, or has another message there as far as it knows, it has lost
 * what it had confirmed, and begins another epoch before it is read
 * @param limit how many messages to read at most; a broker may return fewer of them, but
 * at least one if there is one
 * @since 0.1
 */
public record HistoryRange(boolean last, long epoch, long offset, long tag, int limit) {

	public HistoryRange {
		Assert.isTrue(limit >= 0, () -> "limit: " + limit + " (expected: >= 0)");
	}

	/**
	 * Returns the first messages that are kept.
	 * @param limit how many at most
	 * @return their range
	 */
	public static HistoryRange first(int limit) {
		return new HistoryRange(false, 0, 0, 0, limit);
	}

	/**
	 * Returns the messages after one.
	 * @param epoch that of the message
	 * @param offset its place
	 * @param tag its tag, or 0
	 * @param limit how many at most
	 * @return their range
	 */
	public static HistoryRange after(long epoch, long offset, long tag, int limit) {
		return new HistoryRange(false, epoch, offset, tag, limit);
	}

	/**
	 * Returns the last messages.
	 * @param limit how many at most, 0 for none, to know the top alone
	 * @return their range
	 */
	public static HistoryRange last(int limit) {
		return new HistoryRange(true, 0, 0, 0, limit);
	}

}
