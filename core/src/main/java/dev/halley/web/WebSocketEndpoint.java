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

import java.util.List;
import java.util.function.BiFunction;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.socket.WebSocketHttpHeaders;

import dev.halley.codec.MessageCodec;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.FailureHandler;

/**
 * A method that is bound to WebSockets.
 *
 * @param paths the path patterns of its annotation
 * @param handler the method in short form
 * @param in decodes what comes in
 * @param out encodes what goes out
 * @param failures makes the failure handler of a connection
 * @param settings the limits and time-outs of its connections
 * @param subprotocols what it speaks
 * @param origins which pages may connect
 * @param runtime what endpoints have in common
 */
record WebSocketEndpoint(List<String> paths, String handler, MessageCodec<?> in, MessageCodec<?> out,
		BiFunction<Object, ConnectionInfo, FailureHandler> failures, ConnectionSettings settings,
		Subprotocols subprotocols, AllowedOrigins origins, WebSocketRuntime runtime) implements Endpoint {

	@Override
	public String transport() {
		return "websocket";
	}

	@Override
	public List<String> spoken() {
		return this.subprotocols.names();
	}

	@Override
	public List<String> allowed() {
		return this.origins.patterns();
	}

	@Override
	public ConnectionRegistry registry() {
		return this.runtime.registry();
	}

	@Override
	public Attempt begin(HttpServletRequest request, Object controller) throws ServletException {
		HandshakeChecks.check(request);
		String origin = HandshakeChecks.checkOrigin(request, this.origins);
		List<String> offered = Tokens.elements(request.getHeaders(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL));
		Handshake handshake = new Handshake(this.subprotocols.choose(offered), offered, origin);
		return new WebSocketAttempt(this, controller, handshake,
				RequestInfo.reserve(request, this.runtime.registry(), this.runtime.countedUser()));
	}

}
