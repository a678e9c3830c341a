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

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Finds the id of the last event that a client has seen.
 */
final class LastEventIdOf {

	private static final String HEADER = "Last-Event-ID";

	private static final String PARAMETER = "lastEventId";

	private LastEventIdOf() {
	}

	/**
	 * Returns the id in the header, or else in the query, where those have it that can
	 * set no headers. A browser that reconnects has the newer one in the header.
	 * @return the id, or {@code null} if there is none
	 */
	static @Nullable String request(HttpServletRequest request) {
		String header = request.getHeader(HEADER);
		if (StringUtils.hasLength(header)) {
			return utf8(header);
		}
		String query = query(request.getQueryString());
		return (query != null) ? query : header;
	}

	/** Browsers send UTF-8, which containers read as if each byte were a character. */
	private static String utf8(String value) {
		return StandardCharsets.ISO_8859_1.newEncoder().canEncode(value)
				? new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : value;
	}

	/**
	 * The parameters of the request are not asked, since those may be in its body, which
	 * is not read for this.
	 */
	private static @Nullable String query(@Nullable String query) {
		if (query == null || !query.contains(PARAMETER)) {
			return null;
		}
		for (String pair : query.split("&")) {
			if (pair.startsWith(PARAMETER + "=")) {
				return decode(pair.substring(PARAMETER.length() + 1));
			}
		}
		return null;
	}

	/** What is not encoded as it should be is an id that nobody knows, and no failure. */
	private static String decode(String value) {
		try {
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
	}

}
