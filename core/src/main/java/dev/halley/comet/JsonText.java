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
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory.Feature;
import tools.jackson.core.json.JsonFactory;

/**
 * What a text that was read as JSON turned out to be.
 * <p>
 * Only tokens are read, no tree is built. The sizes of strings, names and numbers are not
 * limited, because the text is the application's own and is in memory already; the depth
 * is, by Jackson's default, because a browser reads it on its stack.
 *
 * @param namesPrototype whether an object in it has a member named {@code __proto__}
 */
record JsonText(boolean namesPrototype) {

	private static final int SHOWN = 100;

	private static final JsonFactory FACTORY = JsonFactory.builder()
		.disable(Feature.CANONICALIZE_PROPERTY_NAMES)
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxStringLength(Integer.MAX_VALUE)
			.maxNameLength(Integer.MAX_VALUE)
			.maxNumberLength(Integer.MAX_VALUE)
			.build())
		.build();

	/**
	 * Reads a text to its end.
	 * @param text what should be JSON
	 * @return what was found
	 * @throws IllegalArgumentException if it is not exactly one valid JSON value
	 */
	static JsonText check(String text) {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
			if (parser.nextToken() == null) {
				throw refused(text, null);
			}
			boolean namesPrototype = readValue(parser);
			if (parser.nextToken() != null) {
				throw refused(text, null);
			}
			return new JsonText(namesPrototype);
		}
		catch (JacksonException ex) {
			throw refused(text, ex);
		}
	}

	private static boolean readValue(JsonParser parser) {
		boolean namesPrototype = false;
		int depth = depthAfter(parser.currentToken(), 0);
		while (depth > 0) {
			JsonToken token = parser.nextToken();
			namesPrototype |= token == JsonToken.PROPERTY_NAME && "__proto__".equals(parser.currentName());
			depth = depthAfter(token, depth);
		}
		return namesPrototype;
	}

	private static int depthAfter(@Nullable JsonToken token, int depth) {
		if (token == null || token.isStructEnd()) {
			return depth - 1;
		}
		return token.isStructStart() ? depth + 1 : depth;
	}

	private static IllegalArgumentException refused(String text, @Nullable JacksonException cause) {
		String shown = text.substring(0, Math.min(text.length(), SHOWN));
		return new IllegalArgumentException(
				"JSON: " + JavaScriptLiteral.ofString(shown) + " (expected: exactly one valid JSON value)", cause);
	}

}
