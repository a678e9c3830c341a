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
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.servlet.HandlerMapping;

import dev.halley.connection.ConnectionAttributes;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.connection.Reservation;
import dev.halley.connection.TooManyConnectionsException;
import dev.halley.connection.TrafficLog;

/**
 * What a connection needs of the request that it begins with.
 */
final class RequestInfo {

	private static final IdGenerator IDS = new AlternativeJdkIdGenerator();

	private static final String ATTRIBUTES = ConnectionAttributes.class.getName();

	private RequestInfo() {
	}

	/**
	 * Takes a place for a connection.
	 * @throws HandshakeRefusedException if there is none: 503
	 */
	static Reservation reserve(HttpServletRequest request, ConnectionRegistry registry, CountedUser countedUser) {
		String user = countedUser.of(request, request.getUserPrincipal());
		try {
			return registry.reserve(request.getRemoteAddr(), user);
		}
		catch (TooManyConnectionsException ex) {
			HandshakeRefusedException refused = new HandshakeRefusedException(HttpStatus.SERVICE_UNAVAILABLE,
					String.valueOf(ex.getMessage()), ex);
			refused.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(ex.retryAfterSeconds()));
			throw refused;
		}
	}

	/**
	 * Describes the connection.
	 * @param transport the kind of its wire
	 * @param handler the method that answers
	 * @param registry where it is to be
	 */
	static ConnectionInfo describe(HttpServletRequest request, String transport, String handler,
			@Nullable String subprotocol, ConnectionRegistry registry) {
		ConnectionInfo info = new ConnectionInfo(IDS.generateId().toString(), transport, template(request), handler,
				pathAndQuery(request), request.getRemoteAddr(), request.getUserPrincipal(), subprotocol, Instant.now(),
				attributes(request));
		TrafficLog log = registry.trafficLog();
		if (log != null) {
			log.accepted(info, () -> headers(request));
		}
		return info;
	}

	private static Map<String, List<String>> headers(HttpServletRequest request) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		request.getHeaderNames()
			.asIterator()
			.forEachRemaining((name) -> headers.put(name, Collections.list(request.getHeaders(name))));
		return headers;
	}

	/** The path pattern by which the request has found its handler. */
	static String template(HttpServletRequest request) {
		return String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
	}

	/** What the application notes of the connection that a request begins. */
	static ConnectionAttributes attributes(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTES) instanceof ConnectionAttributes attributes) {
			return attributes;
		}
		ConnectionAttributes attributes = new ConnectionAttributes();
		request.setAttribute(ATTRIBUTES, attributes);
		return attributes;
	}

	private static URI pathAndQuery(HttpServletRequest request) {
		URI uri = new ServletServerHttpRequest(request).getURI();
		// A second slash would begin an authority
		String path = uri.getRawPath().replaceFirst("^/+", "/");
		return URI.create((uri.getRawQuery() != null) ? path + "?" + uri.getRawQuery() : path);
	}

}
