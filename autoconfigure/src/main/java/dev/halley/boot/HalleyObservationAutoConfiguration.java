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

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

import dev.halley.HubTracer;
import dev.halley.connection.ConnectionTracer;
import dev.halley.observation.ConnectionObservations;
import dev.halley.observation.HandshakeObservationConvention;
import dev.halley.observation.HubDeliverObservationConvention;
import dev.halley.observation.HubObservations;
import dev.halley.observation.HubPublishObservationConvention;
import dev.halley.observation.MessageObservationConvention;

/**
 * Auto-configures observations of handshakes, messages and hubs, where Micrometer has a
 * registry of observations.
 *
 * @since 0.1
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = { "halley.enabled", "halley.observations.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(HalleyObservationProperties.class)
public final class HalleyObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ConnectionTracer.class)
	ConnectionObservations halleyConnectionObservations(HalleyObservationProperties properties,
			ObservationRegistry registry, ObjectProvider<HandshakeObservationConvention> handshakes,
			ObjectProvider<MessageObservationConvention> messages) {
		return new ConnectionObservations(registry, properties.messages(), handshakes.getIfAvailable(),
				messages.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean(HubTracer.class)
	@ConditionalOnBooleanProperty("halley.observations.hubs")
	HubObservations halleyHubObservations(ObservationRegistry registry,
			ObjectProvider<HubPublishObservationConvention> published,
			ObjectProvider<HubDeliverObservationConvention> delivered) {
		return new HubObservations(registry, published.getIfAvailable(), delivered.getIfAvailable());
	}

}
