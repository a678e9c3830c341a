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

package dev.halley.comet;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Turns values into JavaScript expressions that may stand inside a {@code <script>}
 * element, whatever they contain.
 * <p>
 * Of what an HTML or JavaScript parser could take for the end of the text, nothing is
 * written as it is: {@code <}, {@code >}, {@code &}, {@code '}, U+2028, U+2029, control
 * characters (C0, DEL and C1), U+FFFE and U+FFFF, and surrogates without their partner
 * become an escape of a backslash, {@code u} and four hexadecimal digits, which means the
 * same in a JavaScript string and in a string of a JSON text. Some parsers use U+FFFF as
 * the mark for the end of the input, and a surrogate without partner has no UTF-8 form,
 * so only the escape brings it across.
 */
final class JavaScriptLiteral {

	private static final boolean JACKSON_PRESENT = ClassUtils.isPresent("tools.jackson.core.json.JsonFactory",
			JavaScriptLiteral.class.getClassLoader());

	private static final int ASCII = 0x80;

	private static final int LAST_C1_CONTROL = 0x9F;

	private static final int FIRST_NONCHARACTER = 0xFFFE;

	private static final @Nullable String[] IN_STRING = escapes();

	private static final @Nullable String[] IN_JSON = escapes();

	static {
		IN_STRING['\\'] = "\\\\";
		// A valid JSON text has these only between its tokens, where no escape is allowed
		IN_JSON['\t'] = " ";
		IN_JSON['\n'] = " ";
		IN_JSON['\r'] = " ";
	}

	private JavaScriptLiteral() {
	}

	/**
	 * Returns a string literal in single quotes.
	 * @param value any text
	 * @return an expression whose value is the text, char by char
	 */
	static String ofString(String value) {
		Assert.notNull(value, "'value' must not be null");
		return "'" + escape(value, IN_STRING) + "'";
	}

	/**
	 * Returns an expression whose value is what {@code JSON.parse} gives for the text.
	 * <p>
	 * That is the text itself, escaped. An object with a member {@code __proto__} is left
	 * to {@code JSON.parse}, because in an object literal that member would set the
	 * prototype. So is every text if Jackson, which checks it, is not on the class path:
	 * then it is the browser that refuses what is not valid.
	 * @param json a JSON text
	 * @return the expression
	 * @throws IllegalArgumentException if it is not exactly one valid JSON value
	 */
	static String ofJson(String json) {
		Assert.notNull(json, "'json' must not be null");
		if (!JACKSON_PRESENT || JsonText.check(json).namesPrototype()) {
			return "JSON.parse(" + ofString(json) + ")";
		}
		return escape(json, IN_JSON);
	}

	private static String escape(String text, @Nullable String[] escapes) {
		StringBuilder escaped = null;
		int done = 0;
		for (int i = 0; i < text.length(); i++) {
			String escape = escapeAt(text, i, escapes);
			if (escape != null) {
				escaped = (escaped != null) ? escaped : new StringBuilder(text.length() + 64);
				escaped.append(text, done, i).append(escape);
				done = i + 1;
			}
		}
		return (escaped != null) ? escaped.append(text, done, text.length()).toString() : text;
	}

	private static @Nullable String escapeAt(String text, int index, @Nullable String[] escapes) {
		char c = text.charAt(index);
		if (c < ASCII) {
			return escapes[c];
		}
		boolean unsafe = c <= LAST_C1_CONTROL || c == '\u2028' || c == '\u2029' || c >= FIRST_NONCHARACTER
				|| isAlone(c, text, index);
		return unsafe ? unicode(c) : null;
	}

	private static boolean isAlone(char c, String text, int index) {
		if (Character.isHighSurrogate(c)) {
			return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
		}
		return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
	}

	private static @Nullable String[] escapes() {
		@Nullable String[] escapes = new @Nullable String[ASCII];
		for (char c = 0; c < ASCII; c++) {
			boolean unsafe = Character.isISOControl(c) || "<>&'".indexOf(c) >= 0;
			escapes[c] = unsafe ? unicode(c) : null;
		}
		return escapes;
	}

	private static String unicode(char c) {
		return String.format("\\u%04x", (int) c);
	}

}
