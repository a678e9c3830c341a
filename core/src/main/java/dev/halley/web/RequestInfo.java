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

import java.net.URI;
import java.security.Principal;
import java.time.Instant;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.servlet.HandlerMapping;

import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Reservation;
import dev.halley.connection.TooManyConnectionsException;

/**
 * What a connection needs of the request that it begins with.
 */
final class RequestInfo {

	private static final IdGenerator IDS = new AlternativeJdkIdGenerator();

	private RequestInfo() {
	}

	/**
	 * Takes a place for a connection.
	 * @throws HandshakeRefusedException if there is none: 503
	 */
	static Reservation reserve(HttpServletRequest request, ConnectionRegistry registry) {
		try {
			return registry.reserve(request.getRemoteAddr(), nameOf(request.getUserPrincipal()));
		}
		catch (TooManyConnectionsException ex) {
			throw new HandshakeRefusedException(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(ex.getMessage()), ex);
		}
	}

	private static @Nullable String nameOf(@Nullable Principal user) {
		return (user != null) ? user.getName() : null;
	}

	/**
	 * Describes the connection.
	 * @param transport the kind of its wire
	 * @param handler the method that answers
	 */
	static ConnectionInfo describe(HttpServletRequest request, String transport, String handler,
			@Nullable String subprotocol) {
		return new ConnectionInfo(IDS.generateId().toString(), transport, template(request), handler,
				pathAndQuery(request), request.getRemoteAddr(), request.getUserPrincipal(), subprotocol, Instant.now());
	}

	/** The path pattern by which the request has found its handler. */
	static String template(HttpServletRequest request) {
		return String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
	}

	private static URI pathAndQuery(HttpServletRequest request) {
		URI uri = new ServletServerHttpRequest(request).getURI();
		// A second slash would begin an authority
		String path = uri.getRawPath().replaceFirst("^/+", "/");
		return URI.create((uri.getRawQuery() != null) ? path + "?" + uri.getRawQuery() : path);
	}

}
