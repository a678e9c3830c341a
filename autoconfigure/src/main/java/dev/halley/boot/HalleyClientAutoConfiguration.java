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
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import dev.halley.ContextCapture;
import dev.halley.client.ClientObservations;
import dev.halley.client.HalleyClient;
import dev.halley.codec.MessageCodecs;

/**
 * Auto-configures a builder of clients, a new one for each place that it is injected
 * into. Also in applications that serve nothing.
 *
 * @since 0.1
 */
@AutoConfiguration(
		after = { HalleyAutoConfiguration.class, HalleyContextAutoConfiguration.class, SslAutoConfiguration.class },
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration" })
@ConditionalOnBooleanProperty(name = { "halley.enabled", "halley.client.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(HalleyClientProperties.class)
@Import(HalleyAutoConfiguration.CodecsConfiguration.class)
public final class HalleyClientAutoConfiguration {

	@Bean
	@Scope("prototype")
	@ConditionalOnMissingBean
	HalleyClient.Builder halleyClientBuilder(HalleyClientProperties properties, MessageCodecs codecs,
			ObjectProvider<ContextCapture> contexts, ObjectProvider<SslBundles> bundles,
			ObjectProvider<HalleyClientCustomizer> customizers, Environment environment) {
		HalleyClient.Builder builder = HalleyClient.builder()
			.codecs(codecs)
			.contexts(ContextCapture.all(contexts.orderedStream().toList()))
			.executor(ConnectionExecutors.create("halley-client-", environment));
		properties.applyTo(builder);
		String bundle = properties.ssl().bundle();
		if (bundle != null) {
			builder.http(new BundledTls(bundles.getObject().getBundle(bundle)));
		}
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	static class ObservationConfiguration {

		/** Before those of the application, which may want another. */
		@Bean
		@Order(0)
		HalleyClientCustomizer halleyClientObservations(ObjectProvider<ObservationRegistry> registry) {
			return (builder) -> registry.ifAvailable((available) -> builder.observer(ClientObservations.of(available)));
		}

	}

}
