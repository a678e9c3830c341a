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

import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * The name of the JavaScript function that is called for each message, such as
 * {@code parent.cometMessage}: identifiers of ASCII letters, digits, {@code _} and
 * {@code $}, joined by dots.
 * <p>
 * Reserved words can't name a variable, so none may be the first identifier; most would
 * break every script, and {@code import} would load the message as a module. They are
 * fine after a dot, and {@code this} is fine before one. Functions that run their
 * argument as code ({@code eval} and its kin) are refused wherever they stand last. That
 * is a guard and no more: a name that comes from a request still chooses which function
 * of the page is called, so compare it with the names that the page has for that.
 *
 * @param value the name
 */
record CallbackName(String value) {

	/**
	 * Greatest length in characters.
	 */
	static final int MAX_LENGTH = 128;

	// Possessive, so that matching needs neither backtracking nor stack
	private static final Pattern SYNTAX = Pattern.compile("[A-Za-z_$][\\w$]*+(?:\\.[A-Za-z_$][\\w$]*+)*+");

	private static final Set<String> RESERVED = Set.of("await", "break", "case", "catch", "class", "const", "continue",
			"debugger", "default", "delete", "do", "else", "enum", "export", "extends", "false", "finally", "for",
			"function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package",
			"private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try",
			"typeof", "var", "void", "while", "with", "yield");

	private static final Set<String> EVALUATORS = Set.of("eval", "execScript", "setInterval", "setTimeout");

	CallbackName {
		Assert.notNull(value, "'value' must not be null");
		if (value.length() > MAX_LENGTH || !SYNTAX.matcher(value).matches()) {
			throw refused(value, "identifiers of A-Z, a-z, 0-9, _ and $, joined by dots, in at most " + MAX_LENGTH
					+ " characters, such as parent.cometMessage");
		}
		if (startsReserved(value)) {
			throw refused(value, "a name that does not start with a reserved word");
		}
		if (EVALUATORS.contains(value.substring(value.lastIndexOf('.') + 1))) {
			throw refused(value, "a function that does not run its argument as code");
		}
	}

	private static boolean startsReserved(String value) {
		int dot = value.indexOf('.');
		return (dot < 0) ? RESERVED.contains(value)
				: !value.startsWith("this.") && RESERVED.contains(value.substring(0, dot));
	}

	private static IllegalArgumentException refused(String value, String expected) {
		String shown = value.substring(0, Math.min(value.length(), MAX_LENGTH));
		return new IllegalArgumentException(
				"callback: " + JavaScriptLiteral.ofString(shown) + " (expected: " + expected + ")");
	}

	@Override
	public String toString() {
		return this.value;
	}

}
