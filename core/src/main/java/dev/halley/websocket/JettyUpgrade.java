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

package dev.halley.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.springframework.util.Assert;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;

import dev.halley.connection.Connection;

/**
 * Upgrades pairs on Jetty, over its own WebSocket API, which knows demand, and tells when
 * a write is done. Loaded only where Jetty is.
 */
final class JettyUpgrade implements PairUpgradeStrategy {

	static boolean isPresent(HttpServletRequest request) {
		return JettyWebSocketServerContainer.getContainer(request.getServletContext()) != null;
	}

	/** What upgrades Spring's handlers there. */
	static RequestUpgradeStrategy ofHandlers() {
		return new JettyRequestUpgradeStrategy();
	}

	@Override
	public void upgrade(HttpServletRequest request, HttpServletResponse response, Connection connection) {
		JettyWebSocketServerContainer container = JettyWebSocketServerContainer
			.getContainer(request.getServletContext());
		Assert.state(container != null, "Jetty's WebSocket is not set up in this servlet context");
		if (!upgrade(container, request, response, connection)) {
			throw new HandshakeFailureException("Jetty refused the upgrade of " + request.getRequestURI());
		}
	}

	private static boolean upgrade(JettyWebSocketServerContainer container, HttpServletRequest request,
			HttpServletResponse response, Connection connection) {
		String subprotocol = connection.info().subprotocol();
		try {
			return container.upgrade((upgradeRequest, upgradeResponse) -> {
				if (subprotocol != null) {
					upgradeResponse.setAcceptedSubProtocol(subprotocol);
				}
				return new JettyTransport(connection, container.getExecutor());
			}, request, response);
		}
		catch (Exception ex) {
			throw new HandshakeFailureException("Failed to upgrade " + request.getRequestURI(), ex);
		}
	}

}
