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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Writes the parts of a Comet stream as UTF-8. Immutable, so one encoder may serve any
 * number of streams of its markup; every array it returns is the caller's own.
 */
final class CometEncoder {

	// Removes the tag first, since a callback that throws ends the script. Browsers
	// without currentScript run a script when it is the last one of the document.
	private static final String REMOVAL = "!function(d){var s=d.currentScript||d.scripts[d.scripts.length-1];"
			+ "s.parentNode.removeChild(s)}(document);";

	private static final String END = ");</script>";

	private final String start;

	private final String initialChunk;

	private final @Nullable String end;

	CometEncoder(CometMarkup markup) {
		Assert.notNull(markup, "'markup' must not be null");
		this.start = start(markup, markup.callback());
		CallbackName endCallback = markup.end().callback();
		this.end = (endCallback != null) ? start(markup, endCallback) + END : null;
		this.initialChunk = markup.initialChunk();
	}

	/**
	 * Returns what comes before the first script.
	 * @return 5,132 bytes unless the markup has a first chunk of its own
	 */
	byte[] initialChunk() {
		return utf8(this.initialChunk);
	}

	/**
	 * Returns the script that calls back with a string.
	 * @param text any text
	 * @return one script tag
	 */
	byte[] text(String text) {
		return script(JavaScriptLiteral.ofString(text));
	}

	/**
	 * Returns the script that calls back with the value of a JSON text.
	 * @param json a JSON text
	 * @return one script tag
	 * @throws IllegalArgumentException if it is not exactly one valid JSON value
	 */
	byte[] json(String json) {
		return script(JavaScriptLiteral.ofJson(json));
	}

	/**
	 * Returns the script that calls back with an expression that was made before, so that
	 * streams of different markups can share the making.
	 * @param expression what {@link JavaScriptLiteral} returned: it is written as it is
	 * @return one script tag
	 */
	byte[] script(String expression) {
		return utf8(this.start + expression + END);
	}

	/**
	 * As {@link #script(String)}, of an expression in UTF-8.
	 * @param expression the expression, not changed
	 * @return one script tag
	 */
	byte[] script(byte[] expression) {
		byte[] start = utf8(this.start);
		byte[] end = utf8(END);
		byte[] script = Arrays.copyOf(start, start.length + expression.length + end.length);
		System.arraycopy(expression, 0, script, start.length, expression.length);
		System.arraycopy(end, 0, script, start.length + expression.length, end.length);
		return script;
	}

	/**
	 * Returns the script that tells the page of the end.
	 * @return one script tag, or nothing if there is no function for that
	 */
	byte[] end() {
		return (this.end != null) ? utf8(this.end) : new byte[0];
	}

	/**
	 * Returns what keeps proxies and the connection awake and leaves the page as it is.
	 * @return one space
	 */
	byte[] heartbeat() {
		return new byte[] { ' ' };
	}

	private static String start(CometMarkup markup, CallbackName callback) {
		String nonce = markup.nonce();
		String attribute = (nonce != null) ? " nonce=\"" + attribute(nonce) + "\"" : "";
		return "<script" + attribute + ">" + (markup.removeScripts() ? REMOVAL : "") + callback + "(";
	}

	private static String attribute(String value) {
		return value.replace("&", "&amp;")
			.replace("\"", "&quot;")
			.replace("'", "&#39;")
			.replace("<", "&lt;")
			.replace(">", "&gt;");
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
