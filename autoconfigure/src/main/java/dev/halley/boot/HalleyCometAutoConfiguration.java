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
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import dev.halley.codec.MessageCodecs;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.CountedUser;
import dev.halley.web.CometRuntime;
import dev.halley.web.CometSettings;
import dev.halley.web.MessageExceptionHandlers;
import dev.halley.web.PairHandlerMapping;
import dev.halley.websocket.engine.EventLoops;

/**
 * Auto-configuration of Comet streams: methods with
 * {@link dev.halley.annotation.CometMapping} and the helper
 * {@link dev.halley.comet.Comet}.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { HalleyAutoConfiguration.class, WebMvcAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = { "halley.enabled", "halley.comet.enabled" }, matchIfMissing = true)
@ConditionalOnBean(RequestMappingHandlerMapping.class)
@EnableConfigurationProperties(HalleyCometProperties.class)
public final class HalleyCometAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CometSettings halleyCometSettings(HalleyCometProperties properties) {
		return properties.toSettings();
	}

	@Bean
	@ConditionalOnMissingBean
	CometRuntime halleyCometRuntime(CometSettings settings, MessageCodecs codecs,
			MessageExceptionHandlers exceptionHandlers, ConnectionRegistry registry,
			ObjectProvider<CountedUser> countedUser, HalleyCometProperties properties,
			ObjectProvider<EventLoops> loops) {
		return new CometRuntime(settings, codecs, exceptionHandlers, registry,
				countedUser.getIfAvailable(() -> CountedUser.PRINCIPAL), properties.io().departures(loops));
	}

	@Bean
	@ConditionalOnMissingBean(name = "halleyCometHandlerMapping")
	PairHandlerMapping halleyCometHandlerMapping(CometRuntime runtime,
			@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mvc) {
		return PairHandlerMapping.comet(runtime, mvc);
	}

}
