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

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the calls of a Comet stream out of its scripts, as far as Halley writes them: no
 * browser runs here.
 */
final class CometReader implements LineReader {

	private static final Pattern SCRIPT = Pattern.compile("<script[^>]*>(.*?)</script>", Pattern.DOTALL);

	/** What removes a script, and then the call. */
	private static final Pattern CALL = Pattern.compile("(?:!function.*?\\(document\\);)?([\\w$.]+)\\((.*)\\);",
			Pattern.DOTALL);

	private static final Pattern PARSED = Pattern.compile("JSON\\.parse\\(('.*')\\)", Pattern.DOTALL);

	private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))", Pattern.DOTALL);

	private final Reader text;

	private final Gate gate;

	private final Consumer<Call> calls;

	private final StringBuilder unread = new StringBuilder();

	CometReader(InputStream body, Gate gate, Consumer<Call> calls) {
		this.text = new InputStreamReader(body, StandardCharsets.UTF_8);
		this.gate = gate;
		this.calls = calls;
	}

	@Override
	public void read() throws IOException, InterruptedException {
		char[] part = new char[512];
		this.gate.pass();
		for (int count = this.text.read(part); count >= 0; count = this.text.read(part)) {
			this.unread.append(part, 0, count);
			takeScripts();
		}
	}

	private void takeScripts() throws IOException, InterruptedException {
		Matcher script = SCRIPT.matcher(this.unread);
		int end = 0;
		while (script.find()) {
			this.gate.pass();
			end = script.end();
			take(script.group(1));
		}
		this.unread.delete(0, end);
	}

	private void take(String script) throws IOException {
		Matcher call = CALL.matcher(script);
		if (!call.matches()) {
			throw new IOException("script: " + script + " (expected: a call)");
		}
		this.calls.accept(argument(call.group(1), call.group(2)));
	}

	private static Call argument(String function, String expression) {
		Matcher parsed = PARSED.matcher(expression);
		if (parsed.matches()) {
			return new Call(function, string(parsed.group(1)));
		}
		if (expression.isEmpty()) {
			return new Call(function, null);
		}
		return new Call(function, expression.startsWith("'") ? string(expression) : expression);
	}

	private static String string(String literal) {
		return ESCAPE.matcher(literal.substring(1, literal.length() - 1))
			.replaceAll((escape) -> Matcher.quoteReplacement(unescaped(escape)));
	}

	private static String unescaped(MatchResult escape) {
		String code = escape.group(1);
		return (code != null) ? String.valueOf((char) Integer.parseInt(code, 16)) : escape.group(2);
	}

	/**
	 * A call as it is written.
	 *
	 * @param function the name of the function
	 * @param argument a text, or the text of JSON
	 */
	record Call(String function, @Nullable String argument) {
	}

}
