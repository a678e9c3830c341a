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

import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.List;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;

import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.test.LiveClient;
import dev.halley.test.LiveClients;
import dev.halley.test.TesterExtension;

import static dev.halley.test.HalleyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pairs that come late behind a filter that knows the user of the first dispatch only:
 * what {@code docs/spring-security.md} says of them.
 */
@ParameterizedClass
@CsvSource({ "TOMCAT_LOOPS, saving", "TOMCAT_LOOPS, passing", "TOMCAT_NATIVE, saving", "TOMCAT_NATIVE, passing",
		"TOMCAT_CONTAINER, saving", "TOMCAT_CONTAINER, passing", "JETTY, saving", "JETTY, passing" })
@ExtendWith(TesterExtension.class)
class LatePairTests {

	private static ServletWebServerApplicationContext context;

	@Parameter(0)
	private Server server;

	@Parameter(1)
	private String remedy;

	private final LiveClients clients = Clients.of(context);

	private final LiveClients ada = this.clients.withHeader("X-User", "ada");

	@BeforeParameterizedClassInvocation
	static void start(Server server, String remedy) {
		context = server.start(Stateless.class, "remedy=" + remedy);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@Test
	void aLatePairHasTheUserOfItsRequest() {
		LiveClient<String, String> client = this.ada.webSocket("/late").send("who?").expect("ada");
		ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
		client
			.expectEventually(() -> assertThat(registry.all()).extracting((connection) -> connection.info().principal())
				.extracting(Principal::getName)
				.containsExactly("ada"));
		client.close(CloseStatus.NORMAL).expectClose(1000);
	}

	@Test
	void aLateStreamHasTheUserOfItsRequest() {
		this.ada.events("/late/stream", String.class).expectMatch((event) -> "ada".equals(event.data()));
	}

	@Test
	void whoeverIsUnknownIsRefused() {
		assertThat(this.clients.refusal("/late")).hasStatus(403);
	}

	private static String user() {
		SecurityContext context = SecurityContextHolder.getContext();
		return (context.getAuthentication() != null) ? context.getAuthentication().getName() : "nobody";
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Stateless {

		@Bean
		SecurityFilterChain security(HttpSecurity http, @Value("${remedy}") String remedy) {
			DispatcherType[] passing = remedy.equals("passing") ? new DispatcherType[] { DispatcherType.ASYNC }
					: new DispatcherType[0];
			return http.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.addFilterBefore(new Tokens(remedy.equals("saving")), UsernamePasswordAuthenticationFilter.class)
				.authorizeHttpRequests((requests) -> {
					List.of(passing).forEach((type) -> requests.dispatcherTypeMatchers(type).permitAll());
					requests.anyRequest().authenticated();
				})
				.build();
		}

	}

	/** Not called for asynchronous dispatches, as is usual. */
	static final class Tokens extends OncePerRequestFilter {

		private final @Nullable RequestAttributeSecurityContextRepository repository;

		Tokens(boolean saving) {
			this.repository = saving ? new RequestAttributeSecurityContextRepository() : null;
		}

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String user = request.getHeader("X-User");
			if (user != null) {
				SecurityContext context = SecurityContextHolder.createEmptyContext();
				context.setAuthentication(new TestingAuthenticationToken(user, "", "ROLE_USER"));
				SecurityContextHolder.setContext(context);
				if (this.repository != null) {
					this.repository.saveContext(context, request, response);
				}
			}
			chain.doFilter(request, response);
		}

	}

	@RestController
	static class Controller {

		@WebSocketMapping("/late")
		Mono<InOut<String, String>> late() {
			return Mono.delay(Duration.ofMillis(1)).map((tick) -> InOut.flow((words) -> words.map((word) -> user())));
		}

		@EventSourceMapping("/late/stream")
		Mono<Out<String>> lateStream() {
			return Mono.delay(Duration.ofMillis(1)).map((tick) -> Out.every(Duration.ofMillis(1), LatePairTests::user));
		}

	}

}
