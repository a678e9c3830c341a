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

import org.springframework.util.Assert;

/**
 * How much of what was published a {@link Hub} keeps, for those who come later or come
 * back: as much as is within all bounds. Each bound can be left out, but not all.
 * <p>
 * A hub whose history holds messages is kept too, though nobody uses it. So a history
 * without an age of its own has one of {@linkplain #DEFAULT_AGE a day}: names without
 * end, such as one for each room that somebody ever opened, would take memory without
 * end.
 *
 * @param messages the most messages that are kept, at least 1
 * @param age how long a message is kept, more than nothing and 3,650 days at most;
 * dropped within about a second after
 * @param bytes the most bytes of messages that are kept, at least 1. Strings count by
 * their length, byte arrays by theirs, and all else by its encoded form
 * @since 0.1
 */
public record History(int messages, Duration age, long bytes) {

	/**
	 * For how long messages are kept where nothing is said: a day.
	 */
	public static final Duration DEFAULT_AGE = Duration.ofDays(1);

	private static final Duration LONGEST = Duration.ofDays(3650);

	public History {
		Assert.isTrue(messages > 0, () -> "messages: " + messages + " (expected: > 0)");
		Assert.notNull(age, "'age' must not be null");
		Assert.isTrue(age.compareTo(Duration.ZERO) > 0 && age.compareTo(LONGEST) <= 0,
				() -> "age: " + age + " (expected: > 0 and <= " + LONGEST + ")");
		Assert.isTrue(bytes > 0, () -> "bytes: " + bytes + " (expected: > 0)");
	}

	/**
	 * Returns a history of the last messages.
	 * @param messages the most messages that are kept
	 * @return a history of so many messages, each for a day at most
	 */
	public static History ofMessages(int messages) {
		return new History(messages, DEFAULT_AGE, Long.MAX_VALUE);
	}

	/**
	 * Returns a history of a span of time.
	 * @param age how long a message is kept
	 * @return a history of all messages of that time
	 */
	public static History ofAge(Duration age) {
		return new History(Integer.MAX_VALUE, age, Long.MAX_VALUE);
	}

	/**
	 * Returns a history of a size.
	 * @param bytes the most bytes of messages that are kept
	 * @return a history of that size, each message for a day at most
	 */
	public static History ofBytes(long bytes) {
		return new History(Integer.MAX_VALUE, DEFAULT_AGE, bytes);
	}

	/**
	 * Returns this history with another bound of its messages.
	 * @param messages the most messages that are kept
	 * @return the new history
	 */
	public History withMessages(int messages) {
		return new History(messages, this.age, this.bytes);
	}

	/**
	 * Returns this history with another age.
	 * @param age how long a message is kept
	 * @return the new history
	 */
	public History withAge(Duration age) {
		return new History(this.messages, age, this.bytes);
	}

	/**
	 * Returns this history with another size.
	 * @param bytes the most bytes of messages that are kept
	 * @return the new history
	 */
	public History withBytes(long bytes) {
		return new History(this.messages, this.age, bytes);
	}

}
