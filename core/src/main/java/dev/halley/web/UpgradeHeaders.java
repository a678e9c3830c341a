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

import java.util.Locale;
import java.util.Set;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;

/**
 * What an application adds to the 101 response: all headers but those that belong to the
 * protocol.
 */
final class UpgradeHeaders {

	private static final Set<String> RESERVED = Set.of("connection", "upgrade", "content-length", "transfer-encoding");

	private static final String RESERVED_PREFIX = "sec-websocket-";

	private UpgradeHeaders() {
	}

	static void copy(HttpHeaders headers, HttpServletResponse response) {
		headers.forEach((name, values) -> {
			if (!isReserved(name.toLowerCase(Locale.ROOT))) {
				values.forEach((value) -> response.addHeader(name, value));
			}
		});
	}

	private static boolean isReserved(String name) {
		return RESERVED.contains(name) || name.startsWith(RESERVED_PREFIX);
	}

}
