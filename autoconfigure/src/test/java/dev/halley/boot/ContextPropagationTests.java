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
import io.micrometer.context.ContextSnapshotFactory;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;

import dev.halley.CallContext;
import dev.halley.ContextCapture;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What has a {@code ThreadLocalAccessor} is carried as the security context is, and
 * Reactor's automatic context propagation takes both over the operators that change
 * threads.
 */
class ContextPropagationTests {

	private static final String KEY = ContextPropagationTests.class.getName();

	private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

	private static final WebApplicationContextRunner RUNNER = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyContextAutoConfiguration.class));

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

	private static TestClient connect(String path, String tenant) {
		return TestClient.connect(Server.url(context, path), "Authorization", "Basic YWRhOnNlY3JldA==", "X-Tenant",
				tenant);
	}

	@Test
	void threadLocalsAreCarried() throws Exception {
		TestClient blue = connect("/ask", "blue").send("who?");
		TestClient red = connect("/ask", "red").send("who?");
		assertThat(blue.next()).isEqualTo("blue ada");
		assertThat(red.next()).isEqualTo("red ada");
		blue.abort();
		red.abort();
	}

	@Test
	void suppliersHaveThemOnThreadsOfReactor() throws Exception {
		TestClient client = connect("/generated", "green");
		assertThat(client.next()).isEqualTo("green ada");
		client.abort();
	}

	@Test
	void reactorTakesThemOverChangesOfThreads() throws Exception {
		Hooks.enableAutomaticContextPropagation();
		TestClient client = connect("/hop", "yellow").send("who?");
		assertThat(client.next()).isEqualTo("yellow ada");
		client.abort();
	}

	@Test
	void nothingIsThereWithoutTheLibraries() {
		RUNNER
			.withClassLoader(new FilteredClassLoader(SecurityContextHolderStrategy.class, ContextRegistry.class,
					ContextSnapshotFactory.class))
			.run((context) -> assertThat(context).doesNotHaveBean(ContextCapture.class));
	}

	@Test
	void eachIsThereWithItsLibrary() {
		RUNNER.withClassLoader(new FilteredClassLoader(SecurityContextHolderStrategy.class))
			.run((context) -> assertThat(context).hasSingleBean(ContextCapture.class)
				.hasSingleBean(SnapshotCapture.class));
		RUNNER.withClassLoader(new FilteredClassLoader(ContextSnapshotFactory.class))
			.run((context) -> assertThat(context).hasSingleBean(ContextCapture.class)
				.hasSingleBean(SecurityContextCapture.class));
	}

	@Test
	void nothingIsThereWhenDisabled() {
		RUNNER.withPropertyValues("halley.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ContextCapture.class));
	}

	@Test
	void theApplicationMayReplaceThem() {
		RUNNER.withBean("halleySecurityContextCapture", ContextCapture.class, () -> () -> CallContext.NONE)
			.run((context) -> assertThat(context).doesNotHaveBean(SecurityContextCapture.class));
	}

	@Test
	void whereNothingHasAnAccessorNothingIsCarried() {
		assertThat(new SnapshotCapture(new ContextRegistry(), (key) -> true).capture()).isSameAs(CallContext.NONE);
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
