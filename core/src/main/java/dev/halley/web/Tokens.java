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

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

import org.springframework.util.StringUtils;

/**
 * Lists of tokens in headers (RFC 9110 section 5.6.1).
 */
final class Tokens {

	private Tokens() {
	}

	/**
	 * Returns the elements of a header that is a list, which may be sent in several
	 * lines.
	 * @param lines the header's lines
	 * @return the elements, without white space around them and without empty ones
	 */
	static List<String> elements(Enumeration<String> lines) {
		List<String> elements = new ArrayList<>();
		while (lines.hasMoreElements()) {
			elements.addAll(List.of(StringUtils.tokenizeToStringArray(lines.nextElement(), ",")));
		}
		return elements;
	}

	static boolean contains(Enumeration<String> lines, String token) {
		return elements(lines).stream().anyMatch(token::equalsIgnoreCase);
	}

}
