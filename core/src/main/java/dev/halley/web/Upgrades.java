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

import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.socket.WebSocketHttpHeaders;

/**
 * How a request becomes a WebSocket, and what it is told that does not ask for it:
 * HTTP/1.1 upgrades a connection, HTTP/2 has {@code CONNECT} make a stream of one (RFC
 * 8441), where the server offers that.
 */
final class Upgrades {

	private static final String PROTOCOL = "websocket";

	private static final String HTTP_1_0 = "HTTP/1.0";

	private static final String HTTP_2 = "HTTP/2.0";

	private Upgrades() {
	}

	/**
	 * Whether a request asks for a WebSocket, well-formed or not.
	 * @param request the request
	 * @return whether it asks in the way of its version of HTTP
	 */
	static boolean isAskedForBy(HttpServletRequest request) {
		// HTTP/1.0 has no upgrade (RFC 9110 section 7.8), and other methods may ignore it
		return isConnect(request)
				|| (!HTTP_1_0.equals(request.getProtocol()) && "GET".equals(request.getMethod()) && isNamedBy(request));
	}

	/**
	 * Whether a request that asks for a WebSocket has the headers that each handshake has
	 * (RFC 6455 section 4.1), whatever they say.
	 * @param request the request
	 * @return whether it has those of its version of HTTP
	 */
	static boolean isComplete(HttpServletRequest request) {
		return request.getHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION) != null && (isConnect(request)
				|| (Tokens.contains(request.getHeaders(HttpHeaders.CONNECTION), HttpHeaders.UPGRADE)
						&& request.getHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY) != null));
	}

	/**
	 * Whether a request names the protocol, whatever its method is.
	 * @param request the request
	 * @return whether its {@code Upgrade} does
	 */
	static boolean isNamedBy(HttpServletRequest request) {
		return Tokens.contains(request.getHeaders(HttpHeaders.UPGRADE), PROTOCOL);
	}

	/**
	 * Whether a request asks as RFC 8441 says. Jetty lets no other {@code CONNECT} with a
	 * path through, and Tomcat offers none.
	 * @param request the request
	 * @return whether it has no {@code Upgrade}, {@code Connection} and
	 * {@code Sec-WebSocket-Key}
	 */
	static boolean isConnect(HttpServletRequest request) {
		return "CONNECT".equals(request.getMethod()) && HTTP_2.equals(request.getProtocol())
				&& Objects.requireNonNullElse(request.getServletContext().getServerInfo(), "").startsWith("jetty/");
	}

	/**
	 * Returns the answer to a request that can be served only after an upgrade: 426,
	 * which must name the protocol in {@code Upgrade}. HTTP/2 and later forbid that
	 * header (RFC 9113 section 8.2.2), so there it is 400.
	 * @param request the request
	 * @param detail what to tell
	 * @param headers more headers
	 * @return the answer
	 */
	static HandshakeRefusedException required(HttpServletRequest request, String detail, HttpHeaders headers) {
		if (!request.getProtocol().startsWith("HTTP/1.")) {
			return new HandshakeRefusedException(HttpStatus.BAD_REQUEST,
					detail + "; over HTTP/2 an ordinary request cannot become one", headers);
		}
		headers.setUpgrade(PROTOCOL);
		headers.setConnection(HttpHeaders.UPGRADE);
		return new HandshakeRefusedException(HttpStatus.UPGRADE_REQUIRED, detail, headers);
	}

}
