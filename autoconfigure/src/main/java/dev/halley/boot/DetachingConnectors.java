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

import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

import dev.halley.boot.HalleyWebSocketProperties.Engine;
import dev.halley.boot.HalleyWebSocketProperties.Io;
import dev.halley.websocket.engine.DetachingNioProtocol;

/**
 * Gives Tomcat's connector the protocol whose connections may leave, unless the
 * application has chosen another one or something stands against it. Comes after all
 * other customizers, to see what they have chosen.
 */
final class DetachingConnectors implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(DetachingConnectors.class);

	private final Engine engine;

	private final Io io;

	DetachingConnectors(Engine engine, Io io) {
		this.engine = engine;
		this.io = io;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		if (this.engine == Engine.CONTAINER || this.io == Io.CONTAINER) {
			return;
		}
		String obstacle = findObstacle(factory);
		if (obstacle != null && this.io == Io.LOOPS) {
			throw new InvalidConfigurationPropertyValueException("halley.websocket.io", this.io,
					"Connections cannot leave Tomcat, since " + obstacle + ". Expected: auto or container");
		}
		if (obstacle != null) {
			logger.info("WebSockets and streams stay on Tomcat's connections, since " + obstacle);
			return;
		}
		factory.setProtocol(DetachingNioProtocol.class.getName());
		if (!factory.getAdditionalConnectors().isEmpty()) {
			logger.info("WebSockets and streams that come by additional connectors stay on Tomcat's connections");
		}
	}

	private static @Nullable String findObstacle(TomcatWebServerFactory factory) {
		if (!factory.getProtocol().equals(TomcatWebServerFactory.DEFAULT_PROTOCOL)) {
			return "their protocol is " + factory.getProtocol();
		}
		if (Ssl.isEnabled(factory.getSsl())) {
			return "they are encrypted";
		}
		if (!isVisibleToTomcat()) {
			return "Tomcat's class loader does not have " + DetachingNioProtocol.class.getName();
		}
		String missing = DetachingNioProtocol.findObstacle();
		return (missing != null) ? "this Tomcat lacks " + missing : null;
	}

	private static boolean isVisibleToTomcat() {
		try {
			return ClassUtils.forName(DetachingNioProtocol.class.getName(),
					Connector.class.getClassLoader()) == DetachingNioProtocol.class;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

}
