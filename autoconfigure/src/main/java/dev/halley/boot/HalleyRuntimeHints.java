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

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * What a native image must know: Tomcat makes the handlers of upgrades and protocols by
 * reflection, streams reach what Tomcat, Spring and Spring Security keep to themselves,
 * what configures STOMP is handed on by proxies, and Redis gets its scripts from files.
 */
final class HalleyRuntimeHints implements RuntimeHintsRegistrar {

	private static final String UPGRADE_HANDLER = "dev.halley.websocket.engine.TomcatUpgradeHandler";

	private static final String LOOP_UPGRADE_HANDLER = "dev.halley.websocket.engine.LoopUpgradeHandler";

	private static final String PROTOCOL = "dev.halley.websocket.engine.DetachingNioProtocol";

	private static final List<String> TOMCAT_REQUEST = List.of("org.apache.catalina.connector.RequestFacade",
			"org.apache.coyote.Request", "org.apache.coyote.AbstractProcessor",
			"org.apache.coyote.http2.StreamProcessor");

	private static final String SECURITY_RESPONSE = "org.springframework.security.web.util.OnCommittedResponseWrapper";

	private static final String MULTIPART_REQUEST = "org.springframework.web.multipart.support.AbstractMultipartHttpServletRequest";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerTypeIfPresent(classLoader, UPGRADE_HANDLER, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, LOOP_UPGRADE_HANDLER, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, PROTOCOL, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, MULTIPART_REQUEST, MemberCategory.ACCESS_DECLARED_FIELDS)
			.registerTypeIfPresent(classLoader, SECURITY_RESPONSE, MemberCategory.INVOKE_DECLARED_METHODS);
		TOMCAT_REQUEST.forEach((type) -> hints.reflection()
			.registerTypeIfPresent(classLoader, type, MemberCategory.ACCESS_DECLARED_FIELDS));
		hints.proxies().registerJdkProxy(WebSocketMessageBrokerConfigurer.class);
		hints.proxies().registerJdkProxy(StompEndpointRegistry.class);
		hints.resources().registerPattern("dev/halley/redis/*.lua");
	}

}
