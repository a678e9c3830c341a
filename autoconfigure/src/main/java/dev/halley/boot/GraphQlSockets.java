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

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Lets the subscriptions of Spring for GraphQL run on the engine that is configured.
 * <p>
 * Spring Boot makes their handshake handler itself, and none of its beans can be replaced
 * to change that. So the handler is put into another one before the mapping registers it.
 */
final class GraphQlSockets implements InstantiationAwareBeanPostProcessor {

	private static final String MAPPING = "graphQlWebSocketMapping";

	private final ObjectProvider<WebSocketEngines> engines;

	GraphQlSockets(ObjectProvider<WebSocketEngines> engines) {
		this.engines = engines;
	}

	@Override
	public boolean postProcessAfterInstantiation(Object bean, String beanName) {
		if (beanName.equals(MAPPING) && bean instanceof WebSocketHandlerMapping mapping) {
			this.engines.ifAvailable((engines) -> move(mapping, engines));
		}
		return true;
	}

	@SuppressWarnings("unchecked")
	private static void move(WebSocketHandlerMapping mapping, WebSocketEngines engines) {
		Map<String, Object> handlers = (Map<String, Object>) mapping.getUrlMap();
		handlers.replaceAll((path, handler) -> onEngine(handler, engines));
	}

	private static @Nullable Object onEngine(@Nullable Object handler, WebSocketEngines engines) {
		if (!(handler instanceof WebSocketHttpRequestHandler original)
				|| original.getHandshakeHandler().getClass() != DefaultHandshakeHandler.class) {
			return handler;
		}
		WebSocketHttpRequestHandler moved = new WebSocketHttpRequestHandler(
				WebSocketHandlerDecorator.unwrap(original.getWebSocketHandler()),
				new DefaultHandshakeHandler(engines.strategy()));
		moved.setHandshakeInterceptors(original.getHandshakeInterceptors());
		return moved;
	}

}
