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

package dev.halley;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What travels along with a message over a broker, as one token of ASCII: when it was
 * sent, and what its trace needs, such as {@code 1700000000000;traceparent=00-…}. Of
 * another form, which other versions may have, it says nothing.
 */
final class MessageHeaders {

	private static final int MOST_CHARACTERS = 4096;

	private static final int RADIX = 10;

	private MessageHeaders() {
	}

	/**
	 * Joins what travels along.
	 * @param sent when the message is published, in milliseconds since the epoch
	 * @param trace what its trace needs
	 */
	static String of(long sent, Map<String, String> trace) {
		if (trace.isEmpty()) {
			return Long.toString(sent);
		}
		StringBuilder headers = new StringBuilder().append(sent);
		int least = headers.length();
		trace.forEach((name, value) -> headers.append(';').append(escaped(name)).append('=').append(escaped(value)));
		if (headers.length() > MOST_CHARACTERS) {
			headers.setLength(least);
		}
		return headers.toString();
	}

	private static String escaped(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/** When the message was sent, or 0 if that is not known. */
	static long sent(String headers) {
		int end = headers.indexOf(';');
		int length = (end >= 0) ? end : headers.length();
		if (length == 0) {
			return 0;
		}
		try {
			return Math.max(0, Long.parseLong(headers, 0, length, RADIX));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/** What the trace of the message needs. */
	static Map<String, String> trace(String headers) {
		if (headers.length() > MOST_CHARACTERS || headers.indexOf(';') < 0) {
			return Map.of();
		}
		Map<String, String> trace = new LinkedHashMap<>();
		String[] parts = headers.split(";");
		try {
			for (int i = 1; i < parts.length; i++) {
				int end = parts[i].indexOf('=');
				if (end > 0) {
					trace.put(plain(parts[i].substring(0, end)), plain(parts[i].substring(end + 1)));
				}
			}
		}
		catch (IllegalArgumentException ex) {
			return Map.of();
		}
		return trace;
	}

	private static String plain(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

}
