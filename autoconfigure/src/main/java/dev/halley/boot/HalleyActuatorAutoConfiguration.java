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

import java.util.Set;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import dev.halley.Hubs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Connections;
import dev.halley.web.PairHandlerMapping;

/**
 * Auto-configuration of what operators see by Actuator: the endpoint {@code halley},
 * health and info.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { HalleyAutoConfiguration.class, HalleyWebMvcAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@ConditionalOnBean(Connections.class)
@RegisterReflectionForBinding({ OperatorViews.Page.class, OperatorViews.Overview.class,
		OperatorViews.EndpointView.class, OperatorViews.ConnectionView.class, OperatorViews.HubView.class,
		OperatorViews.Closed.class, OperatorViews.Drained.class })
public final class HalleyActuatorAutoConfiguration {

	private static final String PREFIX = "management.endpoint.halley.";

	@Bean
	OperatorViews halleyOperatorViews(ConnectionRegistry registry, Connections connections, Hubs hubs,
			ObjectProvider<PairHandlerMapping> mappings) {
		return new OperatorViews(registry, connections, hubs,
				() -> mappings.orderedStream().flatMap((mapping) -> mapping.endpoints().stream()).toList());
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	HalleyEndpoint halleyEndpoint(OperatorViews views, Connections connections, ConnectionLifecycle lifecycle,
			Environment environment) {
		return new HalleyEndpoint(views, connections, lifecycle, show(environment));
	}

	@Bean
	@ConditionalOnAvailableEndpoint(endpoint = HalleyEndpoint.class)
	@ConditionalOnBean(HalleyEndpoint.class)
	@ConditionalOnMissingBean
	HalleyEndpointWebExtension halleyEndpointWebExtension(HalleyEndpoint endpoint, Environment environment) {
		return new HalleyEndpointWebExtension(endpoint, show(environment),
				Binder.get(environment).bind(PREFIX + "roles", Bindable.setOf(String.class)).orElse(Set.of()));
	}

	/** Named as those of Spring Boot's own endpoints. */
	private static Show show(Environment environment) {
		return Binder.get(environment).bind(PREFIX + "show-values", Show.class).orElse(Show.NEVER);
	}

	@Bean
	@ConditionalOnEnabledInfoContributor("halley")
	@ConditionalOnMissingBean
	HalleyInfoContributor halleyInfoContributor(OperatorViews views) {
		return new HalleyInfoContributor(views);
	}

	/**
	 * Health, which is a module of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	static class HealthConfiguration {

		@Bean
		@ConditionalOnEnabledHealthIndicator("halley")
		@ConditionalOnMissingBean(name = "halleyHealthIndicator")
		HalleyHealthIndicator halleyHealthIndicator(ConnectionRegistry registry) {
			return new HalleyHealthIndicator(registry);
		}

	}

}
