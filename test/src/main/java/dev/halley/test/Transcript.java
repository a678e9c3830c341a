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

package dev.halley.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * What has gone over a connection in both directions, and what became of it, with times.
 * It keeps the last 400 lines. Thread-safe.
 */
final class Transcript {

	private static final int MOST = 400;

	private static final int LONGEST = 400;

	private final String title;

	private final LongSupplier nanos;

	private final Deque<Entry> entries = new ArrayDeque<>();

	private int dropped;

	/**
	 * Starts a transcript.
	 * @param title whose it is
	 * @param nanos the time since the start
	 */
	Transcript(String title, LongSupplier nanos) {
		this.title = title;
		this.nanos = nanos;
	}

	/** Something that went to the pair. */
	Entry sent(String what) {
		return add("-->", what);
	}

	/** Something that came from the pair. */
	Entry received(String what) {
		return add("<--", what);
	}

	/** Something that happened. */
	Entry note(String what) {
		return add("  .", what);
	}

	/** Something that went wrong. */
	Entry problem(String what) {
		return add("  !", what);
	}

	private synchronized Entry add(String direction, String what) {
		Entry entry = new Entry(this.nanos.getAsLong(), direction, what);
		this.entries.add(entry);
		if (this.entries.size() > MOST) {
			this.entries.remove();
			this.dropped++;
		}
		return entry;
	}

	@Override
	public synchronized String toString() {
		StringBuilder text = new StringBuilder("Transcript of ").append(this.title)
			.append(" (--> to the pair, <-- from it):");
		if (this.dropped > 0) {
			text.append("\n  … ").append(this.dropped).append(" lines before");
		}
		this.entries.forEach((entry) -> text.append("\n  ").append(entry));
		return text.toString();
	}

	/** Returns a value as it is told in a line. */
	static String print(@Nullable Object value) {
		try {
			String text = (value instanceof CharSequence) ? "\"" + value + "\"" : printOther(value);
			String line = text.replace("\r", "\\r").replace("\n", "\\n");
			return (line.length() > LONGEST) ? line.substring(0, LONGEST) + "… (" + line.length() + " characters)"
					: line;
		}
		catch (RuntimeException ex) {
			return "a " + ((value != null) ? value.getClass().getName() : "null") + ", which cannot be printed";
		}
	}

	private static String printOther(@Nullable Object value) {
		return (value instanceof byte[] bytes) ? bytes.length + " bytes" : String.valueOf(value);
	}

	/** Returns a close status with its reason, if it has one. */
	static String print(CloseStatus status) {
		String reason = status.getReason();
		return status.getCode() + ((reason != null && !reason.isEmpty()) ? " \"" + reason + "\"" : "");
	}

	/** Returns what a failure says of itself and where it came from, in a line. */
	static String print(Throwable failure) {
		StackTraceElement[] frames = failure.getStackTrace();
		String message;
		try {
			message = failure.toString();
		}
		catch (RuntimeException ex) {
			message = failure.getClass().getName() + ", which cannot be printed";
		}
		return message + ((frames.length > 0) ? " (at " + frames[0] + ")" : "");
	}

	/**
	 * A line.
	 */
	static final class Entry {

		private final long nanos;

		private final String direction;

		private final String what;

		private volatile String remark = "";

		private Entry(long nanos, String direction, String what) {
			this.nanos = nanos;
			this.direction = direction;
			this.what = what;
		}

		/** Says what has become of it. */
		Entry remark(String remark) {
			this.remark = remark;
			return this;
		}

		@Override
		public String toString() {
			String suffix = this.remark.isEmpty() ? "" : "   (" + this.remark + ")";
			return String.format(Locale.ROOT, "+%.3f s %s %s%s", this.nanos / 1e9, this.direction, this.what, suffix);
		}

	}

}
