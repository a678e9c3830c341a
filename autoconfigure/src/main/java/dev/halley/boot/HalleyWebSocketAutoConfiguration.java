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

import jakarta.servlet.ServletContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import dev.halley.boot.HalleyWebSocketProperties.Io;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.web.MessageExceptionHandlers;
import dev.halley.web.PairHandlerMapping;
import dev.halley.web.WebSocketRuntime;
import dev.halley.web.WebSocketSettings;
import dev.halley.websocket.engine.EventLoops;

/**
 * Auto-configuration of WebSockets: methods with
 * {@link dev.halley.annotation.WebSocketMapping} are served beside those of Spring MVC,
 * and the handlers of {@code @EnableWebSocket} and {@code @EnableWebSocketMessageBroker}
 * and the subscriptions of Spring for GraphQL run on the same engine.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { HalleyAutoConfiguration.class, WebMvcAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = { "halley.enabled", "halley.websocket.enabled" }, matchIfMissing = true)
@ConditionalOnBean({ RequestMappingHandlerMapping.class, RequestMappingHandlerAdapter.class })
@EnableConfigurationProperties(HalleyWebSocketProperties.class)
@ImportRuntimeHints(HalleyRuntimeHints.class)
public final class HalleyWebSocketAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WebSocketSettings halleyWebSocketSettings(HalleyWebSocketProperties properties) {
		return properties.toSettings();
	}

	@Bean
	@ConditionalOnMissingBean
	EventLoops halleyEventLoops(HalleyWebSocketProperties properties, Environment environment) {
		return new EventLoops(properties.checkedLoops(), ConnectionExecutors.workers(environment));
	}

	@Bean
	@ConditionalOnMissingBean(WebSocketRuntime.class)
	WebSocketEngines halleyWebSocketEngines(HalleyWebSocketProperties properties, WebSocketSettings settings,
			ConnectionRegistry registry, ObjectProvider<CountedUser> countedUser, EventLoops loops,
			ServletContext servletContext, ResourceLoader resourceLoader) {
		return new WebSocketEngines(properties.engine(), properties.toEngineSettings(settings.connection()), registry,
				countedUser.getIfAvailable(() -> CountedUser.PRINCIPAL),
				(properties.io() != Io.CONTAINER) ? loops : null, servletContext, resourceLoader.getClassLoader());
	}

	@Bean
	@ConditionalOnMissingBean
	WebSocketRuntime halleyWebSocketRuntime(WebSocketSettings settings, MessageCodecs codecs,
			MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry,
			ObjectProvider<CountedUser> countedUser, WebSocketEngines engines) {
		return new WebSocketRuntime(settings, codecs, exceptionHandlers, registry,
				countedUser.getIfAvailable(() -> CountedUser.PRINCIPAL), engines.strategy(), engines.pairs());
	}

	@Bean
	static SpringHandlers halleySpringHandlers() {
		return new SpringHandlers();
	}

	@Bean
	static GraphQlSockets halleyGraphQlSockets(ObjectProvider<WebSocketEngines> engines) {
		return new GraphQlSockets(engines);
	}

	@Lazy
	@Bean(name = SpringHandlers.CONFIGURERS, autowireCandidate = false)
	List<WebSocketConfigurer> halleyWebSocketConfigurers(ObjectProvider<WebSocketConfigurer> configurers,
			ObjectProvider<WebSocketEngines> engines) {
		return SpringHandlers.configurers(configurers.orderedStream().toList(), engines.getIfAvailable());
	}

	@Lazy
	@Bean(name = SpringHandlers.BROKER_CONFIGURERS, autowireCandidate = false)
	List<WebSocketMessageBrokerConfigurer> halleyWebSocketMessageBrokerConfigurers(
			ObjectProvider<WebSocketMessageBrokerConfigurer> configurers, ObjectProvider<WebSocketEngines> engines) {
		return SpringHandlers.brokerConfigurers(configurers.orderedStream().toList(), engines.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean(name = "halleyWebSocketHandlerMapping")
	PairHandlerMapping halleyWebSocketHandlerMapping(WebSocketRuntime runtime,
			@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mvc) {
		return PairHandlerMapping.webSocket(runtime, mvc);
	}

}
