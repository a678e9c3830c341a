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
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;

/**
 * Upgrades to the WebSocket of the servlet container that the request came through:
 * Jetty's own where it is set up, else the Jakarta WebSocket API.
 *
 * @since 0.1
 */
public final class ContainerUpgradeStrategy implements RequestUpgradeStrategy {

	private static final boolean JETTY = ClassUtils.isPresent(
			"org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer",
			ContainerUpgradeStrategy.class.getClassLoader());

	private static final String JAKARTA = "jakarta.websocket.server.ServerContainer";

	private final RequestUpgradeStrategy jakarta = new StandardWebSocketUpgradeStrategy();

	private final @Nullable RequestUpgradeStrategy jetty = JETTY ? JettyFactory.create() : null;

	@Override
	public String[] getSupportedVersions() {
		return this.jakarta.getSupportedVersions();
	}

	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return strategy(request).getSupportedExtensions(request);
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) throws HandshakeFailureException {
		strategy(request).upgrade(request, response, selectedProtocol, selectedExtensions, user, handler, attributes);
	}

	private RequestUpgradeStrategy strategy(ServerHttpRequest request) {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		if (this.jetty != null && JettyFactory.isPresent(servletRequest)) {
			return this.jetty;
		}
		if (servletRequest.getServletContext().getAttribute(JAKARTA) == null) {
			throw new NoContainerException();
		}
		return this.jakarta;
	}

	/** Loaded only where Jetty is. */
	private static final class JettyFactory {

		static RequestUpgradeStrategy create() {
			return new JettyUpgradeStrategy();
		}

		static boolean isPresent(HttpServletRequest request) {
			return JettyUpgradeStrategy.isPresent(request);
		}

	}

}
