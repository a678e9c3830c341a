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

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pages of other origins that read streams.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class CrossOriginTests {

	private static final String ORIGIN = "Access-Control-Allow-Origin";

	private static final String CREDENTIALS = "Access-Control-Allow-Credentials";

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, Endpoints.class, Ordinary.class, Global.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	private static RawStream get(String path, String accept, String origin) throws IOException {
		return RawStream.get(server.port(), path, "Accept: " + accept, "Origin: " + origin);
	}

	private static RawStream preflight(String path, String method, String origin) throws IOException {
		return RawStream.request(server.port(), "OPTIONS " + path + " HTTP/1.1", "Origin: " + origin,
				"Access-Control-Request-Method: " + method, "Access-Control-Request-Headers: content-type");
	}

	@ParameterizedTest
	@CsvSource({ "/annotated, text/event-stream, true", "/annotated, */*, true", "/annotated, text/html, true",
			"/configured/feed, text/event-stream, true", "/configured/feed, */*, true",
			"/open, text/event-stream, false" })
	void aPageOfAnAllowedOriginReadsTheStream(String path, String accept, boolean credentials) throws IOException {
		try (RawStream stream = get(path, accept, "https://page.example.org")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().get(ORIGIN)).containsExactly(credentials ? "https://page.example.org" : "*");
			assertThat(stream.headers().getFirst(CREDENTIALS)).isEqualTo(credentials ? "true" : null);
			assertThat(stream.body()).contains("x");
		}
	}

	@ParameterizedTest
	@CsvSource({ "/annotated, text/event-stream", "/annotated, */*", "/configured/feed, text/event-stream",
			"/configured/feed, */*" })
	void aPageOfAnotherOriginGetsNothing(String path, String accept) throws IOException {
		try (RawStream stream = get(path, accept, "https://evil.example.org")) {
			assertThat(stream.status()).isEqualTo(403);
			assertThat(stream.headers().containsHeader(ORIGIN)).isFalse();
		}
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void withoutConfigurationTheBrowserDecides() throws IOException {
		try (RawStream stream = get("/closed", "text/event-stream", "https://page.example.org")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().containsHeader(ORIGIN)).isFalse();
		}
		try (RawStream answer = preflight("/closed", "POST", "https://page.example.org")) {
			assertThat(answer.headers().containsHeader(ORIGIN)).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/posted", "/configured/posted", "/ordinary" })
	void aPreflightIsAnswered(String path) throws IOException {
		try (RawStream answer = preflight(path, "POST", "https://page.example.org")) {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.headers().get(ORIGIN)).containsExactly("https://page.example.org");
			assertThat(answer.headers().getFirst("Access-Control-Allow-Methods")).contains("POST");
			assertThat(answer.headers().getFirst("Access-Control-Allow-Headers")).isEqualTo("content-type");
			assertThat(answer.headers().getFirst(CREDENTIALS)).isEqualTo("true");
		}
		try (RawStream answer = preflight(path, "POST", "https://evil.example.org")) {
			assertThat(answer.status()).isEqualTo(403);
		}
		try (RawStream stream = RawStream.post(server.port(), path, "application/json", "{}",
				"Origin: https://page.example.org", "Accept: text/event-stream")) {
			assertThat(stream.headers().get(ORIGIN)).containsExactly("https://page.example.org");
			assertThat(stream.body()).isEqualTo("data: {}\n\n");
		}
	}

	@Test
	void aPreflightIsForWhicheverHandlerHasItsMethodAndOrigin() throws IOException {
		try (RawStream answer = preflight("/posted", "DELETE", "https://other.example.org")) {
			assertThat(answer.headers().get(ORIGIN)).containsExactly("https://other.example.org");
		}
		try (RawStream answer = preflight("/both", "POST", "https://page.example.org")) {
			assertThat(answer.headers().get(ORIGIN)).containsExactly("https://page.example.org");
		}
		try (RawStream answer = preflight("/both", "POST", "https://other.example.org")) {
			assertThat(answer.headers().get(ORIGIN)).containsExactly("https://other.example.org");
		}
	}

	@Test
	void aWebSocketHasItsOwnCheck() {
		RawHandshake handshake = RawHandshake.to(server, "/annotated").set("Origin", "https://page.example.org");
		assertThat(handshake.send().status()).isEqualTo(403);
		RawHandshake allowed = RawHandshake.to(server, "/annotated").set("Origin", "https://socket.example.org");
		assertThat(allowed.send().status()).isEqualTo(101);
	}

	@RestController
	static class Endpoints {

		@WebSocketMapping(path = "/annotated", allowedOrigins = "https://socket.example.org")
		@EventSourceMapping("/annotated")
		@CometMapping(path = "/annotated", callback = "f")
		@CrossOrigin(origins = "https://page.example.org", allowCredentials = "true")
		Out<String> annotated() {
			return Out.of("x");
		}

		@EventSourceMapping("/open")
		@CrossOrigin
		Out<String> open() {
			return Out.of("x");
		}

		@EventSourceMapping({ "/configured/feed", "/closed" })
		Out<String> configured() {
			return Out.of("x");
		}

		@EventSourceMapping(path = { "/posted" }, method = RequestMethod.POST)
		@CrossOrigin(origins = "https://page.example.org", allowCredentials = "true")
		Out<String> posted(@RequestBody String body) {
			return Out.of(body);
		}

		@EventSourceMapping(path = { "/configured/posted", "/closed" }, method = RequestMethod.POST)
		Out<String> configuredPosted(@RequestBody String body) {
			return Out.of(body);
		}

		@EventSourceMapping(path = "/both", method = RequestMethod.POST)
		@CrossOrigin("https://page.example.org")
		Out<String> both() {
			return Out.of("x");
		}

	}

	@RestController
	static class Ordinary {

		@PostMapping(path = "/ordinary", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@CrossOrigin(origins = "https://page.example.org", allowCredentials = "true")
		Out<String> ordinary(@RequestBody String body) {
			return Out.of(body);
		}

		@DeleteMapping("/posted")
		@CrossOrigin("https://other.example.org")
		void delete() {
		}

		@PostMapping(path = "/both", produces = "text/plain")
		@CrossOrigin("https://other.example.org")
		String both() {
			return "x";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Global implements WebMvcConfigurer {

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/configured/**")
				.allowedOrigins("https://page.example.org")
				.allowedMethods("*")
				.allowCredentials(true);
		}

	}

}
