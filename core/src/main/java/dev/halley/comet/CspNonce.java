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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the nonce that a content security policy asks of inline scripts.
 */
final class CspNonce {

	// What governs an inline script element, the most specific first
	private static final List<String> DIRECTIVES = List.of("script-src-elem", "script-src", "default-src");

	private static final Pattern WHITESPACE = Pattern.compile("[ \\t\\n\\f\\r]+");

	private static final Pattern NONCE = Pattern.compile("(?i:'nonce-)([A-Za-z0-9+/_-]++={0,2})'");

	private CspNonce() {
	}

	/**
	 * Returns the nonce that satisfies all the policies which name one.
	 * <p>
	 * Of each policy the first of {@code script-src-elem}, {@code script-src} and
	 * {@code default-src} that is present counts, as in a browser. Policies without a
	 * nonce are passed over: a script's nonce makes no difference to them.
	 * @param policies the values of all {@code Content-Security-Policy} headers of the
	 * response, each of which may join several policies by commas; the values of
	 * {@code Content-Security-Policy-Report-Only} don't belong here
	 * @return the nonce; empty if no policy names one, or two name none in common
	 */
	static Optional<String> find(Collection<String> policies) {
		List<List<String>> nonces = policies.stream()
			.flatMap((value) -> Arrays.stream(value.split(",")))
			.map(CspNonce::ofPolicy)
			.filter((found) -> !found.isEmpty())
			.toList();
		if (nonces.isEmpty()) {
			return Optional.empty();
		}
		List<String> common = new ArrayList<>(nonces.get(0));
		nonces.forEach(common::retainAll);
		return common.stream().findFirst();
	}

	private static List<String> ofPolicy(String policy) {
		Map<String, String> directives = new HashMap<>();
		for (String directive : policy.split(";")) {
			String[] parts = WHITESPACE.split(directive.strip(), 2);
			directives.putIfAbsent(parts[0].toLowerCase(Locale.ROOT), (parts.length > 1) ? parts[1] : "");
		}
		return DIRECTIVES.stream()
			.filter(directives::containsKey)
			.findFirst()
			.map((name) -> ofSources(directives.getOrDefault(name, "")))
			.orElse(List.of());
	}

	private static List<String> ofSources(String sources) {
		return WHITESPACE.splitAsStream(sources)
			.map(NONCE::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> matcher.group(1))
			.toList();
	}

}
