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

import java.time.Clock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.web.authentication.session.SessionFixationProtectionEvent;
import org.springframework.session.SessionRepository;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.LoginSource;
import dev.halley.connection.Logins;
import dev.halley.web.TokenSubprotocolFilter;

/**
 * Auto-configuration of the end of connections with their logins: with the HTTP session,
 * the server's own or Spring Session's, and with the token of an OAuth 2 resource server;
 * and of tokens that come as a subprotocol. Whichever of Spring Security and Spring
 * Session is missing, its part is.
 *
 * @since 0.1
 */
@AutoConfiguration(after = HalleyAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HalleySecurityProperties.class)
public final class HalleySecurityAutoConfiguration {

	/** After what repairs the request, and before Spring Security and Spring Session. */
	private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

	@Bean
	@ConditionalOnMissingBean(LoginSource.class)
	RequestLogins halleyLoginSource(ObjectProvider<TokenReader> tokens, ObjectProvider<SessionStores> stores) {
		return new RequestLogins(tokens.getIfAvailable(() -> TokenReader.NONE),
				stores.getIfAvailable(() -> SessionStores.NONE));
	}

	// Nobody asks for it, but connections
	@Bean
	@Lazy(false)
	Logins halleyLogins(LoginSource source, HalleySecurityProperties properties, ConnectionRegistry registry,
			ServerSessionEvents events, Environment environment) {
		Logins logins = new Logins(source, properties.toSettings(),
				ConnectionExecutors.create("halley-login-", environment), Clock.systemUTC());
		registry.endWith(logins);
		events.tell(logins);
		return logins;
	}

	@Bean
	ServerSessionEvents halleyServerSessionEvents() {
		return new ServerSessionEvents();
	}

	@Bean
	@ConditionalOnProperty("halley.security.token-subprotocol")
	FilterRegistrationBean<TokenSubprotocolFilter> halleyTokenSubprotocolFilter(HalleySecurityProperties properties) {
		FilterRegistrationBean<TokenSubprotocolFilter> filter = new FilterRegistrationBean<>(properties.toFilter());
		filter.setOrder(FILTER_ORDER);
		filter.setUrlPatterns(properties.toFilterPaths());
		return filter;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Authentication.class, SessionFixationProtectionEvent.class })
	static class SecurityConfiguration {

		@Bean
		SecuritySessionEvents halleySecuritySessionEvents(Logins logins) {
			return new SecuritySessionEvents(logins);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SessionRepository.class)
	static class SpringSessionConfiguration {

		@Bean
		SpringSessionStores halleySpringSessionStores() {
			return new SpringSessionStores();
		}

		@Bean
		SpringSessionEvents halleySpringSessionEvents(Logins logins) {
			return new SpringSessionEvents(logins);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Authentication.class, OAuth2Token.class })
	static class TokenConfiguration {

		@Bean
		OAuth2Tokens halleyOAuth2Tokens(ObjectProvider<TokenVerifier> verifiers) {
			return new OAuth2Tokens(verifiers);
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(JwtDecoder.class)
		static class JwtConfiguration {

			@Bean
			JwtVerifier halleyJwtVerifier(ObjectProvider<JwtDecoder> decoders) {
				return new JwtVerifier(decoders);
			}

		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(OpaqueTokenIntrospector.class)
		static class OpaqueConfiguration {

			@Bean
			OpaqueVerifier halleyOpaqueVerifier(ObjectProvider<OpaqueTokenIntrospector> introspectors) {
				return new OpaqueVerifier(introspectors);
			}

		}

	}

}
