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

import org.apache.catalina.valves.ValveBase;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of embedded servers for proxies that name the scheme of a WebSocket,
 * {@code ws} or {@code wss}, in the headers that they add. Where nobody is to read those
 * headers, nothing is done.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = { "halley.enabled", "halley.websocket.enabled" }, matchIfMissing = true)
public final class HalleyForwardedAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ValveBase.class, ConfigurableTomcatWebServerFactory.class })
	static class TomcatConfiguration {

		@Bean
		TomcatCustomizer halleyTomcatForwardedScheme(Environment environment) {
			return new TomcatCustomizer(environment);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Server.class, ConfigurableJettyWebServerFactory.class })
	static class JettyConfiguration {

		@Bean
		JettyCustomizer halleyJettyForwardedScheme(Environment environment) {
			return new JettyCustomizer(environment);
		}

	}

	/** Before Spring Boot's own, which adds the valve for the headers of proxies. */
	record TomcatCustomizer(Environment environment)
			implements
				WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>,
				Ordered {

		@Override
		public int getOrder() {
			return -1;
		}

		@Override
		public void customize(ConfigurableTomcatWebServerFactory factory) {
			if (ForwardedScheme.isNeeded(this.environment)) {
				factory.addEngineValves(new ForwardedSchemeValve(ForwardedScheme.headers(this.environment)));
			}
		}

	}

	/** What Spring Boot adds for the headers of proxies comes after all customizers. */
	record JettyCustomizer(
			Environment environment) implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

		@Override
		public void customize(ConfigurableJettyWebServerFactory factory) {
			if (ForwardedScheme.isNeeded(this.environment)) {
				factory.addServerCustomizers(this::customize);
			}
		}

		private void customize(Server server) {
			ForwardedSchemeCustomizer customizer = new ForwardedSchemeCustomizer(
					ForwardedScheme.headers(this.environment));
			for (Connector connector : server.getConnectors()) {
				for (ConnectionFactory factory : connector.getConnectionFactories()) {
					if (factory instanceof HttpConfiguration.ConnectionFactory http) {
						http.getHttpConfiguration().getCustomizers().add(0, customizer);
					}
				}
			}
		}

	}

}
