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

import java.time.Duration;
import java.util.List;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;

import dev.halley.Overflow;
import dev.halley.boot.HalleyWebSocketProperties.Engine;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.CountedUser;
import dev.halley.web.MessageExceptionHandlers;
import dev.halley.web.PairHandlerAdapter;
import dev.halley.web.PairHandlerMapping;
import dev.halley.web.UnservedHandlerMapping;
import dev.halley.web.WebSocketRuntime;
import dev.halley.web.WebSocketSettings;
import dev.halley.websocket.engine.EngineSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HalleyWebSocketAutoConfiguration}: what it makes, and when it stands back.
 */
class HalleyWebSocketAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(HalleyAutoConfiguration.class,
			HalleyWebMvcAutoConfiguration.class, HalleyWebSocketAutoConfiguration.class,
			DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void servesWebSocketsByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(WebSocketSettings.class)
			.hasSingleBean(WebSocketRuntime.class)
			.hasBean("halleyWebSocketHandlerMapping")
			.hasSingleBean(PairHandlerAdapter.class)
			.hasSingleBean(UnservedHandlerMapping.class));
	}

	@Test
	void hasTheDefaultsOfTheCore() {
		this.runner.run((context) -> {
			assertThat(context.getBean(WebSocketSettings.class)).isEqualTo(WebSocketSettings.DEFAULT);
			assertThat(context.getBean(HalleyWebSocketProperties.class).toEngineSettings(ConnectionSettings.DEFAULT))
				.isEqualTo(EngineSettings.DEFAULT);
			assertThat(context.getBean(HalleyWebSocketProperties.class).engine()).isEqualTo(Engine.AUTO);
		});
	}

	@Test
	void takesEachSettingFromTheConfiguration() {
		this.runner
			.withPropertyValues("halley.websocket.allowed-origins=https://example.org,https://*.example.net:*",
					"halley.websocket.max-message-size=1MB", "halley.websocket.idle-timeout=1m",
					"halley.websocket.ping-interval=7s", "halley.websocket.pong-timeout=2s",
					"halley.websocket.close-timeout=1s", "halley.websocket.send-timeout=4s",
					"halley.websocket.send-buffer.messages=5", "halley.websocket.send-buffer.size=6KB",
					"halley.websocket.overflow=drop-oldest")
			.run((context) -> {
				WebSocketSettings settings = context.getBean(WebSocketSettings.class);
				assertThat(settings.allowedOrigins()).containsExactly("https://example.org", "https://*.example.net:*");
				assertThat(settings.connection()).isEqualTo(new ConnectionSettings(5, 6144, Overflow.DROP_OLDEST,
						1 << 20, Duration.ofMinutes(1), Duration.ofSeconds(7), Duration.ofSeconds(2),
						Duration.ofSeconds(1), Duration.ofSeconds(4)));
			});
	}

	@Test
	void takesTheEnginesSettingsFromTheConfiguration() {
		this.runner
			.withPropertyValues("halley.websocket.compression.enabled=false",
					"halley.websocket.compression.threshold=2KB")
			.run((context) -> assertThat(
					context.getBean(HalleyWebSocketProperties.class).toEngineSettings(ConnectionSettings.DEFAULT))
				.isEqualTo(new EngineSettings(ConnectionSettings.DEFAULT, false, 2048)));
	}

	@Test
	void doesNothingWhenDisabled() {
		this.runner.withPropertyValues("halley.websocket.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WebSocketRuntime.class)
				.doesNotHaveBean(PairHandlerMapping.class)
				.hasSingleBean(ConnectionRegistry.class));
	}

	@Test
	void doesNothingWhenHalleyIsDisabled() {
		this.runner.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PairHandlerMapping.class));
	}

	@Test
	void doesNothingOutsideOfWebApplications() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WebSocketRuntime.class));
	}

	@Test
	void doesNothingInReactiveWebApplications() {
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WebSocketRuntime.class));
	}

	@Test
	void doesNothingWithoutSpringMvc() {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(HalleyAutoConfiguration.class, HalleyWebSocketAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PairHandlerMapping.class));
	}

	@Test
	void leavesTheBeansThatUsersInjectByTypeAlone() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(RequestMappingHandlerMapping.class)
			.hasSingleBean(RequestMappingHandlerAdapter.class)
			.doesNotHaveBean(RequestUpgradeStrategy.class));
	}

	@Test
	void takesTheUsersSettings() {
		this.runner.withBean("own", WebSocketSettings.class, () -> WebSocketSettings.DEFAULT)
			.withPropertyValues("halley.websocket.idle-timeout=1m")
			.run((context) -> assertThat(context.getBean(WebSocketRuntime.class).settings())
				.isEqualTo(WebSocketSettings.DEFAULT));
	}

	@Test
	void takesTheUsersRuntimeAndMakesNoEngine() {
		this.runner.withUserConfiguration(OwnRuntime.class)
			.run((context) -> assertThat(context).doesNotHaveBean(WebSocketEngines.class)
				.getBeanNames(WebSocketRuntime.class)
				.containsExactly("own"));
	}

	@Test
	void takesTheUsersMapping() {
		this.runner.withUserConfiguration(OwnMapping.class)
			.run((context) -> assertThat(
					context.getBean("halleyWebSocketHandlerMapping", PairHandlerMapping.class).getOrder())
				.isEqualTo(-77));
	}

	@Test
	void takesTheUsersAdapter() {
		this.runner.withUserConfiguration(OwnAdapter.class)
			.run((context) -> assertThat(context).getBeanNames(PairHandlerAdapter.class).containsExactly("own"));
	}

	@Test
	void takesTheUsersMappingOfUnservedRequests() {
		this.runner.withUserConfiguration(OwnUnservedMapping.class)
			.run((context) -> assertThat(context).getBeanNames(UnservedHandlerMapping.class).containsExactly("own"));
	}

	@Test
	void worksWithoutTomcat() {
		this.runner.withClassLoader(new FilteredClassLoader("org.apache.coyote", "org.apache.catalina"))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("halleyWebSocketHandlerMapping"));
	}

	@Test
	void worksWithoutJetty() {
		this.runner.withClassLoader(new FilteredClassLoader("org.eclipse.jetty"))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("halleyWebSocketHandlerMapping"));
	}

	@Test
	void worksWithoutJacksonAndValidation() {
		this.runner.withClassLoader(new FilteredClassLoader("tools.jackson", "jakarta.validation"))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("halleyWebSocketHandlerMapping"));
	}

	@Test
	void refusesTheNativeEngineWhereItDoesNotRun() {
		contextOn("jetty/12.1.5").withPropertyValues("halley.websocket.engine=native")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(InvalidConfigurationPropertyValueException.class))
				.satisfies((failure) -> assertThat(failure.getName()).isEqualTo("halley.websocket.engine"))
				.satisfies((failure) -> assertThat(failure.getReason())
					.isEqualTo("The native engine runs on Apache Tomcat, but the server is jetty/12.1.5. "
							+ "Expected: auto or container")));
	}

	@Test
	void takesTheNativeEngineAsWrittenInTestsWithoutAServer() {
		this.runner.withPropertyValues("halley.websocket.engine=native")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(WebSocketRuntime.class));
	}

	@Test
	void runsTheNativeEngineOnTomcat() {
		contextOn("Apache Tomcat/11.0.22").withPropertyValues("halley.websocket.engine=native")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(WebSocketRuntime.class));
	}

	@Test
	void saysSoWhenNoEngineIsThere() {
		this.runner.withClassLoader(new FilteredClassLoader("jakarta.websocket"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(InvalidConfigurationPropertyValueException.class))
				.satisfies((failure) -> assertThat(failure.getReason()).contains("spring-boot-starter-websocket")));
	}

	@Test
	void makesDoWithTheNativeEngineAlone() {
		contextOn("Apache Tomcat/11.0.22").withClassLoader(new FilteredClassLoader("jakarta.websocket"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(WebSocketRuntime.class));
	}

	@Test
	void takesNoOtherServerForTomcat() {
		contextOn("Apache Tomcat/11.0.22").withClassLoader(new FilteredClassLoader("org.apache.coyote"))
			.withPropertyValues("halley.websocket.engine=native")
			.run((context) -> assertThat(context).hasFailed());
	}

	/** A runner whose servlet context says that it is of a server. */
	private static WebApplicationContextRunner contextOn(String server) {
		return new WebApplicationContextRunner(() -> {
			MockServletContext servletContext = new MockServletContext() {

				@Override
				public String getServerInfo() {
					return server;
				}

			};
			AnnotationConfigServletWebApplicationContext context = new AnnotationConfigServletWebApplicationContext();
			context.setServletContext(servletContext);
			return context;
		}).withConfiguration(CONFIGURATIONS);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRuntime {

		@Bean
		WebSocketRuntime own(WebSocketSettings settings, MessageCodecs codecs, MessageExceptionHandlers handlers,
				ConnectionRegistry registry) {
			return new WebSocketRuntime(settings, codecs, handlers, registry, CountedUser.PRINCIPAL,
					new StandardWebSocketUpgradeStrategy(), (request, response, connection) -> {
						throw new AssertionError("No connection is made here");
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMapping {

		@Bean
		PairHandlerMapping halleyWebSocketHandlerMapping(WebSocketRuntime runtime, RequestMappingHandlerMapping mvc) {
			PairHandlerMapping mapping = PairHandlerMapping.webSocket(runtime, mvc);
			mapping.setOrder(-77);
			return mapping;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAdapter {

		@Bean
		PairHandlerAdapter own(RequestMappingHandlerAdapter mvc) {
			return new PairHandlerAdapter(mvc);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnUnservedMapping {

		@Bean
		UnservedHandlerMapping own(PairHandlerMapping mapping, RequestMappingHandlerMapping mvc) {
			return new UnservedHandlerMapping(List.of(mapping), mvc, (path) -> false);
		}

	}

}
