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

package dev.halley.web;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;

/**
 * Which headers of a request decide what its path answers with. Kept in the request, as
 * whoever answers knows only one of those that could.
 */
final class Vary {

	private static final String ATTRIBUTE = Vary.class.getName();

	private Vary() {
	}

	static void set(HttpServletRequest request, List<String> names) {
		request.setAttribute(ATTRIBUTE, names);
	}

	/** Tells caches. Called for each dispatch of a request. */
	static void complete(HttpServletRequest request, HttpServletResponse response) {
		if (request.getAttribute(ATTRIBUTE) instanceof List<?> names) {
			add(response, names.stream().map(String::valueOf).toList());
		}
	}

	static void add(HttpServletResponse response, List<String> names) {
		List<String> present = elements(response.getHeaders(HttpHeaders.VARY));
		List<String> missing = names.stream().filter((name) -> !present.contains(name)).toList();
		if (!missing.isEmpty()) {
			response.addHeader(HttpHeaders.VARY, String.join(", ", missing));
		}
	}

	private static List<String> elements(Collection<String> lines) {
		return Tokens.elements(Collections.enumeration(lines));
	}

}
