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

package dev.halley.boot;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

import dev.halley.boot.HalleyWebSocketProperties.Engine;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.websocket.ContainerUpgradeStrategy;
import dev.halley.websocket.PairUpgradeStrategy;
import dev.halley.websocket.engine.EngineSettings;
import dev.halley.websocket.engine.EventLoops;
import dev.halley.websocket.engine.NativeUpgradeStrategy;

/**
 * The engines that may run the WebSocket protocol here. A bean that is no
 * {@link RequestUpgradeStrategy}, so that nobody takes it for one by its type.
 */
final class WebSocketEngines implements AutoCloseable {

	private static final String PROPERTY = "halley.websocket.engine";

	/** Without this class, that of the native engine is not to be touched. */
	private static final String TOMCAT = "org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler";

	/** A servlet context of tests, which carries nothing, whatever is configured. */
	private static final String MOCK = "MockServletContext";

	private static final String JAKARTA = "jakarta.websocket.server.ServerContainer";

	private final @Nullable NativeUpgradeStrategy ours;

	private final @Nullable ContainerUpgradeStrategy container;

	/**
	 * Makes the engines.
	 * @param loops where connections of the native engine go that may leave the server,
	 * or {@code null} if all stay
	 */
	WebSocketEngines(Engine engine, EngineSettings settings, ConnectionRegistry registry, CountedUser countedUser,
			@Nullable EventLoops loops, ServletContext servletContext, @Nullable ClassLoader classLoader) {
		boolean tomcat = ClassUtils.isPresent(TOMCAT, classLoader) && NativeUpgradeStrategy.supports(servletContext);
		boolean jakarta = ClassUtils.isPresent(JAKARTA, classLoader);
		check(engine != Engine.NATIVE || tomcat || MOCK.equals(servletContext.getServerInfo()), engine,
				"The native engine runs on Apache Tomcat, but the server is " + servletContext.getServerInfo()
						+ ". Expected: auto or container");
		this.ours = (engine != Engine.CONTAINER && tomcat)
				? new NativeUpgradeStrategy(settings, registry, countedUser, loops) : null;
		this.container = ((engine != Engine.NATIVE || !tomcat) && jakarta) ? new ContainerUpgradeStrategy(registry)
				: null;
		check(this.ours != null || this.container != null, engine,
				"The container's WebSocket is not on the class path. Add spring-boot-starter-websocket");
	}

	private static void check(boolean valid, Engine engine, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, engine, reason);
		}
	}

	/** What upgrades Spring's handlers. */
	RequestUpgradeStrategy strategy() {
		return new Choice();
	}

	/** What upgrades pairs. */
	PairUpgradeStrategy pairs() {
		return (request, response, connection) -> {
			NativeUpgradeStrategy ours = oursFor(request);
			((ours != null) ? ours : container()).upgrade(request, response, connection);
		};
	}

	/** The native engine, if it can take a request, or has to. */
	private @Nullable NativeUpgradeStrategy oursFor(HttpServletRequest request) {
		return (this.container == null || NativeUpgradeStrategy.supports(request)) ? this.ours : null;
	}

	private ContainerUpgradeStrategy container() {
		Assert.state(this.container != null, "One of the engines is there");
		return this.container;
	}

	@Override
	public void close() {
		if (this.ours != null) {
			this.ours.close();
		}
	}

	/**
	 * Takes the native engine for each request that it can take. A handler that wants
	 * messages in parts, because they may be larger than any limit, gets them from the
	 * container only.
	 */
	private final class Choice implements RequestUpgradeStrategy {

		@Override
		public String[] getSupportedVersions() {
			return new String[] { "13" };
		}

		@Override
		public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
			return strategyFor(request, false).getSupportedExtensions(request);
		}

		@Override
		public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
				List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
				Map<String, Object> attributes) throws HandshakeFailureException {
			strategyFor(request, handler.supportsPartialMessages()).upgrade(request, response, selectedProtocol,
					selectedExtensions, user, handler, attributes);
		}

		private RequestUpgradeStrategy strategyFor(ServerHttpRequest request, boolean inParts) {
			NativeUpgradeStrategy ours = oursFor(((ServletServerHttpRequest) request).getServletRequest());
			return (ours != null && (!inParts || WebSocketEngines.this.container == null)) ? ours : container();
		}

	}

}
