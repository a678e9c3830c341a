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
import java.util.stream.Stream;

import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/http2.md shows.
 */
class Http2PageTests {

	@Test
	void springSecurityLetsConnectPass() throws Exception {
		try (ServletWebServerApplicationContext context = Server.JETTY.start(Http2Page.class,
				"server.http2.enabled=true")) {
			assertThat(statusOf(context, "CONNECT")).isEqualTo(200);
			assertThat(statusOf(context, "POST")).isEqualTo(403);
			assertThat(statusOf(context, "TRACE")).isEqualTo(400);
		}
	}

	private static int statusOf(ServletWebServerApplicationContext context, String method) throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		context.getBean(FilterChainProxy.class)
			.doFilter(new MockHttpServletRequest(context.getServletContext(), method, "/"), response,
					(request, answer) -> {
					});
		return response.getStatus();
	}

	@Test
	void jettyOffersNoWebSocketsOverHttp2() {
		try (ServletWebServerApplicationContext context = Server.JETTY.start(Http2Page.class,
				"server.http2.enabled=true")) {
			assertThat(Stream.of(((JettyWebServer) context.getWebServer()).getServer().getConnectors())
				.flatMap((connector) -> connector.getConnectionFactories().stream())
				.filter(AbstractHTTP2ServerConnectionFactory.class::isInstance)
				.map(AbstractHTTP2ServerConnectionFactory.class::cast)).isNotEmpty()
				.noneMatch(AbstractHTTP2ServerConnectionFactory::isConnectProtocolEnabled);
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Http2Page {

		@Bean
		HttpFirewall firewall() {
			StrictHttpFirewall firewall = new StrictHttpFirewall();
			firewall
				.setAllowedHttpMethods(List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"));
			return firewall;
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.csrf((csrf) -> csrf.ignoringRequestMatchers((request) -> request.getMethod().equals("CONNECT")))
				// and your own rules
				.build();
		}

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> webSocketsOverHttp1() {
			return (factory) -> factory.addServerCustomizers((server) -> Stream.of(server.getConnectors())
				.flatMap((connector) -> connector.getConnectionFactories().stream())
				.filter(AbstractHTTP2ServerConnectionFactory.class::isInstance)
				.forEach((http2) -> ((AbstractHTTP2ServerConnectionFactory) http2).setConnectProtocolEnabled(false)));
		}

	}

}
