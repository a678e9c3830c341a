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
import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.websocket.engine.DetachingNioProtocol;

/**
 * Says at the start when more connections may stay with Tomcat than it serves: it takes
 * more from the network and lets them wait without an answer, plain requests too.
 */
final class TomcatConnectionsCheck implements ApplicationListener<WebServerInitializedEvent> {

	private static final Log logger = LogFactory.getLog(TomcatConnectionsCheck.class);

	private final ConnectionRegistry registry;

	private final ApplicationContext context;

	TomcatConnectionsCheck(ConnectionRegistry registry, ApplicationContext context) {
		this.registry = registry;
		this.context = context;
	}

	/** That of the management's server, which may be another one, comes here too. */
	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (event.getApplicationContext() == this.context
				&& event.getWebServer() instanceof TomcatWebServer webServer) {
			check(webServer.getTomcat().getConnector());
		}
	}

	private void check(Connector connector) {
		if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol
				&& !(protocol instanceof DetachingNioProtocol)) {
			int most = protocol.getMaxConnections();
			int connections = this.registry.limits().total();
			if (most > 0 && connections >= most) {
				logger.warn("halley.limits.connections: " + connections + " (expected: < " + most
						+ "), since WebSockets and streams stay on Tomcat's connections and it serves "
						+ "server.tomcat.max-connections of them. Beyond it nothing is answered, plain requests "
						+ "included: raise it, or lower halley.limits.connections");
			}
		}
	}

}
