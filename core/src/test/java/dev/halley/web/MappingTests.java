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

package dev.halley.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.security.Principal;
import java.util.Locale;
import java.util.Map;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.method.HandlerTypePredicate;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.RawHandshake.Answer;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How mapped methods fit into Spring MVC: paths, arguments, interceptors, filters and
 * exception handlers.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class MappingTests {

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, "", "/", new UserFilter(), Endpoints.class, Arguments.class, Plain.class,
				Sleepy.class, Api.class, Interception.class, Advice.class, Failing.class, Properties.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource({ "/base/path, base", "/base/other/7, base", "/base, root", "/configured/place, configured",
			"/meta, meta", "/plain, plain", "/sleepy, sleepy", "/api/prefixed, prefixed" })
	void pathsAreThoseOfSpringMvc(String path, String message) {
		assertThat(first(path)).isEqualTo(message);
	}

	@Test
	void aBeanIsCreatedOnlyWhenItIsNeeded() {
		try (TestServer lazy = TestServer.start(this.engine, Sleepy.class)) {
			int before = Sleepy.created;
			assertThat(RawHandshake.plain(lazy, "/sleepy").send().status()).isEqualTo(426);
			assertThat(Sleepy.created).isEqualTo(before);
			assertThat(RawHandshake.to(lazy, "/sleepy").send().status()).isEqualTo(101);
			assertThat(Sleepy.created).isEqualTo(before + 1);
		}
	}

	@Test
	void restrictionsOfTheClassHold() {
		assertThat(RawHandshake.to(server, "/restricted?key=1").send().status()).isEqualTo(404);
		assertThat(RawHandshake.to(server, "/restricted?key=1").add("X-Tenant", "a").send().status()).isEqualTo(101);
		assertThat(RawHandshake.to(server, "/restricted").add("X-Tenant", "a").send().status()).isEqualTo(404);
	}

	@Test
	void argumentsAreResolvedBySpringMvc() throws Exception {
		RawHandshake handshake = RawHandshake.to(server, "/arguments/42?q=query")
			.add("X-User", "ada")
			.add("X-Header", "header")
			.add("Cookie", "biscuit=cookie")
			.add("Accept-Language", "fr-CA");
		assertThat(TextFrames.first(handshake)).isEqualTo("42 query header cookie ada fr_CA stored 8 model");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/arguments/not-a-number?q=x", "/arguments/42" })
	void anArgumentThatCannotBeResolvedIsABadRequest(String path) {
		Answer answer = RawHandshake.to(server, path)
			.add("X-User", "ada")
			.add("X-Header", "header")
			.add("Cookie", "biscuit=cookie")
			.send();
		assertThat(answer.status()).isEqualTo(400);
	}

	@Test
	void anInterceptorSeesTheHandshakeAndCanRefuseIt() {
		assertThat(RawHandshake.to(server, "/plain?stop").send().status()).isEqualTo(401);
		Answer answer = RawHandshake.to(server, "/plain").send();
		assertThat(answer.status()).isEqualTo(101);
		assertThat(answer.headers().getFirst("X-Intercepted")).isEqualTo("MappingTests.Plain.plain");
	}

	@Test
	void anInterceptorSeesWhatNobodyServes() {
		assertThat(RawHandshake.plain(server, "/plain?stop").send().status()).isEqualTo(401);
	}

	@Test
	void anInterceptorOfOtherPathsSeesNothing() {
		assertThat(RawHandshake.to(server, "/plain").send().headers().containsHeader("X-Api")).isFalse();
		assertThat(RawHandshake.to(server, "/api/prefixed").send().headers().containsHeader("X-Api")).isTrue();
	}

	@Test
	void aFilterCanRefuseTheHandshake() {
		assertThat(RawHandshake.to(server, "/plain").add("X-User", "mallory").send().status()).isEqualTo(403);
	}

	@Test
	void anExceptionHandlerOfAnAdviceAnswers() {
		Answer answer = RawHandshake.to(server, "/failing").send();
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("handled by advice");
	}

	@Test
	void anExceptionHandlerMayAnswerARefusal() {
		Answer answer = RawHandshake.to(server, "/plain").without("Sec-WebSocket-Key").send();
		assertThat(answer.body()).isEqualTo("refused: Sec-WebSocket-Key must be one, of 16 bytes in Base64");
	}

	@Test
	void aContextPathAndAServletPathArePartOfThePath() {
		try (TestServer nested = TestServer.start(this.engine, "/shop", "/live/*", null, Plain.class)) {
			try (TestServer.Client client = nested.connect("/shop/live/plain")) {
				assertThat(client.next()).isEqualTo("plain");
			}
			assertThat(RawHandshake.plain(nested, "/shop/live/plain").send().status()).isEqualTo(426);
			assertThat(RawHandshake.to(nested, "/plain").send().status()).isEqualTo(404);
		}
	}

	@Test
	void forwardedHeadersCountWhereAFilterHonoursThem() {
		try (TestServer behindProxy = TestServer.start(this.engine, "", "/", new ForwardedHeaderFilter(),
				Plain.class)) {
			RawHandshake handshake = RawHandshake.to(behindProxy, "/plain")
				.add("X-Forwarded-Proto", "https")
				.add("X-Forwarded-Host", "live.example.org");
			assertThat(handshake.set("Origin", "https://live.example.org").send().status()).isEqualTo(101);
			assertThat(handshake.set("Origin", "http://localhost:" + behindProxy.port()).send().status())
				.isEqualTo(403);
		}
	}

	@Test
	void forwardedHeadersDoNotCountOtherwise() {
		RawHandshake handshake = RawHandshake.to(server, "/plain")
			.add("X-Forwarded-Proto", "https")
			.add("X-Forwarded-Host", "evil.example.org")
			.add("Origin", "https://evil.example.org");
		assertThat(handshake.send().body()).isEqualTo("refused: Origin is not allowed");
	}

	@Test
	void anErrorPageIsNoEndpoint() throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/plain");
		request.addHeader("Upgrade", "websocket");
		ServletRequestPathUtils.parseAndCache(request);
		HandlerMapping mapping = server.bean("webSocketMapping", PairHandlerMapping.class);
		assertThat(mapping.getHandler(request)).isNotNull();
		request.setDispatcherType(DispatcherType.ERROR);
		assertThat(mapping.getHandler(request)).isNull();
	}

	@Test
	void springMvcsOwnAdapterAndMappingStayUnique() {
		assertThat(server.bean(RequestMappingHandlerAdapter.class)).isNotNull();
		assertThat(server.bean(RequestMappingHandlerMapping.class)).isNotNull();
	}

	private static String first(String path) {
		try (TestServer.Client client = server.connect(path)) {
			return client.next();
		}
	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@WebSocketMapping(subprotocols = "meta")
	@interface MetaMapping {

		@AliasFor(annotation = WebSocketMapping.class, attribute = "path")
		String value();

	}

	@Controller
	@RequestMapping(path = "/base", method = RequestMethod.POST, produces = "text/csv", consumes = "text/csv")
	static class Endpoints {

		@WebSocketMapping({ "/path", "other/{id}" })
		Out<String> based() {
			return Out.of("base");
		}

		@WebSocketMapping
		Out<String> root() {
			return Out.of("root");
		}

	}

	@Controller
	static class Arguments {

		@ModelAttribute("shared")
		StringBuilder shared() {
			return new StringBuilder("model");
		}

		@WebSocketMapping("/arguments/{number}")
		Out<String> arguments(@PathVariable int number, @RequestParam String q,
				@RequestHeader("X-Header") String header, @CookieValue String biscuit, Principal user, Locale locale,
				HttpSession session, @SessionAttribute String stored, @Value("${test.number}") int configured,
				@ModelAttribute("shared") StringBuilder shared) {
			assertThat(session.getAttribute("stored")).isEqualTo(stored);
			return Out.of(String.join(" ", "" + number, q, header, biscuit, user.getName(), "" + locale, stored,
					"" + configured, shared));
		}

	}

	@Component
	static class Plain {

		@WebSocketMapping("/plain")
		Out<String> plain() {
			return Out.of("plain");
		}

		@MetaMapping("/meta")
		Out<String> meta() {
			return Out.of("meta");
		}

		@WebSocketMapping("/${test.place:configured}/place")
		Out<String> configured() {
			return Out.of("configured");
		}

	}

	@Component
	@Lazy
	static class Sleepy {

		static volatile int created;

		Sleepy() {
			created++;
		}

		@WebSocketMapping("/sleepy")
		Out<String> sleepy() {
			return Out.of("sleepy");
		}

	}

	@RestController
	static class Api {

		@WebSocketMapping("/prefixed")
		Out<String> prefixed() {
			return Out.of("prefixed");
		}

	}

	@Controller
	@RequestMapping(path = "/restricted", headers = "X-Tenant", params = "key")
	static class Restricted {

		@WebSocketMapping
		Out<String> restricted() {
			return Out.of("restricted");
		}

	}

	@Controller
	static class Failing {

		@WebSocketMapping("/failing")
		Out<String> fail() {
			throw new UnsupportedOperationException("advice");
		}

	}

	@ControllerAdvice
	static class Advice {

		@ExceptionHandler
		@ResponseBody
		String handle(UnsupportedOperationException ex) {
			return "handled by " + ex.getMessage();
		}

		@ExceptionHandler
		@ResponseBody
		String handle(HandshakeRefusedException ex) {
			return "refused: " + ex.getBody().getDetail();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Interception implements WebMvcConfigurer {

		@Bean
		Restricted restricted() {
			return new Restricted();
		}

		@Override
		public void addInterceptors(InterceptorRegistry registry) {
			registry.addInterceptor(new HandlerInterceptor() {

				@Override
				public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
					response.setHeader("X-Intercepted", (handler instanceof PairHandlerMethod method)
							? new EndpointMethod(method.getMethod(), method.getBeanType()).shortName() : "other");
					response.setStatus((request.getParameter("stop") != null) ? 401 : 200);
					return request.getParameter("stop") == null;
				}

			});
			registry.addInterceptor(new HandlerInterceptor() {

				@Override
				public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
					response.setHeader("X-Api", "yes");
					return true;
				}

			}).addPathPatterns("/api/**");
		}

		@Override
		public void configurePathMatch(PathMatchConfigurer configurer) {
			configurer.addPathPrefix("/api", HandlerTypePredicate.forAssignableType(Api.class));
		}

	}

	static class Properties {

		@Bean
		static PropertySourcesPlaceholderConfigurer placeholders(Environment environment) {
			MutablePropertySources sources = ((ConfigurableEnvironment) environment).getPropertySources();
			sources.addFirst(new MapPropertySource("test", Map.of("test.number", "8")));
			return new PropertySourcesPlaceholderConfigurer();
		}

	}

}
