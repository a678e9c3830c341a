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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Leaves out the values of names that tell of something secret: of members of JSON, also
 * of JSON within a string of JSON, of parameters ({@code name=value}), also of those
 * within the value of another one, and of headers ({@code name: value}, up to the end of
 * the line). Text may be cut anywhere: a value without an end goes to the end of the
 * text. It takes time that is linear in the text, and in doubt leaves out too much.
 */
final class Masking {

	static final String MASK = "******";

	/**
	 * Any character may be written so in JSON: some writers do so with all that are not
	 * ASCII, others with quotes, {@code =} and {@code &}. In a string within a string the
	 * backslash has more before it.
	 */
	private static final Pattern ESCAPED = Pattern.compile("(?<!\\\\)(\\\\++)u(\\p{XDigit}{4})");

	/** What stays as it is written, since it would be another thing in a log. */
	private static final Pattern KEPT = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}\\\\]");

	/** A colon or an equals sign within the value of a parameter, or deeper. */
	private static final Pattern ENCODED_SEPARATOR = Pattern.compile("%(?:25)*+3[ADad]");

	private static final String WORDS = "[-_.+\\s]?";

	private final @Nullable Pattern names;

	/**
	 * Creates a masking.
	 * @param names parts of the names, in upper or lower case, with or without {@code -}
	 * and {@code _}
	 */
	Masking(List<String> names) {
		this.names = names.isEmpty() ? null
				: Pattern.compile(names.stream().map(Masking::loose).collect(Collectors.joining("|")),
						Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
	}

	/** The same name is written in one word or in several. */
	private static String loose(String name) {
		return name.replaceAll("[-_\\s]", "")
			.codePoints()
			.mapToObj((letter) -> loose(Character.toString(letter), letter))
			.collect(Collectors.joining(WORDS));
	}

	/** In the name of a parameter a letter that is not ASCII is encoded. */
	private static String loose(String letter, int codePoint) {
		if (codePoint < 0x80) {
			return Pattern.quote(letter);
		}
		return Stream.of(letter, encoded(letter.toLowerCase(Locale.ROOT)), encoded(letter.toUpperCase(Locale.ROOT)))
			.map(Pattern::quote)
			.collect(Collectors.joining("|", "(?:", ")"));
	}

	private static String encoded(String letter) {
		return URLEncoder.encode(letter, StandardCharsets.UTF_8);
	}

	/** The value of a header, or of whatever has a name of its own. */
	String header(String name, String value) {
		return (this.names != null && this.names.matcher(name).find()) ? MASK : text(value);
	}

	String text(String original) {
		if (this.names == null) {
			return original;
		}
		String text = unescaped(original);
		Matcher names = this.names.matcher(text);
		StringBuilder masked = new StringBuilder();
		int end = 0;
		int quote = 0;
		while (names.find(end)) {
			int name = endOfName(text, names.end());
			Value value = Value.after(text, names.end(), name);
			if (value == null && name > quote) {
				// The name of a member may be of any characters up to its quote
				quote = skip(text, name, (c) -> c != '"');
				value = Value.after(text, quote, quote);
			}
			masked.append(text, end, (value != null) ? value.start() : name);
			if (value != null) {
				masked.append(MASK);
			}
			end = (value != null) ? value.end() : name;
		}
		return masked.append(text, end, text.length()).toString();
	}

	private static String unescaped(String text) {
		return text.contains("\\u") ? ESCAPED.matcher(text).replaceAll(Masking::plain) : text;
	}

	private static String plain(MatchResult escaped) {
		String c = String.valueOf((char) Integer.parseInt(escaped.group(2), 16));
		if (c.equals("\"")) {
			return Matcher.quoteReplacement("\\".repeat(backslashes(escaped.end(1) - escaped.start(1))) + c);
		}
		return Matcher.quoteReplacement(KEPT.matcher(c).matches() ? escaped.group() : c);
	}

	/** As many has the same quote if it is written as one, at the same depth. */
	private static int backslashes(int before) {
		return (before % 2 == 1) ? before : 2 * backslashes(before / 2) + 1;
	}

	private static int endOfName(String text, int part) {
		return skip(text, part, (c) -> isWord(c) || "-.[]$%()".indexOf(c) >= 0);
	}

	/** Whether it is a letter, in some alphabets a part of one, a digit or {@code _}. */
	private static boolean isWord(char c) {
		return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
	}

	private static int skip(String text, int start, Skipped skipped) {
		int i = start;
		while (i < text.length() && skipped.test(text.charAt(i))) {
			i++;
		}
		return i;
	}

	/**
	 * Where a value is.
	 *
	 * @param start its first character
	 * @param end the first after it
	 */
	private record Value(int start, int end) {

		/** The value of the name that goes on from here and ends there, if it is one. */
		static @Nullable Value after(String text, int part, int name) {
			Matcher encoded = ENCODED_SEPARATOR.matcher(text).region(part, name);
			if (encoded.find()) {
				return new Value(encoded.end(), endOfParameter(text, encoded.end()));
			}
			int quote = skip(text, name, (c) -> c == '\\');
			boolean quoted = at(text, quote) == '"' || at(text, quote) == '\'';
			int separator = skip(text, quoted ? quote + 1 : name, Character::isWhitespace);
			char kind = at(text, separator);
			if (kind != ':' && kind != '=') {
				return null;
			}
			if (kind == '=') {
				int start = skip(text, separator, (c) -> "=> ".indexOf(c) >= 0);
				return new Value(start, endOfParameter(text, end(text, start)));
			}
			int start = skip(text, separator + 1, quoted ? Character::isWhitespace : (c) -> c == ' ');
			int end = end(text, start);
			return new Value(start, quoted ? end : Math.max(end, endOfLine(text, start)));
		}

		/** In the value of a parameter quotes and brackets need not be encoded. */
		private static int endOfParameter(String text, int start) {
			return skip(text, start, (c) -> !Character.isWhitespace(c) && "&;\"".indexOf(c) < 0);
		}

		private static int endOfLine(String text, int start) {
			return skip(text, start, (c) -> c != '\r' && c != '\n');
		}

		private static int end(String text, int start) {
			int quote = skip(text, start, (c) -> c == '\\');
			char first = at(text, quote);
			if (first == '"' || first == '\'') {
				return endOfString(text, quote + 1, first, quote - start);
			}
			if (first == '{' || first == '[') {
				return endOfGroup(text, start);
			}
			return skip(text, start, (c) -> !Character.isWhitespace(c) && ",;&}])\"'".indexOf(c) < 0);
		}

		/**
		 * A string within strings ends with a quote that has the backslashes with which
		 * it began, and pairs of those that are its content's.
		 */
		private static int endOfString(String text, int start, char quote, int backslashes) {
			int before = 0;
			for (int i = start; i < text.length(); i++) {
				char c = text.charAt(i);
				if (c == quote && before % (2 * (backslashes + 1)) == backslashes) {
					return i + 1;
				}
				before = (c == '\\') ? before + 1 : 0;
			}
			return text.length();
		}

		/** Brackets in strings do not count. */
		private static int endOfGroup(String text, int start) {
			int depth = 0;
			int i = start;
			while (i < text.length()) {
				char c = text.charAt(i);
				depth += (c == '{' || c == '[') ? 1 : (c == '}' || c == ']') ? -1 : 0;
				if (depth == 0) {
					return i + 1;
				}
				i = (c == '"' || c == '\'') ? endOfString(text, i + 1, c, 0) : i + 1;
			}
			return text.length();
		}

		private static char at(String text, int index) {
			return (index < text.length()) ? text.charAt(index) : 0;
		}

	}

	/** Which characters are passed over. */
	@FunctionalInterface
	private interface Skipped {

		boolean test(char c);

	}

}
