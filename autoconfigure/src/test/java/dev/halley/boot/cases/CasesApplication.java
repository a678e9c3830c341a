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

package dev.halley.boot.cases;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The application under attack. What it refuses by a filter or an interceptor is told by
 * the parameter {@code refused}.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ PairController.class, HandshakeController.class, HandlerController.class, SourceController.class,
		BlockedController.class })
class CasesApplication implements WebMvcConfigurer {

	private final Runs runs = new Runs();

	@Bean
	Runs runs() {
		return this.runs;
	}

	@Bean
	BlockedController.NameCodec nameCodec(Runs runs) {
		return new BlockedController.NameCodec(runs);
	}

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers("/secure/**").authenticated().anyRequest().permitAll())
			.csrf(CsrfConfigurer::disable)
			.httpBasic(Customizer.withDefaults())
			.build();
	}

	@Bean
	InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}secret").roles("USER").build());
	}

	@Bean
	RefusingFilter refusingFilter() {
		return new RefusingFilter();
	}

	@Bean
	HidingFilter hidingFilter() {
		return new HidingFilter();
	}

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(this.runs);
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new RefusingInterceptor());
	}

	static final class RefusingFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			if ("filter".equals(request.getParameter("refused"))) {
				response.setStatus(HttpServletResponse.SC_GONE);
			}
			else {
				chain.doFilter(request, response);
			}
		}

	}

	/**
	 * Hides which extensions a client offers, as the documentation of the engine has it.
	 */
	static final class HidingFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			boolean hidden = "hidden".equals(request.getParameter("extensions"));
			chain.doFilter(hidden ? new WithoutExtensions(request) : request, response);
		}

	}

	static final class WithoutExtensions extends HttpServletRequestWrapper {

		WithoutExtensions(HttpServletRequest request) {
			super(request);
		}

		@Override
		public String getHeader(String name) {
			return name.equalsIgnoreCase("Sec-WebSocket-Extensions") ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return name.equalsIgnoreCase("Sec-WebSocket-Extensions") ? Collections.emptyEnumeration()
					: super.getHeaders(name);
		}

	}

	static final class RefusingInterceptor implements HandlerInterceptor {

		@Override
		public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
			boolean refused = "interceptor".equals(request.getParameter("refused"));
			if (refused) {
				response.setStatus(HttpServletResponse.SC_CONFLICT);
			}
			return !refused;
		}

	}

}
