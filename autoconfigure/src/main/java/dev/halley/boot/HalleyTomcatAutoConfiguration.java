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

import org.apache.catalina.connector.Connector;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of Tomcat's connections: whether they may leave it after the
 * handshake, and what it keeps for each.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Connector.class, ConfigurableTomcatWebServerFactory.class })
@ConditionalOnBooleanProperty(name = { "halley.enabled", "halley.websocket.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(HalleyWebSocketProperties.class)
public final class HalleyTomcatAutoConfiguration {

	@Bean
	DetachingConnectors halleyDetachingConnectors(HalleyWebSocketProperties properties) {
		return new DetachingConnectors(properties.engine(), properties.io());
	}

	@Bean
	@ConditionalOnProperty("halley.websocket.tomcat-socket-buffer")
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> halleyTomcatSocketBuffers(
			HalleyWebSocketProperties properties) {
		String size = String.valueOf(properties.tomcatSocketBufferBytes());
		return (factory) -> factory.addConnectorCustomizers((connector) -> {
			connector.setProperty("socket.appReadBufSize", size);
			connector.setProperty("socket.appWriteBufSize", size);
		});
	}

}
