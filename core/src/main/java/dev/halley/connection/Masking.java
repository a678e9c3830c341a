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

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Leaves out the values of names that tell of something secret: of members of JSON, also
 * of JSON within a string of JSON, of parameters ({@code name=value}) and of headers
 * ({@code name: value}, up to the end of the line). Text may be cut anywhere: a value
 * without an end goes to the end of the text. It takes time that is linear in the text,
 * and in doubt leaves out too much.
 */
final class Masking {

	static final String MASK = "******";

	/** Letters may be written so in the names of JSON. */
	private static final Pattern ESCAPED_LETTER = Pattern.compile("\\\\u00([46][1-9a-fA-F]|[57][0-9aA])");

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
			.mapToObj((letter) -> Pattern.quote(Character.toString(letter)))
			.collect(Collectors.joining("[-_]?"));
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
		while (names.find(end)) {
			int name = endOfName(text, names.end());
			Value value = Value.after(text, name);
			masked.append(text, end, (value != null) ? value.start() : name);
			if (value != null) {
				masked.append(MASK);
			}
			end = (value != null) ? value.end() : name;
		}
		return masked.append(text, end, text.length()).toString();
	}

	private static String unescaped(String text) {
		return text.contains("\\u00") ? ESCAPED_LETTER.matcher(text)
			.replaceAll((match) -> String.valueOf((char) Integer.parseInt(match.group(1), 16))) : text;
	}

	private static int endOfName(String text, int part) {
		return skip(text, part, (c) -> Character.isLetterOrDigit(c) || "_-.[]$%()".indexOf(c) >= 0);
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

		/** The value of the name that ends here, if it is one. */
		static @Nullable Value after(String text, int name) {
			int quote = skip(text, name, (c) -> c == '\\');
			boolean quoted = at(text, quote) == '"' || at(text, quote) == '\'';
			int separator = skip(text, quoted ? quote + 1 : name, Character::isWhitespace);
			char kind = at(text, separator);
			if (kind != ':' && kind != '=') {
				return null;
			}
			int start = skip(text, separator + 1, quoted ? Character::isWhitespace : (c) -> c == ' ');
			int end = end(text, start);
			return new Value(start, (quoted || kind == '=') ? end : Math.max(end, endOfLine(text, start)));
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
				i = (c == '"') ? endOfString(text, i + 1, c, 0) : i + 1;
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
