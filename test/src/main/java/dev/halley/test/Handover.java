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

package dev.halley.test;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

import dev.halley.connection.Connection;
import dev.halley.websocket.PairWebSocketHandler;

/**
 * What a handshake brings along that a tester performs: its connection is left here, and
 * not upgraded.
 */
final class Handover {

	static final String ATTRIBUTE = Handover.class.getName();

	private volatile @Nullable Connection connection;

	/** Returns the connection, if the handshake was accepted. */
	@Nullable Connection connection() {
		return this.connection;
	}

	/** Returns a strategy that heeds handovers, and leaves the rest to another one. */
	static RequestUpgradeStrategy strategy(RequestUpgradeStrategy others) {
		return new Strategy(others);
	}

	private static @Nullable Handover of(ServerHttpRequest request) {
		return (request instanceof ServletServerHttpRequest servlet
				&& servlet.getServletRequest().getAttribute(ATTRIBUTE) instanceof Handover handover) ? handover : null;
	}

	private record Strategy(RequestUpgradeStrategy others) implements RequestUpgradeStrategy {

		@Override
		public String[] getSupportedVersions() {
			return this.others.getSupportedVersions();
		}

		@Override
		public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
			return this.others.getSupportedExtensions(request);
		}

		@Override
		public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
				List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler wsHandler,
				Map<String, Object> attributes) throws HandshakeFailureException {
			Handover handover = of(request);
			if (handover != null && wsHandler instanceof PairWebSocketHandler handler) {
				handover.connection = handler.connection();
			}
			else {
				this.others.upgrade(request, response, selectedProtocol, selectedExtensions, user, wsHandler,
						attributes);
			}
		}

	}

}
