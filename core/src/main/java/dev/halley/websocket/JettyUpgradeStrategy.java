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

import java.security.Principal;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.Assert;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;

/**
 * Upgrades on Jetty, over its own WebSocket API, which knows demand, and tells when a
 * write is done. Handlers other than pairs are left to Spring's strategy.
 */
final class JettyUpgradeStrategy implements RequestUpgradeStrategy {

	private final JettyRequestUpgradeStrategy spring = new JettyRequestUpgradeStrategy();

	static boolean isPresent(HttpServletRequest request) {
		return JettyWebSocketServerContainer.getContainer(request.getServletContext()) != null;
	}

	@Override
	public String[] getSupportedVersions() {
		return this.spring.getSupportedVersions();
	}

	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return this.spring.getSupportedExtensions(request);
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) throws HandshakeFailureException {
		if (!(handler instanceof PairWebSocketHandler pair)) {
			this.spring.upgrade(request, response, selectedProtocol, selectedExtensions, user, handler, attributes);
			return;
		}
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		HttpServletResponse servletResponse = ((ServletServerHttpResponse) response).getServletResponse();
		JettyWebSocketServerContainer container = JettyWebSocketServerContainer
			.getContainer(servletRequest.getServletContext());
		Assert.state(container != null, "Jetty's WebSocket is not set up in this servlet context");
		if (!upgrade(container, servletRequest, servletResponse, selectedProtocol, pair)) {
			throw new HandshakeFailureException("Jetty refused the upgrade of " + servletRequest.getRequestURI());
		}
	}

	private static boolean upgrade(JettyWebSocketServerContainer container, HttpServletRequest request,
			HttpServletResponse response, @Nullable String subprotocol, PairWebSocketHandler pair) {
		try {
			return container.upgrade((upgradeRequest, upgradeResponse) -> {
				if (subprotocol != null) {
					upgradeResponse.setAcceptedSubProtocol(subprotocol);
				}
				return new JettyTransport(pair.connection(), container.getExecutor());
			}, request, response);
		}
		catch (Exception ex) {
			throw new HandshakeFailureException("Failed to upgrade " + request.getRequestURI(), ex);
		}
	}

}
