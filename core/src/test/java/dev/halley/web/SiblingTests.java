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
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What paths answer that several handlers share.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class SiblingTests {

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

	private static RawStream request(String method, String path, String... headers) throws IOException {
		String[] all = Stream.concat(Stream.of("Content-Length: 0"), Stream.of(headers)).toArray(String[]::new);
		return RawStream.request(server.port(), method + " " + path + " HTTP/1.1", all);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/company", "/routed" })
	void aStreamServesWhatTakesAnythingThoughASiblingHasThePath(String path) throws IOException {
		try (RawStream stream = request("GET", path, "Accept: */*")) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().getFirst("Content-Type")).startsWith("text/event-stream");
		}
		try (RawStream sibling = request("POST", path, "Accept: */*")) {
			assertThat(sibling.status()).isEqualTo(200);
			assertThat(sibling.headers().getFirst("Content-Type")).startsWith("text/plain");
		}
	}

	@Test
	void aPlainGetMustUpgradeThoughASiblingHasThePath() throws IOException {
		try (RawStream answer = request("GET", "/socket")) {
			assertThat(answer.status()).isEqualTo(426);
			assertThat(answer.headers().getUpgrade()).isEqualTo("websocket");
		}
		try (RawStream sibling = request("DELETE", "/socket")) {
			assertThat(sibling.status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "PUT, /company, 'GET,HEAD,POST'", "PUT, /socket, 'GET,DELETE'", "PUT, /routed, 'GET,HEAD,POST'",
			"GET, /posted, 'POST,DELETE'", "PUT, /two, 'GET,HEAD,POST,DELETE'", "DELETE, /stream, 'GET,HEAD'" })
	void allMethodsOfAPathAreAllowed(String method, String path, String allowed) throws IOException {
		try (RawStream answer = request(method, path)) {
			assertThat(answer.status()).isEqualTo(405);
			assertThat(methods(answer)).containsExactlyInAnyOrder(allowed.split(","));
		}
		try (RawStream answer = request("OPTIONS", path)) {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(methods(answer)).containsExactlyInAnyOrder((allowed + ",OPTIONS").split(","));
		}
	}

	private static List<String> methods(RawStream answer) {
		return List.of(StringUtils.tokenizeToStringArray(answer.headers().getFirst(HttpHeaders.ALLOW), ","));
	}

	@Test
	void anOptionsHandlerOfTheApplicationAnswersItself() throws IOException {
		try (RawStream answer = request("OPTIONS", "/own-options")) {
			assertThat(answer.headers().getFirst("X-Own")).isEqualTo("yes");
		}
	}

	@Test
	void allTypesOfAPathAreNamed() throws IOException {
		try (RawStream answer = request("GET", "/page", "Accept: image/png")) {
			assertThat(answer.status()).isEqualTo(406);
			assertThat(answer.headers().getFirst("Accept")).contains("text/plain", "text/event-stream", "text/html");
		}
		try (RawStream answer = request("POST", "/bodies", "Content-Type: image/png")) {
			assertThat(answer.status()).isEqualTo(415);
			assertThat(answer.headers().getFirst("Accept")).contains("application/json", "text/csv");
		}
	}

	@ParameterizedTest
	@CsvSource({ "text/plain, 'Accept, Upgrade'", "text/event-stream, 'Accept, Upgrade'",
			"text/html, 'Accept, Upgrade'", "image/png, 'Accept, Upgrade'" })
	void whoeverAnswersNamesTheHeadersThatDecide(String accept, String vary) throws IOException {
		try (RawStream answer = request("GET", "/page", "Accept: " + accept)) {
			assertThat(answer.headers().get("Vary")).containsExactly(vary);
		}
	}

	@Test
	void whatIsClosestToBeingServedDecidesOnTheRefusal() throws IOException {
		try (RawStream answer = request("POST", "/two", "Accept: image/png")) {
			assertThat(answer.status()).as("the method of the stream, but not its type").isEqualTo(406);
		}
		try (RawStream answer = request("POST", "/conditions", "Accept: text/event-stream", "Content-Type: text/csv")) {
			assertThat(answer.status()).as("all but the parameter").isEqualTo(400);
		}
		try (RawStream answer = request("POST", "/conditions?key=1", "Accept: text/event-stream")) {
			assertThat(answer.status()).as("all but the type of the body").isEqualTo(415);
		}
		try (RawStream answer = request("POST", "/conditions?key=1", "Content-Type: text/csv")) {
			assertThat(answer.status()).isEqualTo(200);
		}
	}

	@Test
	void aHandshakeGetsNoStream() {
		RawHandshake.Answer answer = RawHandshake.to(server, "/stream").send();
		assertThat(answer.status()).isEqualTo(400);
		assertThat(RawHandshake.to(server, "/company").send().status()).isEqualTo(400);
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void anUpgradeByAnotherMethodIsIgnored() {
		assertThat(RawHandshake.to(server, "/socket").method("DELETE").send().status()).isEqualTo(200);
		assertThat(RawHandshake.to(server, "/socket").method("PUT").send().headers().getAllow()).hasSize(2);
	}

	@Controller
	static class Endpoints {

		@EventSourceMapping({ "/company", "/routed", "/stream", "/own-options" })
		Out<String> company() {
			return Out.of("x");
		}

		@WebSocketMapping("/socket")
		Out<String> socket() {
			return Out.of("x");
		}

		@EventSourceMapping(path = "/posted", method = { RequestMethod.POST, RequestMethod.DELETE })
		Out<String> posted() {
			return Out.of("x");
		}

		@EventSourceMapping("/two")
		Out<String> two() {
			return Out.of("get");
		}

		@EventSourceMapping(path = "/two", method = RequestMethod.POST)
		Out<String> twoByPost() {
			return Out.of("post");
		}

		@WebSocketMapping("/page")
		Out<String> pageSocket() {
			return Out.of("x");
		}

		@EventSourceMapping("/page")
		@CometMapping(path = "/page", callback = "f")
		Out<String> page() {
			return Out.of("x");
		}

		@EventSourceMapping(path = "/bodies", method = RequestMethod.POST, consumes = "application/json")
		Out<String> bodies() {
			return Out.of("x");
		}

		@EventSourceMapping(path = "/conditions", method = RequestMethod.POST, consumes = "text/csv", params = "key")
		Out<String> conditions() {
			return Out.of("x");
		}

	}

	@RestController
	static class Others {

		@PostMapping(path = "/company", produces = "text/plain")
		String company() {
			return "posted";
		}

		@DeleteMapping({ "/socket", "/two" })
		String delete() {
			return "deleted";
		}

		@GetMapping(path = "/page", produces = "text/plain")
		String page() {
			return "page";
		}

		@PostMapping(path = "/bodies", consumes = "text/csv")
		String bodies() {
			return "posted";
		}

		@RequestMapping(path = "/own-options", method = RequestMethod.OPTIONS)
		ResponseEntity<Void> options() {
			return ResponseEntity.ok().header("X-Own", "yes").build();
		}

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route().POST("/routed", (request) -> ServerResponse.ok().body("posted")).build();
		}

	}

}
