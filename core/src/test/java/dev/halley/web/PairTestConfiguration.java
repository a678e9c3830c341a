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

package dev.halley.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.resource.ResourceUrlProvider;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.ContextCapture;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTimer;
import dev.halley.connection.CountedUser;
import dev.halley.stream.StreamDepartures;
import dev.halley.websocket.PairUpgradeStrategy;
import dev.halley.websocket.engine.Engine;
import dev.halley.websocket.engine.EngineSettings;
import dev.halley.websocket.engine.EventLoops;
import dev.halley.websocket.engine.LoopDepartures;

/**
 * Wires the Spring MVC side as an application without Spring Boot would.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
class PairTestConfiguration {

	@Bean(destroyMethod = "shutdownNow")
	ExecutorService callbacks() {
		// Enough for many callbacks that block, and far fewer than the streams of any
		// test
		ThreadPoolExecutor callbacks = new ThreadPoolExecutor(100, 100, 1, TimeUnit.MINUTES,
				new LinkedBlockingQueue<>());
		callbacks.allowCoreThreadTimeOut(true);
		return callbacks;
	}

	@Bean
	ConnectionRegistry registry(ExecutorService callbacks, ObjectProvider<ConnectionLimits> limits,
			ObjectProvider<LongSupplier> ticker, ObjectProvider<ConnectionObserver> observer) {
		return new ConnectionRegistry(callbacks, callbacks, limits.getIfAvailable(() -> ConnectionLimits.NONE),
				ticker.getIfAvailable(() -> System::nanoTime), ContextCapture.NONE,
				observer.getIfAvailable(() -> ConnectionObserver.NONE));
	}

	@Bean(initMethod = "start", destroyMethod = "stop")
	ConnectionTimer timer(ConnectionRegistry registry) {
		return new ConnectionTimer(registry, Duration.ofSeconds(1));
	}

	@Bean
	MessageCodecs codecs() {
		return MessageCodecs.builder().json(JsonMapper.builder().build()).build();
	}

	@Bean
	EventLoops loops(ExecutorService callbacks) {
		return new EventLoops(2, callbacks);
	}

	@Bean
	RequestUpgradeStrategy strategy(ObjectProvider<Engine> engine, ConnectionRegistry registry,
			ObjectProvider<CountedUser> countedUser, EventLoops loops) {
		return engine.getIfAvailable(() -> Engine.NATIVE)
			.strategy(EngineSettings.DEFAULT, registry, user(countedUser), loops);
	}

	private static CountedUser user(ObjectProvider<CountedUser> countedUser) {
		return countedUser.getIfAvailable(() -> CountedUser.PRINCIPAL);
	}

	@Bean
	MessageExceptionHandlers exceptionHandlers(MessageCodecs codecs, ApplicationContext application) {
		return new MessageExceptionHandlers(codecs, ControllerAdviceBean.findAnnotatedBeans(application));
	}

	@Bean
	WebSocketRuntime runtime(ObjectProvider<WebSocketSettings> settings, MessageCodecs codecs,
			MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry, ExecutorService callbacks,
			ObjectProvider<CountedUser> countedUser, RequestUpgradeStrategy strategy) {
		return new WebSocketRuntime(settings.getIfAvailable(() -> WebSocketSettings.DEFAULT), codecs, exceptionHandlers,
				registry, user(countedUser), strategy, (PairUpgradeStrategy) strategy);
	}

	@Bean
	@Primary
	PairHandlerMapping webSocketMapping(WebSocketRuntime runtime, RequestMappingHandlerMapping mvc) {
		return PairHandlerMapping.webSocket(runtime, mvc);
	}

	@Bean
	CometRuntime cometRuntime(ObjectProvider<CometSettings> settings, MessageCodecs codecs,
			MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry, ObjectProvider<Engine> engine,
			ObjectProvider<CountedUser> countedUser, EventLoops loops) {
		return new CometRuntime(settings.getIfAvailable(() -> CometSettings.DEFAULT), codecs, exceptionHandlers,
				registry, user(countedUser), departures(engine, loops));
	}

	private static StreamDepartures departures(ObjectProvider<Engine> engine, EventLoops loops) {
		return (engine.getIfAvailable() == Engine.LOOPS) ? new LoopDepartures(loops) : null;
	}

	@Bean
	PairHandlerMapping cometMapping(CometRuntime runtime, RequestMappingHandlerMapping mvc) {
		return PairHandlerMapping.comet(runtime, mvc);
	}

	@Bean
	EventStreamRuntime eventStreamRuntime(ObjectProvider<EventStreamSettings> settings, MessageCodecs codecs,
			MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry, ObjectProvider<Engine> engine,
			ObjectProvider<CountedUser> countedUser, EventLoops loops) {
		return new EventStreamRuntime(settings.getIfAvailable(() -> EventStreamSettings.DEFAULT), codecs,
				exceptionHandlers, registry, user(countedUser), departures(engine, loops));
	}

	@Bean
	PairHandlerMapping eventSourceMapping(EventStreamRuntime runtime, RequestMappingHandlerMapping mvc) {
		return PairHandlerMapping.eventSource(runtime, mvc);
	}

	@Bean
	UnservedHandlerMapping unservedMapping(List<PairHandlerMapping> mappings, RequestMappingHandlerMapping mvc,
			ResourceUrlProvider resources) {
		return new UnservedHandlerMapping(mappings, mvc, (path) -> resources.getForLookupPath(path) != null);
	}

	@Bean
	PairHandlerAdapter pairAdapter(RequestMappingHandlerAdapter mvc, CometRuntime comet, EventStreamRuntime events,
			List<RequestMappingHandlerMapping> mappings) {
		return new PairHandlerAdapter(mvc, comet, events, mappings);
	}

}
