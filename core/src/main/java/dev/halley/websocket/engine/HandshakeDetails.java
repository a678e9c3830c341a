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

package dev.halley.websocket.engine;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;

import dev.halley.connection.ConnectionInfo;

/**
 * What a session keeps of its handshake: copies, since the container uses the request
 * again.
 */
record HandshakeDetails(String endpoint, URI uri, HttpHeaders headers, @Nullable InetSocketAddress local,
		@Nullable InetSocketAddress remote, @Nullable Principal user, Map<String, Object> attributes,
		@Nullable String subprotocol, List<WebSocketExtension> extensions) {

	HandshakeDetails(String endpoint, ServerHttpRequest request, @Nullable Principal user,
			Map<String, Object> attributes, @Nullable String subprotocol, List<WebSocketExtension> extensions) {
		this(endpoint, request.getURI(), HttpHeaders.copyOf(request.getHeaders()), request.getLocalAddress(),
				request.getRemoteAddress(), user, new ConcurrentHashMap<>(attributes), subprotocol, extensions);
	}

	/**
	 * Describes the session.
	 * @param id its id
	 * @param handler what handles it, in short form
	 */
	ConnectionInfo describe(String id, String handler) {
		String query = (this.uri.getRawQuery() != null) ? "?" + this.uri.getRawQuery() : "";
		String path = (this.uri.getRawPath() != null) ? this.uri.getRawPath().replaceFirst("^/+", "/") : "/";
		String address = (this.remote != null && this.remote.getAddress() != null)
				? this.remote.getAddress().getHostAddress() : null;
		return new ConnectionInfo(id, "websocket", this.endpoint, handler, URI.create(path + query), address, this.user,
				this.subprotocol, Instant.now());
	}

}
