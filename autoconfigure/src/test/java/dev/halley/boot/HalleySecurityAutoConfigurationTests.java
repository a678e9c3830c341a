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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.session.MapSession;
import org.springframework.session.SessionRepository;
import org.springframework.session.events.SessionExpiredEvent;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.Login;
import dev.halley.connection.LoginSource;
import dev.halley.connection.Logins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * {@link HalleySecurityAutoConfiguration}: what it makes, and when it stands back.
 */
class HalleySecurityAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyAutoConfiguration.class, HalleySecurityAutoConfiguration.class));

	@Test
	void endsConnectionsWithTheirLoginsByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(Logins.class)
				.hasSingleBean(LoginSource.class)
				.hasSingleBean(HttpSessionListener.class)
				.hasSingleBean(HttpSessionIdListener.class)
				.doesNotHaveBean(FilterRegistrationBean.class);
			assertThat(login(context.getBean(ConnectionRegistry.class))).isNotNull();
		});
	}

	private static Login login(ConnectionRegistry registry) {
		return registry.reserve("192.0.2.1", null).login();
	}

	@Test
	void doesNothingWhenDisabled() {
		this.runner.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Logins.class));
	}

	@Test
	void doesNothingOutsideOfWebApplications() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(HalleySecurityAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Logins.class));
	}

	@Test
	void worksWithLazyInitialization() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(login(context.getBean(ConnectionRegistry.class))).isNotNull());
	}

	@Test
	void takesTheUsersSource() {
		LoginSource own = mock(LoginSource.class);
		this.runner.withBean("own", LoginSource.class, () -> own)
			.run((context) -> assertThat(context).getBean(LoginSource.class).isSameAs(own));
	}

	@Test
	void takesTokensAsSubprotocolsBeforeAllOtherFiltersIfItIsToldTo() {
		this.runner.withPropertyValues("halley.security.token-subprotocol=bearer.")
			.run((context) -> assertThat(context).getBean(FilterRegistrationBean.class).satisfies((filter) -> {
				assertThat(filter.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE + 10);
				assertThat(filter.getUrlPatterns()).containsExactly("/*");
			}));
	}

	@Test
	void takesTokensAsSubprotocolsWhereItIsToldTo() {
		this.runner
			.withPropertyValues("halley.security.token-subprotocol=bearer.",
					"halley.security.token-subprotocol-paths=/chat,/rooms/*,*.live,/")
			.run((context) -> assertThat(context.getBean(FilterRegistrationBean.class).getUrlPatterns())
				.containsExactly("/chat", "/rooms/*", "*.live", "/"));
	}

	/** Who is told later, on another thread, knows no request. */
	@Test
	void hearsOfSessionsOnTheThreadThatTells() {
		this.runner.run((context) -> {
			SimpleApplicationEventMulticaster events = new SimpleApplicationEventMulticaster();
			events.setTaskExecutor((later) -> {
			});
			events.addApplicationListener(context.getBean(SpringSessionEvents.class));
			events.addApplicationListener(context.getBean(SecuritySessionEvents.class));
			MockHttpServletRequest request = new MockHttpServletRequest();
			request.setSession(new MockHttpSession(null, "s1"));
			RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
			try {
				for (ApplicationEvent event : List.of(new SessionExpiredEvent(this, new MapSession("s1")),
						new LogoutSuccessEvent(new TestingAuthenticationToken("ada", "secret")))) {
					context.getBean(ConnectionRegistry.class).reserve("192.0.2.1", null);
					assertThat(context.getBean(Logins.class).size()).isOne();
					events.multicastEvent(event);
					assertThat(context.getBean(Logins.class).size()).as(event.getClass().getName()).isZero();
				}
			}
			finally {
				RequestContextHolder.resetRequestAttributes();
			}
		});
	}

	@Test
	void handsOverWhatIsConfigured() {
		HalleySecurityProperties[] properties = new HalleySecurityProperties[2];
		this.runner.run((context) -> properties[0] = context.getBean(HalleySecurityProperties.class));
		this.runner
			.withPropertyValues("halley.security.end-with-session=false", "halley.security.session-check-interval=1m",
					"halley.security.keep-session=true", "halley.security.end-with-token=false",
					"halley.security.token-grace=5s")
			.run((context) -> properties[1] = context.getBean(HalleySecurityProperties.class));
		assertThat(properties[0].toSettings())
			.isEqualTo(new Logins.Settings(true, Duration.ofSeconds(30), false, true, Duration.ofSeconds(60)));
		assertThat(properties[1].toSettings())
			.isEqualTo(new Logins.Settings(false, Duration.ofMinutes(1), true, false, Duration.ofSeconds(5)));
	}

	@ParameterizedTest
	@CsvSource({ "token-subprotocol, two words", "token-subprotocol, ''", "token-grace, -1s",
			"session-check-interval, 0s", "token-subprotocol-paths, ''", "token-subprotocol-paths, /rooms/**",
			"token-subprotocol-paths, chat" })
	void refusesWhatCannotWork(String property, String value) {
		this.runner
			.withPropertyValues("halley.security.token-subprotocol=bearer.",
					"halley.security." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("halley.security." + property));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.security", "org.springframework.session",
			"org.springframework.security.oauth2", "org.springframework.security.oauth2.server",
			"org.springframework.security.oauth2.jwt", "org.springframework.security.web" })
	void worksWithoutWhatIsOptional(String missing) {
		this.runner.withClassLoader(new FilteredClassLoader(missing)).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Logins.class);
			assertThat(login(context.getBean(ConnectionRegistry.class))).isNotNull();
			assertThat(context.getBeansOfType(SpringSessionStores.class)).hasSize(missing.contains("session") ? 0 : 1);
		});
	}

	@Test
	void aTokenIsRefusedIfItIsWrongAndNotIfItCannotBeVerifiedNow() {
		Map<RuntimeException, Boolean> failures = Map.of(new BadJwtException("expired"), true,
				new JwtException("keys out of reach"), false, new BadOpaqueTokenException("unknown"), true,
				new OAuth2IntrospectionException("out of reach"), false);
		failures.forEach((failure, refused) -> verifying(failure).run((context) -> {
			LoginSource source = context.getBean(LoginSource.class);
			if (refused) {
				assertThat(source.verify("token")).as(failure.toString()).isNull();
			}
			else {
				assertThatException().isThrownBy(() -> source.verify("token")).isSameAs(failure);
			}
		}));
	}

	private WebApplicationContextRunner verifying(RuntimeException failure) {
		if (failure instanceof JwtException) {
			return this.runner.withBean(JwtDecoder.class, () -> (token) -> {
				throw failure;
			});
		}
		return this.runner.withBean(OpaqueTokenIntrospector.class, () -> (token) -> {
			throw failure;
		});
	}

	@Test
	void saysWhatIsMissingToVerifyATokenWith() {
		this.runner.run((context) -> {
			Login login = login(context.getBean(ConnectionRegistry.class));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> login.renew("token"))
				.withMessageContaining("JwtDecoder");
		});
		this.runner.withClassLoader(new FilteredClassLoader(OAuth2Token.class, SessionRepository.class))
			.run((context) -> {
				Login login = login(context.getBean(ConnectionRegistry.class));
				assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> login.renew("token"))
					.withMessageContaining("JwtDecoder");
			});
	}

}
