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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTimer;
import dev.halley.connection.CountedUser;
import dev.halley.web.MessageExceptionHandlers;
import dev.halley.web.PairHandlerAdapter;
import dev.halley.web.PairHandlerMapping;
import dev.halley.web.UnservedHandlerMapping;
import dev.halley.web.WebSocketRuntime;
import dev.halley.web.WebSocketSettings;
import dev.halley.websocket.PairUpgradeStrategy;

/**
 * Wires pairs as an application without Spring Boot would, with the engine of the server.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
class EngineServerConfiguration {

	@Bean(destroyMethod = "shutdownNow")
	ExecutorService callbacks() {
		return Executors.newCachedThreadPool();
	}

	@Bean
	ConnectionRegistry registry(ExecutorService callbacks, ConnectionLimits limits) {
		return new ConnectionRegistry(callbacks, callbacks, limits, System::nanoTime);
	}

	@Bean
	EventLoops loops(int loopCount, ExecutorService callbacks) {
		return new EventLoops(loopCount, callbacks);
	}

	@Bean
	RequestUpgradeStrategy strategy(Engine engine, EngineSettings settings, ConnectionRegistry registry,
			EventLoops loops) {
		return engine.strategy(settings, registry, CountedUser.PRINCIPAL, loops);
	}

	@Bean(initMethod = "start", destroyMethod = "stop")
	ConnectionTimer timer(ConnectionRegistry registry) {
		return new ConnectionTimer(registry, Duration.ofMillis(100));
	}

	@Bean
	WebSocketRuntime runtime(WebSocketSettings settings, ConnectionRegistry registry, ExecutorService callbacks,
			RequestUpgradeStrategy strategy, ApplicationContext application) {
		MessageCodecs codecs = MessageCodecs.builder().json(JsonMapper.builder().build()).build();
		return new WebSocketRuntime(settings, codecs,
				new MessageExceptionHandlers(codecs, ControllerAdviceBean.findAnnotatedBeans(application)), registry,
				CountedUser.PRINCIPAL, strategy, (PairUpgradeStrategy) strategy);
	}

	@Bean
	PairHandlerMapping webSocketMapping(WebSocketRuntime runtime, RequestMappingHandlerMapping mvc) {
		return PairHandlerMapping.webSocket(runtime, mvc);
	}

	@Bean
	UnservedHandlerMapping unservedMapping(List<PairHandlerMapping> mappings, RequestMappingHandlerMapping mvc) {
		return new UnservedHandlerMapping(mappings, mvc, (path) -> false);
	}

	@Bean
	PairHandlerAdapter pairAdapter(RequestMappingHandlerAdapter mvc) {
		return new PairHandlerAdapter(mvc);
	}

}
