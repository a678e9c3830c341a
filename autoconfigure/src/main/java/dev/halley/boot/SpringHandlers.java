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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.DelegatingWebSocketConfiguration;
import org.springframework.web.socket.config.annotation.DelegatingWebSocketMessageBrokerConfiguration;
import org.springframework.web.socket.config.annotation.ServletWebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.StompWebSocketEndpointRegistration;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * Lets the handlers that an application registers with {@code @EnableWebSocket} or
 * {@code @EnableWebSocketMessageBroker} run on the engine that is configured.
 * <p>
 * Spring makes a handshake handler on the container's WebSocket for each registration
 * that has none, with no bean to replace. So the configurers of the application are
 * handed to Spring's configuration in such a form that a registration begins with a
 * handshake handler on the configured engine. One that the application sets itself comes
 * after it, and stays.
 */
final class SpringHandlers implements BeanFactoryPostProcessor {

	static final String CONFIGURERS = "halleyWebSocketConfigurers";

	static final String BROKER_CONFIGURERS = "halleyWebSocketMessageBrokerConfigurers";

	/** Where Spring has its list of configurers injected; a value given goes before. */
	private static final String PROPERTY = "configurers";

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) throws BeansException {
		give(CONFIGURERS, DelegatingWebSocketConfiguration.class, beanFactory);
		give(BROKER_CONFIGURERS, DelegatingWebSocketMessageBrokerConfiguration.class, beanFactory);
	}

	private static void give(String configurers, Class<?> configuration, ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(configuration, true, false)) {
			if (beanFactory.containsBeanDefinition(name)) {
				beanFactory.getBeanDefinition(name)
					.getPropertyValues()
					.add(PROPERTY, new RuntimeBeanReference(configurers));
			}
		}
	}

	static List<WebSocketConfigurer> configurers(List<WebSocketConfigurer> originals,
			@Nullable WebSocketEngines engines) {
		return (engines != null) ? originals.stream().map((original) -> onEngine(original, engines)).toList()
				: originals;
	}

	private static WebSocketConfigurer onEngine(WebSocketConfigurer original, WebSocketEngines engines) {
		return (registry) -> original
			.registerWebSocketHandlers((registry instanceof ServletWebSocketHandlerRegistry servlet)
					? new EngineRegistry(servlet, engines) : registry);
	}

	static List<WebSocketMessageBrokerConfigurer> brokerConfigurers(List<WebSocketMessageBrokerConfigurer> originals,
			@Nullable WebSocketEngines engines) {
		return (engines != null) ? originals.stream().map((original) -> onEngine(original, engines)).toList()
				: originals;
	}

	private static WebSocketMessageBrokerConfigurer onEngine(WebSocketMessageBrokerConfigurer original,
			WebSocketEngines engines) {
		return proxy(WebSocketMessageBrokerConfigurer.class, original,
				(argument) -> (argument instanceof StompEndpointRegistry registry) ? onEngine(registry, engines)
						: argument,
				(result) -> result);
	}

	private static StompEndpointRegistry onEngine(StompEndpointRegistry original, WebSocketEngines engines) {
		return proxy(StompEndpointRegistry.class, original, (argument) -> argument,
				(result) -> (result instanceof StompWebSocketEndpointRegistration registration)
						? registration.setHandshakeHandler(handshakeHandler(engines)) : result);
	}

	/** Passes on all else, and methods of later releases too. */
	private static <T> T proxy(Class<T> type, T target, UnaryOperator<@Nullable Object> argument,
			UnaryOperator<@Nullable Object> result) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(self, method, arguments) -> result.apply(call(target, method, argument, arguments))));
	}

	private static @Nullable Object call(Object target, Method method, UnaryOperator<@Nullable Object> argument,
			@Nullable Object @Nullable [] arguments) throws Throwable {
		try {
			return method.invoke(target,
					(arguments != null) ? Arrays.stream(arguments).map(argument).toArray() : new Object[0]);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private static HandshakeHandler handshakeHandler(WebSocketEngines engines) {
		return new DefaultHandshakeHandler(engines.strategy());
	}

	/** Of the class that applications cast it to, to set the order. */
	private static final class EngineRegistry extends ServletWebSocketHandlerRegistry {

		private final ServletWebSocketHandlerRegistry original;

		private final WebSocketEngines engines;

		EngineRegistry(ServletWebSocketHandlerRegistry original, WebSocketEngines engines) {
			this.original = original;
			this.engines = engines;
		}

		@Override
		public WebSocketHandlerRegistration addHandler(WebSocketHandler handler, String... paths) {
			return this.original.addHandler(handler, paths).setHandshakeHandler(handshakeHandler(this.engines));
		}

		@Override
		public void setOrder(int order) {
			this.original.setOrder(order);
		}

		@Override
		public int getOrder() {
			return this.original.getOrder();
		}

		@Override
		public AbstractHandlerMapping getHandlerMapping() {
			return this.original.getHandlerMapping();
		}

	}

}
