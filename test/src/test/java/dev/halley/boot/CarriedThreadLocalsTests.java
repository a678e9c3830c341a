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

import java.util.Optional;

import io.micrometer.context.ContextRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;

import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.test.LiveClient;
import dev.halley.test.TesterExtension;

/**
 * What has a {@code ThreadLocalAccessor} is carried as the security context is, and
 * Reactor's automatic context propagation takes both over the operators that change
 * threads.
 */
@ExtendWith(TesterExtension.class)
class CarriedThreadLocalsTests {

	private static final String KEY = CarriedThreadLocalsTests.class.getName();

	private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

	private static ServletWebServerApplicationContext context;

	@BeforeAll
	static void start() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
		context = Server.TOMCAT_NATIVE.start(Tenants.class, "spring.security.user.name=ada",
				"spring.security.user.password=secret");
	}

	@AfterAll
	static void stop() {
		context.close();
		Hooks.disableAutomaticContextPropagation();
		ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
	}

	private static LiveClient<String, String> connect(String path, String tenant) {
		return Clients.of(context)
			.withHeader("Authorization", "Basic YWRhOnNlY3JldA==")
			.withHeader("X-Tenant", tenant)
			.webSocket(path);
	}

	@Test
	void threadLocalsAreCarried() {
		LiveClient<String, String> blue = connect("/ask", "blue").send("who?");
		connect("/ask", "red").send("who?").expect("red ada");
		blue.expect("blue ada");
	}

	@Test
	void suppliersHaveThemOnThreadsOfReactor() {
		connect("/generated", "green").expect("green ada").vanish();
	}

	@Test
	void reactorTakesThemOverChangesOfThreads() {
		Hooks.enableAutomaticContextPropagation();
		connect("/hop", "yellow").send("who?").expect("yellow ada");
	}

	private static String answer() {
		return TENANT.get() + " " + SecurityContextHolder.getContext().getAuthentication().getName();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Tenants {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		Filter tenants() {
			return (request, response, chain) -> {
				TENANT.set(((HttpServletRequest) request).getHeader("X-Tenant"));
				try {
					chain.doFilter(request, response);
				}
				finally {
					TENANT.remove();
				}
			};
		}

	}

	@RestController
	static class Controller {

		@WebSocketMapping("/ask")
		InOut<String, String> ask() {
			return InOut.flow((words) -> words.map((word) -> answer()));
		}

		@WebSocketMapping("/generated")
		Out<String> generated() {
			return Out.generate(() -> Optional.of(answer()));
		}

		@WebSocketMapping("/hop")
		InOut<String, String> hop() {
			return InOut.flow((words) -> words.publishOn(Schedulers.parallel()).map((word) -> answer()));
		}

	}

}
