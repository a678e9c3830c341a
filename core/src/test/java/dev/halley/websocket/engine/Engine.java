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

import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.websocket.ContainerUpgradeStrategy;

/**
 * What runs WebSockets on Tomcat: the container's own, our engine on Tomcat's
 * connections, and our engine on event loops of its own.
 */
public enum Engine {

	NATIVE, LOOPS, CONTAINER;

	public RequestUpgradeStrategy strategy(EngineSettings settings, ConnectionRegistry registry,
			CountedUser countedUser, EventLoops loops) {
		return switch (this) {
			case NATIVE -> new NativeUpgradeStrategy(settings, registry, countedUser, null);
			case LOOPS -> new NativeUpgradeStrategy(settings, registry, countedUser, loops);
			case CONTAINER -> new ContainerUpgradeStrategy(registry);
		};
	}

	/** Whether it is ours, on whatever connections. */
	boolean isOurs() {
		return this != CONTAINER;
	}

	public String protocol() {
		return ((this == LOOPS) ? DetachingNioProtocol.class : Http11NioProtocol.class).getName();
	}

}
