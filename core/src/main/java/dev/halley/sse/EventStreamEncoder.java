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

package dev.halley.sse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

/**
 * Writes events as {@code text/event-stream}, as the HTML standard defines it. Stateless,
 * so any thread may use it; every array it returns is the caller's own.
 * <p>
 * The fields of an event come in this order: id, event, retry, comment, data. Lines end
 * with LF. Line ends inside the data, of whichever kind, separate {@code data} lines, so
 * the browser gets each as LF, a trailing one too. A surrogate without its partner, which
 * UTF-8 can't express, becomes U+FFFD. A byte order mark survives in the data of the
 * first event as well: what a browser would strip is one at the start of the stream, and
 * a stream starts with the name of a field or with a colon.
 */
final class EventStreamEncoder {

	// A lone surrogate: with a partner it would be one code point of another category
	private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

	private static final Duration MAX_RETRY = Duration.ofMillis(Long.MAX_VALUE);

	private EventStreamEncoder() {
	}

	/**
	 * Returns an event that has data only.
	 * @param data the data, of any number of lines
	 * @return one whole event
	 */
	static byte[] encode(String data) {
		Assert.notNull(data, "'data' must not be null");
		StringBuilder out = new StringBuilder(data.length() + 16);
		return utf8(appendLines(out, "data: ", data).append('\n'));
	}

	/**
	 * Returns an event with all its fields.
	 * <p>
	 * Without data a browser dispatches nothing, yet remembers the id and the retry time.
	 * @param event the event, whose own data is not looked at
	 * @param data the event's data in its encoded form, or {@code null} if it has none
	 * @return one whole event
	 * @throws IllegalArgumentException if the id or the event's name contains CR, LF or
	 * NUL, or the retry time is negative
	 */
	static byte[] encode(ServerSentEvent<?> event, @Nullable String data) {
		Assert.notNull(event, "'event' must not be null");
		StringBuilder out = new StringBuilder(((data != null) ? data.length() : 0) + 64);
		appendField(out, "id", event.id());
		appendField(out, "event", event.event());
		appendRetry(out, event.retry());
		if (event.comment() != null) {
			appendLines(out, ": ", event.comment());
		}
		if (data != null) {
			appendLines(out, "data: ", data);
		}
		return utf8(out.append('\n'));
	}

	/**
	 * Returns an event with an id before its other fields.
	 * @param event one whole event without an id, not changed
	 * @param id the id
	 * @return one whole event
	 */
	static byte[] identify(byte[] event, String id) {
		byte[] field = ("id: " + requireOneLine("id", id) + "\n").getBytes(StandardCharsets.UTF_8);
		byte[] identified = Arrays.copyOf(field, field.length + event.length);
		System.arraycopy(event, 0, identified, field.length, event.length);
		return identified;
	}

	/**
	 * Returns an event that dispatches nothing, for an id alone.
	 * @return one whole event
	 */
	static byte[] nothing() {
		return new byte[] { '\n' };
	}

	/**
	 * Returns what tells that messages are missing. Has data, since a browser dispatches
	 * nothing without.
	 * @return one whole event
	 */
	static byte[] reset() {
		return ("event: " + EventStreamFormat.RESET + "\ndata: \n\n").getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns what keeps proxies and the connection awake and dispatches nothing.
	 * @return an empty comment
	 */
	static byte[] heartbeat() {
		return new byte[] { ':', '\n', '\n' };
	}

	/**
	 * Checks that a value can neither start a field of its own nor be ignored by the
	 * browser. Spring's builder refuses only some of it, and only in its later versions.
	 * @param name the field's name
	 * @param value the field's value
	 * @return the value
	 */
	static String requireOneLine(String name, String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c == '\r' || c == '\n' || c == '\0') {
				throw new IllegalArgumentException(
						String.format("%s: U+%04X at index %d (expected: no CR, LF or NUL)", name, (int) c, i));
			}
		}
		return value;
	}

	private static void appendField(StringBuilder out, String name, @Nullable String value) {
		if (value != null) {
			out.append(name).append(": ").append(requireOneLine(name, value)).append('\n');
		}
	}

	private static void appendRetry(StringBuilder out, @Nullable Duration retry) {
		if (retry == null) {
			return;
		}
		if (retry.isNegative() || retry.compareTo(MAX_RETRY) > 0) {
			throw new IllegalArgumentException("retry: " + retry + " (expected: >= 0 and <= " + MAX_RETRY + ")");
		}
		out.append("retry: ").append(retry.toMillis()).append('\n');
	}

	private static StringBuilder appendLines(StringBuilder out, String prefix, String text) {
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '\n' || c == '\r') {
				out.append(prefix).append(text, start, i).append('\n');
				i += (c == '\r' && text.startsWith("\n", i + 1)) ? 1 : 0;
				start = i + 1;
			}
		}
		return out.append(prefix).append(text, start, text.length()).append('\n');
	}

	private static byte[] utf8(StringBuilder out) {
		String text = out.toString();
		// Most text has no surrogates at all, and the search for lone ones is slow
		String encodable = hasSurrogate(text) ? LONE_SURROGATE.matcher(text).replaceAll("\uFFFD") : text;
		return encodable.getBytes(StandardCharsets.UTF_8);
	}

	private static boolean hasSurrogate(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				return true;
			}
		}
		return false;
	}

}
