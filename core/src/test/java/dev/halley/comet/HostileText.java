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

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Text that breaks encoders: known attacks, then random mixtures of what they are made
 * of. The same seed gives the same text.
 */
public final class HostileText {

	private static final List<String> PARTS = List.of("</script><img src=x onerror=parent.pwned(1)>", "</SCRIPT\t>",
			"<!--<script>", "-->", "]]>", "<![CDATA[", "'", "\"", "\\", "\\'", "\\u0027", "');parent.pwned(2);('",
			"`${1}`", "\r", "\n", "\r\n", "\t", "\0", "\b", "\u001b[31m", "\u007f", "\u0080", "\u0085", "\u009f",
			"\u00a0", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff", "\ud83d\ude00", "\ud800", "\udc00", "\udbff",
			"&lt;", "&#39;", "&", "<", ">", "/", "//", "/*", "*/", "__proto__", "{\"a\":1}", "data: x", ": c", "id:",
			"äöü", "汉字", " ", "a", "0");

	private HostileText() {
	}

	/**
	 * Returns each part by itself, the empty text, all parts joined, and 100 KB of them.
	 * @return the known attacks
	 */
	public static Stream<String> known() {
		String all = String.join("", PARTS);
		return Stream.concat(PARTS.stream(), Stream.of("", all, all.repeat(100_000 / all.length() + 1)));
	}

	/**
	 * Returns random mixtures.
	 * @param seed the seed
	 * @param count how many
	 * @return the mixtures
	 */
	public static Stream<String> random(long seed, int count) {
		Random random = new Random(seed);
		return IntStream.range(0, count).mapToObj((i) -> mixture(random));
	}

	static String mixture(Random random) {
		return IntStream.range(0, random.nextInt(12)).mapToObj((i) -> part(random)).collect(Collectors.joining());
	}

	private static String part(Random random) {
		if (random.nextInt(4) == 0) {
			return String.valueOf((char) random.nextInt(0x10000));
		}
		return PARTS.get(random.nextInt(PARTS.size()));
	}

}
