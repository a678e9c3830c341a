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
import java.util.stream.Stream;

import jakarta.validation.Validator;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.ControllerAdviceBean;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.ContextCapture;
import dev.halley.HubTracer;
import dev.halley.Hubs;
import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.connection.ConnectionTimer;
import dev.halley.connection.ConnectionTracer;
import dev.halley.connection.Connections;
import dev.halley.hub.broker.HubBroker;
import dev.halley.web.CometSettings;
import dev.halley.web.EventStreamSettings;
import dev.halley.web.MessageExceptionHandlers;
import dev.halley.web.WebSocketSettings;

/**
 * Auto-configuration of what all live connections have in common: their registry, limits,
 * timer and end, the codecs of messages, the handlers of failures, and hubs.
 *
 * @since 0.1
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration" })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ HalleyProperties.class, HalleyHubProperties.class, HalleyLogProperties.class })
public final class HalleyAutoConfiguration {

	/** The timer is never coarser than for this one. */
	private static final Duration ORDINARY_TIMEOUT = Duration.ofSeconds(1);

	@Bean
	@ConditionalOnMissingBean
	ConnectionRegistry halleyConnectionRegistry(HalleyProperties properties, HalleyLogProperties logging,
			Environment environment, ObjectProvider<ContextCapture> contexts,
			ObjectProvider<ConnectionObserver> observer, ObjectProvider<ConnectionTracer> tracer) {
		ConnectionRegistry registry = new ConnectionRegistry(ConnectionExecutors.create("halley-", environment),
				ConnectionExecutors.create("halley-callback-", environment), properties.limits().checked(),
				System::nanoTime, ContextCapture.all(contexts.orderedStream().toList()),
				observer.getIfAvailable(() -> ConnectionObserver.NONE));
		tracer.ifAvailable(registry::traceWith);
		registry.logWith(logging.toLogging());
		return registry;
	}

	@Bean
	@ConditionalOnMissingBean
	ConnectionTimer halleyConnectionTimer(ConnectionRegistry registry,
			ObjectProvider<WebSocketSettings> webSocketSettings, ObjectProvider<CometSettings> cometSettings,
			ObjectProvider<EventStreamSettings> eventStreamSettings) {
		Stream<ConnectionSettings> streams = Stream.concat(cometSettings.stream().map(CometSettings::connection),
				eventStreamSettings.stream().map(EventStreamSettings::connection));
		return new ConnectionTimer(registry,
				Stream.concat(webSocketSettings.stream().map(WebSocketSettings::connection), streams)
					.flatMap(HalleyAutoConfiguration::timeouts)
					.min(Duration::compareTo)
					.orElse(ORDINARY_TIMEOUT));
	}

	private static Stream<Duration> timeouts(ConnectionSettings settings) {
		return Stream.of(settings.idleTimeout(), settings.pingInterval(), settings.pongTimeout(),
				settings.closeTimeout(), settings.sendTimeout());
	}

	@Bean
	ConnectionLifecycle halleyConnectionLifecycle(ConnectionRegistry registry, ConnectionTimer timer,
			HalleyProperties properties, ApplicationContext context) {
		return new ConnectionLifecycle(registry, timer, properties.checkedShutdownTimeout(), properties.checkedDrain(),
				properties.shutdown().status().closeStatus(), context);
	}

	@Bean
	DescriptorCheck halleyDescriptorCheck(ConnectionRegistry registry, ApplicationContext context) {
		return new DescriptorCheck(registry, context);
	}

	@Bean
	@ConditionalOnMissingBean
	MessageExceptionHandlers halleyMessageExceptionHandlers(MessageCodecs codecs, ApplicationContext context) {
		return new MessageExceptionHandlers(codecs, ControllerAdviceBean.findAnnotatedBeans(context));
	}

	@Bean
	@ConditionalOnMissingBean
	Hubs halleyHubs(HalleyHubProperties properties, Environment environment, ObjectProvider<MessageCodecs> codecs,
			ObjectProvider<HubBroker> brokers, ObjectProvider<HubTracer> tracer) {
		// Late, since a codec may use hubs
		Hubs hubs = new HubFactory(properties, ConnectionExecutors.create("halley-hub-", environment),
				SingletonSupplier.of(codecs::getObject))
			.create(brokers);
		tracer.ifAvailable(hubs::traceWith);
		return hubs;
	}

	/** Not lazy, since other nodes may ask something of the connections of this one. */
	@Bean
	@ConditionalOnMissingBean
	@Lazy(false)
	Connections halleyConnections(ConnectionRegistry registry, ObjectProvider<MessageCodecs> codecs, Hubs hubs) {
		return new Connections(registry, SingletonSupplier.of(codecs::getObject), hubs);
	}

	/**
	 * For connections that stay with Tomcat.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Connector.class, TomcatWebServer.class })
	static class TomcatConfiguration {

		@Bean
		TomcatConnectionsCheck halleyTomcatConnectionsCheck(ConnectionRegistry registry, ApplicationContext context) {
			return new TomcatConnectionsCheck(registry, context);
		}

	}

	/**
	 * The codecs, of clients too, where nothing is served.
	 */
	@Configuration(proxyBeanMethods = false)
	static class CodecsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		MessageCodecs halleyMessageCodecs(ConfigurableListableBeanFactory beanFactory,
				ObjectProvider<MessageCodecsBuilderCustomizer> customizers) {
			MessageCodecs.Builder builder = MessageCodecs.builder();
			new MessageCodecBeans(beanFactory).addTo(builder);
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
			return builder.build();
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(JsonMapper.class)
		static class JacksonConfiguration {

			@Bean
			@Order(0)
			MessageCodecsBuilderCustomizer halleyJsonCodecs(ObjectProvider<JsonMapper> mapper) {
				return (builder) -> mapper.ifAvailable(builder::json);
			}

		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(Validator.class)
		static class ValidationConfiguration {

			@Bean
			@Order(0)
			MessageCodecsBuilderCustomizer halleyMessageValidation(ObjectProvider<Validator> validator) {
				return (builder) -> validator.ifAvailable(builder::validator);
			}

		}

	}

}
