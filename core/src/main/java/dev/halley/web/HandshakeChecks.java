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

import java.util.Collections;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.socket.WebSocketHttpHeaders;

import dev.halley.websocket.HandshakeRules;

/**
 * What RFC 6455 section 4.2.1 demands of a client's handshake, or RFC 8441 section 5 over
 * HTTP/2, and its origin. Containers check less of it, and too late: after the method has
 * run.
 */
final class HandshakeChecks {

	private HandshakeChecks() {
	}

	/**
	 * Checks the form of a handshake.
	 * @param request the request
	 * @throws HttpRequestMethodNotSupportedException if it is neither a GET nor RFC
	 * 8441's
	 * @throws HandshakeRefusedException if it is no WebSocket handshake otherwise
	 */
	static void check(HttpServletRequest request) throws HttpRequestMethodNotSupportedException {
		boolean connect = Upgrades.isConnect(request);
		if (!connect) {
			checkUpgrade(request);
		}
		if (!HandshakeRules.VERSION.equals(only(request, WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION))) {
			throw wrongVersion(request);
		}
		if (!connect && HandshakeRules.key(request) == null) {
			throw refused("Sec-WebSocket-Key must be one, of 16 bytes in Base64");
		}
		if (!HandshakeRules.hasReadableExtensions(request)) {
			throw refused("Malformed Sec-WebSocket-Extensions");
		}
	}

	private static void checkUpgrade(HttpServletRequest request) throws HttpRequestMethodNotSupportedException {
		if (!HttpMethod.GET.matches(request.getMethod())) {
			throw new HttpRequestMethodNotSupportedException(request.getMethod(), List.of(HttpMethod.GET.name()));
		}
		if (!Tokens.contains(request.getHeaders(HttpHeaders.CONNECTION), HttpHeaders.UPGRADE)) {
			throw refused("Connection must contain Upgrade");
		}
	}

	/**
	 * Checks where a handshake comes from.
	 * @param request the request
	 * @param allowed which origins are allowed
	 * @return the origin, or {@code null} if the client sent none
	 * @throws HandshakeRefusedException if the origin is foreign, malformed or ambiguous
	 */
	static @Nullable String checkOrigin(HttpServletRequest request, AllowedOrigins allowed) {
		if (request.getHeader(HttpHeaders.ORIGIN) == null) {
			return null;
		}
		String origin = only(request, HttpHeaders.ORIGIN);
		if (origin == null || !allowed.allows(origin, request)) {
			allowed.refused((origin != null) ? origin : all(request, HttpHeaders.ORIGIN), request);
			throw new HandshakeRefusedException(HttpStatus.FORBIDDEN, "Origin is not allowed");
		}
		return origin;
	}

	private static HandshakeRefusedException refused(String detail) {
		return new HandshakeRefusedException(HttpStatus.BAD_REQUEST, detail);
	}

	private static HandshakeRefusedException wrongVersion(HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, HandshakeRules.VERSION);
		return Upgrades.required(request, "Sec-WebSocket-Version must be 13", headers);
	}

	private static @Nullable String only(HttpServletRequest request, String name) {
		List<String> values = Collections.list(request.getHeaders(name));
		return (values.size() == 1) ? values.get(0).trim() : null;
	}

	private static String all(HttpServletRequest request, String name) {
		return String.join(",", Collections.list(request.getHeaders(name)));
	}

}
