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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.RawHandshake.Answer;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What requests without an upgrade get on the path of a WebSocket.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class UnservedTests {

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, Endpoints.class, Others.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/only", "/rooms/5", "/rooms/a%20b?x=y" })
	void aPlainGetMustUpgrade(String path) {
		Answer answer = RawHandshake.plain(server, path).send();
		assertThat(answer.status()).isEqualTo(426);
		assertThat(answer.headers().getUpgrade()).isEqualTo("websocket");
		assertThat(answer.headers().getConnection()).contains("Upgrade");
	}

	@Test
	void anUpgradeToSomethingElseMustUpgrade() {
		assertThat(
				RawHandshake.plain(server, "/only").add("Upgrade", "h2c").add("Connection", "Upgrade").send().status())
			.isEqualTo(426);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE", "PATCH" })
	void anotherMethodIsNotAllowed(String method) {
		Answer answer = RawHandshake.plain(server, "/only").method(method).add("Content-Length", "0").send();
		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.headers().getFirst(HttpHeaders.ALLOW)).isEqualTo("GET");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/page", "/routed", "/rooms/hall" })
	void anotherHandlerOfThePathServesIt(String path) {
		Answer plain = RawHandshake.plain(server, path).send();
		assertThat(plain.status()).isEqualTo(200);
		assertThat(plain.body()).isEqualTo("plain");
		assertThat(RawHandshake.to(server, path).send().status()).isEqualTo(101);
	}

	@Test
	void aViewControllerServesItsPath() {
		Answer answer = RawHandshake.plain(server, "/redirected").send();
		assertThat(answer.status()).isEqualTo(302);
	}

	@Test
	void aFileIsServedThoughAPatternCoversIt() {
		Answer answer = RawHandshake.plain(server, "/files/package-info.class").send();
		assertThat(answer.status()).isEqualTo(200);
		assertThat(RawHandshake.plain(server, "/files/no-such-file").send().status()).isEqualTo(426);
	}

	@Test
	void anUnknownPathIsNotFound() {
		assertThat(RawHandshake.plain(server, "/unknown").send().status()).isEqualTo(404);
		assertThat(RawHandshake.to(server, "/unknown").send().status()).isEqualTo(404);
	}

	@Controller
	static class Endpoints {

		@WebSocketMapping({ "/only", "/rooms/{room}", "/page", "/routed", "/redirected", "/files/{name}" })
		Out<String> out() {
			return Out.of("live");
		}

	}

	@RestController
	static class Others implements WebMvcConfigurer {

		@GetMapping("/page")
		String page() {
			return "plain";
		}

		@GetMapping("/rooms/hall")
		String hall() {
			return "plain";
		}

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route().GET("/routed", (request) -> ServerResponse.ok().body("plain")).build();
		}

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addRedirectViewController("/redirected", "/page");
		}

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.addResourceHandler("/files/**").addResourceLocations("classpath:/dev/halley/web/");
		}

	}

}
