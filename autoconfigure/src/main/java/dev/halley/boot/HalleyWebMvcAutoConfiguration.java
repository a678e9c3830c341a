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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.resource.ResourceUrlProvider;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.web.CometRuntime;
import dev.halley.web.EventStreamRuntime;
import dev.halley.web.PairHandlerAdapter;
import dev.halley.web.PairHandlerMapping;
import dev.halley.web.UnservedHandlerMapping;

/**
 * Auto-configuration of what all wires have in common in Spring MVC: the calls of mapped
 * methods, and the answers to requests that no wire serves.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { HalleyWebSocketAutoConfiguration.class, HalleyCometAutoConfiguration.class,
		HalleySseAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@ConditionalOnBean({ RequestMappingHandlerMapping.class, RequestMappingHandlerAdapter.class })
public final class HalleyWebMvcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PairHandlerAdapter halleyPairHandlerAdapter(
			@Qualifier("requestMappingHandlerAdapter") RequestMappingHandlerAdapter mvc,
			ObjectProvider<CometRuntime> comet, ObjectProvider<EventStreamRuntime> events,
			ObjectProvider<RequestMappingHandlerMapping> mappings, ConnectionRegistry registry) {
		return new PairHandlerAdapter(mvc, comet.getIfAvailable(), events.getIfAvailable(),
				mappings.orderedStream().toList(), registry::captureContext);
	}

	@Bean
	@ConditionalOnMissingBean
	UnservedHandlerMapping halleyUnservedHandlerMapping(ObjectProvider<PairHandlerMapping> mappings,
			@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mvc,
			ObjectProvider<ResourceUrlProvider> resources) {
		List<PairHandlerMapping> all = mappings.orderedStream().toList();
		return new UnservedHandlerMapping(all, mvc, (path) -> isResource(resources.getIfAvailable(), path));
	}

	private static boolean isResource(@Nullable ResourceUrlProvider resources, String path) {
		return resources != null && resources.getForLookupPath(path) != null;
	}

}
