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
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;

import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionRegistry;

/**
 * Upgrades to the WebSocket of the servlet container that the request came through:
 * Jetty's own where it is set up, else the Jakarta WebSocket API. Runs pairs, and leaves
 * any other {@link WebSocketHandler} to Spring's strategies.
 * <p>
 * Thread-safe.
 *
 * @since 0.1
 */
public final class ContainerUpgradeStrategy implements RequestUpgradeStrategy, PairUpgradeStrategy {

	private static final boolean JETTY = ClassUtils.isPresent(
			"org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer",
			ContainerUpgradeStrategy.class.getClassLoader());

	private static final String JAKARTA = "jakarta.websocket.server.ServerContainer";

	private final ConnectionRegistry registry;

	private final RequestUpgradeStrategy jakarta = new StandardWebSocketUpgradeStrategy();

	private final @Nullable JettyStrategies jetty = JETTY ? new JettyStrategies() : null;

	/**
	 * Creates a strategy.
	 * @param registry where pairs are registered: it runs what a container can do only
	 * while a thread waits, and ends waits in vain
	 */
	public ContainerUpgradeStrategy(ConnectionRegistry registry) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
	}

	@Override
	public String[] getSupportedVersions() {
		return this.jakarta.getSupportedVersions();
	}

	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return ofHandlers(((ServletServerHttpRequest) request).getServletRequest()).getSupportedExtensions(request);
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) throws HandshakeFailureException {
		ofHandlers(((ServletServerHttpRequest) request).getServletRequest()).upgrade(request, response,
				selectedProtocol, selectedExtensions, user, handler, attributes);
	}

	@Override
	public void upgrade(HttpServletRequest request, HttpServletResponse response, Connection connection) {
		if (this.jetty != null && this.jetty.arePresent(request)) {
			this.jetty.pairs.upgrade(request, response, connection);
			return;
		}
		requireJakarta(request);
		this.jakarta.upgrade(new ServletServerHttpRequest(request), new ServletServerHttpResponse(response),
				connection.info().subprotocol(), List.of(), request.getUserPrincipal(),
				new PairWebSocketHandler(connection, this.registry), new ConcurrentHashMap<>());
	}

	private RequestUpgradeStrategy ofHandlers(HttpServletRequest request) {
		if (this.jetty != null && this.jetty.arePresent(request)) {
			return this.jetty.handlers;
		}
		requireJakarta(request);
		return this.jakarta;
	}

	private static void requireJakarta(HttpServletRequest request) {
		if (request.getServletContext().getAttribute(JAKARTA) == null) {
			throw new NoContainerException();
		}
	}

	/** Loaded only where Jetty is. */
	private static final class JettyStrategies {

		private final RequestUpgradeStrategy handlers = JettyUpgrade.ofHandlers();

		private final PairUpgradeStrategy pairs = new JettyUpgrade();

		boolean arePresent(HttpServletRequest request) {
			return JettyUpgrade.isPresent(request);
		}

	}

}
