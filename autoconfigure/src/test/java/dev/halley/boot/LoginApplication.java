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

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.annotation.web.configurers.SessionManagementConfigurer.SessionFixationConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Login;

/**
 * An application that people log in to: by a form, which makes an HTTP session, or by
 * tokens, JWTs below {@code /jwt} and others below {@code /opaque}.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@Import(LoginApplication.Controller.class)
class LoginApplication implements WebSocketConfigurer {

	private static final SecretKey KEY = new SecretKeySpec(
			"a secret of the tests, of 32 bytes and more".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");

	/** A token of a user that expires at a time. */
	static String jwt(String user, Instant expiresAt) {
		return jwt("https://issuer.example.org", user, expiresAt);
	}

	static String jwt(String issuer, String user, Instant expiresAt) {
		JwtClaimsSet claims = JwtClaimsSet.builder().issuer(issuer).subject(user).expiresAt(expiresAt).build();
		return new NimbusJwtEncoder(new ImmutableSecret<>(KEY))
			.encode(JwtEncoderParameters.from(JwsHeader.with(MacAlgorithm.HS256).build(), claims))
			.getTokenValue();
	}

	/** Tokens are {@code <user>.<epoch second>}. */
	static String opaque(String user, Instant expiresAt) {
		return user + "." + expiresAt.getEpochSecond();
	}

	@Bean
	@Order(1)
	SecurityFilterChain jwts(HttpSecurity http) {
		return stateless(http.securityMatcher("/jwt/**"))
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

	@Bean
	@Order(2)
	SecurityFilterChain opaqueTokens(HttpSecurity http) {
		return stateless(http.securityMatcher("/opaque/**"))
			.oauth2ResourceServer((server) -> server.opaqueToken(Customizer.withDefaults()))
			.build();
	}

	private static HttpSecurity stateless(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
	}

	/** With these a login makes another session. */
	@Bean
	@Order(3)
	SecurityFilterChain replacingForms(HttpSecurity http) {
		return http.securityMatcher("/replacing/**")
			.formLogin((form) -> form.loginProcessingUrl("/replacing/login"))
			.sessionManagement((sessions) -> sessions.sessionFixation(SessionFixationConfigurer::migrateSession))
			.csrf(CsrfConfigurer::disable)
			.build();
	}

	@Bean
	@Order(4)
	SecurityFilterChain forms(HttpSecurity http) {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers("/open", "/start").permitAll().anyRequest().authenticated())
			.formLogin(Customizer.withDefaults())
			.exceptionHandling(
					(failures) -> failures.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)))
			.csrf(CsrfConfigurer::disable)
			.build();
	}

	/** Does not take passwords that are encoded anew, which is slow by intent. */
	@Bean
	UserDetailsService users() {
		InMemoryUserDetailsManager users = new InMemoryUserDetailsManager(
				User.withUsername("ada").password("{noop}secret").roles("USER").build(),
				User.withUsername("eve").password("{noop}secret").roles("USER").build());
		return users::loadUserByUsername;
	}

	@Bean
	JwtDecoder decoder() {
		return NimbusJwtDecoder.withSecretKey(KEY).build();
	}

	@Bean
	OpaqueTokenIntrospector introspector() {
		return (token) -> {
			String[] parts = token.split("\\.");
			if (parts.length != 2) {
				throw new BadOpaqueTokenException("unknown");
			}
			Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(parts[1]));
			return switch (parts[0]) {
				// A client that acts for nobody has no subject
				case "client" ->
					new DefaultOAuth2AuthenticatedPrincipal(Map.of("client_id", "x", "exp", expiresAt), List.of());
				case "nameless" -> new Nameless(Map.of("client_id", "x", "exp", expiresAt));
				default -> new DefaultOAuth2AuthenticatedPrincipal(parts[0], Map.of("exp", expiresAt), List.of());
			};
		};
	}

	@Override
	public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
		WebSocketHandler handler = new TextWebSocketHandler() {

			@Override
			public void afterConnectionEstablished(WebSocketSession session) throws Exception {
				session.sendMessage(
						new TextMessage(session.getPrincipal().getName() + " " + session.getHandshakeHeaders()));
			}

		};
		registry.addHandler(handler, "/handler", "/jwt/handler");
	}

	/** As such a client was before Spring Security 7.1. */
	private record Nameless(Map<String, Object> attributes) implements OAuth2AuthenticatedPrincipal {

		@Override
		public Map<String, Object> getAttributes() {
			return this.attributes;
		}

		@Override
		public Collection<? extends GrantedAuthority> getAuthorities() {
			return List.of();
		}

		@Override
		public String getName() {
			return null;
		}

	}

	@RestController
	static class Controller {

		@WebSocketMapping({ "/open", "/account", "/jwt/account", "/opaque/account" })
		@EventSourceMapping({ "/account", "/jwt/account", "/opaque/account" })
		@CometMapping(path = { "/account", "/jwt/account" }, callback = "tell")
		Out<String> account(Principal user) {
			return Out.of("hello " + ((user != null) ? user.getName() : "you")).andThen(Out.never());
		}

		@WebSocketMapping("/echo")
		InOut<String, String> echo() {
			return InOut.flow((words) -> words);
		}

		@WebSocketMapping(path = "/jwt/chat", subprotocols = "chat")
		Out<String> chat(Principal user, HttpServletRequest request) {
			return Out
				.of("hello " + user.getName(), "offered " + request.getHeader("Sec-WebSocket-Protocol"),
						"names " + Collections.list(request.getHeaderNames()))
				.andThen(Out.never());
		}

		@WebSocketMapping(path = "/jwt/late", subprotocols = "chat")
		Mono<Out<String>> late(Principal user) {
			return Mono.just(Out.of("hello " + user.getName()).andThen(Out.never()));
		}

		@WebSocketMapping({ "/jwt/renew", "/opaque/renew", "/renew" })
		InOut<String, String> renew(Login login) {
			return InOut.flow((tokens) -> tokens.map((token) -> "renewed " + login.renew(token)));
		}

		@WebSocketMapping("/jwt/ignored")
		InOut<String, String> ignored(Login login) {
			return InOut.of(In.ignore(), Out.of("until " + login.expiresAt()).andThen(Out.never()));
		}

		@GetMapping("/start")
		void start(HttpSession session) {
			session.setAttribute("basket", "empty");
		}

		@PostMapping("/invalidate")
		void invalidate(HttpSession session) {
			session.invalidate();
		}

		@PostMapping("/hurry")
		void hurry(HttpSession session) {
			session.setMaxInactiveInterval(1);
		}

	}

}
