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

package dev.halley.connection;

import java.net.URI;
import java.security.Principal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection from its handshake on. Its {@code toString} names the
 * connection for logs, and tells nothing of who is there or what was asked for.
 *
 * @param id unique in this process
 * @param transport the wire: {@code websocket}, {@code comet} or {@code sse}
 * @param endpoint the path template of its mapping, such as {@code /rooms/{room}}
 * @param handler the method that returned the pair, in short form
 * @param uri the request's path and query
 * @param remoteAddress the peer's address, or {@code null} if unknown
 * @param principal the authenticated user, or {@code null} if there is none
 * @param subprotocol the negotiated WebSocket subprotocol, or {@code null}
 * @param opened when the handshake was accepted
 * @param attributes what the application notes of it
 * @since 0.1
 */
public record ConnectionInfo(String id, String transport, String endpoint, String handler, URI uri,
		@Nullable String remoteAddress, @Nullable Principal principal, @Nullable String subprotocol, Instant opened,
		ConnectionAttributes attributes) {

	/**
	 * Describes a connection of which the application has noted nothing yet.
	 * @param id unique in this process
	 * @param transport the wire: {@code websocket}, {@code comet} or {@code sse}
	 * @param endpoint the path template of its mapping
	 * @param handler the method that returned the pair, in short form
	 * @param uri the request's path and query
	 * @param remoteAddress the peer's address, or {@code null} if unknown
	 * @param principal the authenticated user, or {@code null} if there is none
	 * @param subprotocol the negotiated WebSocket subprotocol, or {@code null}
	 * @param opened when the handshake was accepted
	 */
	public ConnectionInfo(String id, String transport, String endpoint, String handler, URI uri,
			@Nullable String remoteAddress, @Nullable Principal principal, @Nullable String subprotocol,
			Instant opened) {
		this(id, transport, endpoint, handler, uri, remoteAddress, principal, subprotocol, opened,
				new ConnectionAttributes());
	}

	/**
	 * Returns the name of the authenticated user.
	 * @return the name, or {@code null} if there is no user, or one that cannot tell its
	 * name, such as an entity whose session is closed
	 */
	public @Nullable String userName() {
		try {
			return (this.principal != null) ? this.principal.getName() : null;
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			return null;
		}
	}

	/**
	 * A query may hold a token, and a user may be one that cannot be printed, such as an
	 * entity whose session is closed.
	 */
	@Override
	public String toString() {
		return this.handler + " [" + this.transport + " " + this.endpoint + " " + this.id + "]";
	}

}
