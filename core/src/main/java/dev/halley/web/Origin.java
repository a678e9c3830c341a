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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from (RFC 6454), in lower case and with its port.
 *
 * @param scheme the scheme
 * @param host the host, of IPv6 in brackets
 * @param port the port, -1 if the scheme has none
 */
record Origin(String scheme, String host, int port) {

	// No name is longer, and a pattern with several asterisks takes long over a long one
	private static final Pattern SYNTAX = Pattern
		.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._~%-]{1,253}|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

	/**
	 * Reads a header.
	 * @param value the header's value
	 * @return the origin, or {@code null} if it is none
	 */
	static @Nullable Origin parse(String value) {
		Matcher matcher = SYNTAX.matcher(value.toLowerCase(Locale.ROOT));
		if (!matcher.matches()) {
			return null;
		}
		String port = matcher.group(3);
		return new Origin(matcher.group(1), matcher.group(2),
				(port != null) ? Integer.parseInt(port) : defaultPort(matcher.group(1)));
	}

	/**
	 * Returns the origin of pages of this application, as the client sees it if forwarded
	 * headers are honoured. Some proxies name the scheme of a WebSocket there.
	 * @param request a request
	 * @return the origin
	 */
	static Origin of(HttpServletRequest request) {
		String scheme = schemeOfPages(request.getScheme().toLowerCase(Locale.ROOT));
		String host = request.getServerName().toLowerCase(Locale.ROOT);
		int port = request.getServerPort();
		return new Origin(scheme, (host.contains(":") && !host.startsWith("[")) ? "[" + host + "]" : host,
				(port > 0) ? port : defaultPort(scheme));
	}

	private static String schemeOfPages(String scheme) {
		return switch (scheme) {
			case "ws" -> "http";
			case "wss" -> "https";
			default -> scheme;
		};
	}

	static int defaultPort(String scheme) {
		return switch (scheme) {
			case "http" -> 80;
			case "https" -> 443;
			default -> -1;
		};
	}

	@Override
	public String toString() {
		return this.scheme + "://" + this.host + ((this.port != defaultPort(this.scheme)) ? ":" + this.port : "");
	}

}
