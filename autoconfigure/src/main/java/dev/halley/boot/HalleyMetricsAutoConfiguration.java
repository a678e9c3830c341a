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

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;

import dev.halley.Hubs;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;

/**
 * Auto-configuration of metrics of connections and hubs, where Micrometer has a registry.
 *
 * @since 0.1
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "halley.metrics.enabled", matchIfMissing = true)
public final class HalleyMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ConnectionObserver.class)
	ConnectionMetrics halleyConnectionMetrics(MeterRegistry registry, ObjectProvider<ConnectionRegistry> connections) {
		return new ConnectionMetrics(registry, connections::getObject);
	}

	@Bean
	@ConditionalOnMissingBean
	HubMetrics halleyHubMetrics(ObjectProvider<Hubs> hubs) {
		return new HubMetrics(hubs::getObject);
	}

}
