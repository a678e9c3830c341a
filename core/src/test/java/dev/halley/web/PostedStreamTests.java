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
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.comet.Comet;
import dev.halley.sse.EventStream;
import dev.halley.sse.EventStreamEmitter;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that answer a body, and those of ordinary handler methods.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class PostedStreamTests {

	private static final String JSON = "application/json";

	private static final String EVENTS = "Accept: text/event-stream";

	private static final String ANSWER = "data: {\"token\":\"Why\"}\n\ndata: {\"token\":\"?\"}\n\n";

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, Endpoints.class, ClassOfBodies.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	private static RawStream post(String path, String type, String body, String... headers) throws IOException {
		return RawStream.post(server.port(), path, type, body, headers);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/answers", "/entity-argument", "/ordinary", "/ordinary-pair", "/ordinary-entity",
			"/ordinary-mono", "/ordinary-mono-entity", "/ordinary-object", "/ordinary-open-entity", "/helper",
			"/helper-entity", "/helper-open-entity", "/helper-mono", "/helper-declared" })
	void aBodyIsAnsweredWithAStream(String path) throws IOException {
		for (String accept : new String[] { EVENTS, "Accept: */*", "Accept: application/json, text/event-stream" }) {
			try (RawStream stream = post(path, JSON, "{\"text\":\"Why?\"}", accept)) {
				assertThat(stream.status()).isEqualTo(200);
				assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
				assertThat(stream.headers().get("Cache-Control")).containsExactly("no-store");
				assertThat(stream.body()).isEqualTo(ANSWER);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "application/json, '{', 400", "text/csv, a;b, 415" })
	void aBodyThatCannotBeReadGetsTheUsualAnswer(String type, String body, int status) throws IOException {
		for (String path : new String[] { "/answers", "/ordinary", "/helper" }) {
			try (RawStream stream = post(path, type, body, EVENTS)) {
				assertThat(stream.status()).isEqualTo(status);
			}
		}
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void getIsNotAllowedWherePostIsMapped() throws IOException {
		try (RawStream stream = RawStream.get(server.port(), "/answers", EVENTS)) {
			assertThat(stream.status()).isEqualTo(405);
			assertThat(stream.headers().getFirst("Allow")).isEqualTo("POST");
		}
	}

	@Test
	void aFormIsRead() throws IOException {
		try (RawStream stream = post("/form", "application/x-www-form-urlencoded", "text=Why%3F", EVENTS)) {
			assertThat(stream.body()).isEqualTo("data: Why?\n\n");
		}
		try (RawStream stream = post("/comet-form", "application/x-www-form-urlencoded", "text=Why%3F&f=parent.g",
				"Accept: text/html")) {
			assertThat(stream.body()).endsWith("<script>parent.g('Why?');</script>");
		}
	}

	@Test
	void whatTheClassSaysOfBodiesHolds() throws IOException {
		try (RawStream stream = post("/class", "text/csv", "x", EVENTS)) {
			assertThat(stream.body()).isEqualTo("data: x\n\n");
		}
		try (RawStream stream = post("/class", "text/plain", "x", EVENTS)) {
			assertThat(stream.status()).isEqualTo(415);
		}
		try (RawStream stream = RawStream.get(server.port(), "/class", EVENTS)) {
			assertThat(stream.body()).isEqualTo("data: get\n\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/status", "/ordinary-status", "/helper-status" })
	void theStatusAndHeadersOfAnEntityAreUsed(String path) throws IOException {
		try (RawStream stream = post(path, JSON, "{}", EVENTS)) {
			assertThat(stream.status()).isEqualTo(202);
			assertThat(stream.headers().getFirst("X-Model")).isEqualTo("m1");
			assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
			assertThat(stream.body()).isEqualTo("data: x\n\n");
		}
	}

	@Test
	void anEntityWithoutAPairIsTheAnswer() throws IOException {
		try (RawStream stream = RawStream.get(server.port(), "/ordinary-refusing", EVENTS)) {
			assertThat(stream.status()).isEqualTo(403);
		}
	}

	@Test
	void headOfAnOrdinaryStreamGetsHeadersOnly() throws IOException {
		try (RawStream stream = RawStream.request(server.port(), "HEAD /ordinary-get HTTP/1.1", "Connection: close")) {
			assertThat(stream.headers().getFirst("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
			assertThat(stream.headers().getFirst("Vary")).isEqualTo("Accept");
			assertThat(stream.rest()).isEmpty();
		}
	}

	@Test
	void whatTheHelperIsToldIsDone() throws IOException {
		try (RawStream stream = RawStream.get(server.port(), "/told")) {
			assertThat(stream.body()).isEqualTo("retry: 7000\n\ndata: x\n\n");
		}
		try (RawStream stream = RawStream.get(server.port(), "/told-comet")) {
			assertThat(stream.until("<script>f('x');</script>")).isNotNull();
			assertThat(stream.chunks()).isEmpty();
		}
	}

	@Test
	void eventsOfTheHelperHaveTheirFields() throws IOException {
		try (RawStream stream = RawStream.get(server.port(), "/helper-events")) {
			assertThat(stream.body()).isEqualTo("id: 1\ndata: {\"token\":\"a\"}\n\n: note\n\n");
		}
	}

	@Test
	void aPairFromWhatProducesNoStreamIsAnError() throws IOException {
		try (RawStream stream = RawStream.get(server.port(), "/object")) {
			assertThat(stream.status()).isEqualTo(500);
		}
		try (RawStream stream = RawStream.get(server.port(), "/bodiless", EVENTS)) {
			assertThat(stream.status()).isEqualTo(500);
		}
	}

	record Question(String text) {
	}

	record Token(String token) {
	}

	@RestController
	@RequestMapping(path = "/class", consumes = "text/csv")
	static class ClassOfBodies {

		@EventSourceMapping(method = RequestMethod.POST)
		Out<String> post(@RequestBody String body) {
			return Out.of(body);
		}

		@EventSourceMapping
		Out<String> get() {
			return Out.of("get");
		}

	}

	@RestController
	static class Endpoints {

		private static Out<Token> answer(Question question) {
			return Out.of(question.text().split("(?=[?])")).map(Token::new);
		}

		private static <T> ResponseEntity<T> accepted(T body) {
			return ResponseEntity.accepted().header("X-Model", "m1").contentType(MediaType.APPLICATION_JSON).body(body);
		}

		@EventSourceMapping(path = "/answers", method = RequestMethod.POST)
		Out<Token> answers(@RequestBody Question question) {
			return answer(question);
		}

		@EventSourceMapping(path = "/entity-argument", method = RequestMethod.POST)
		InOut<Void, Token> entityArgument(HttpEntity<Question> question) {
			return InOut.of(In.ignore(), answer(question.getBody()));
		}

		@EventSourceMapping(path = "/form", method = RequestMethod.POST)
		Out<String> form(@RequestParam String text) {
			return Out.of(text);
		}

		@CometMapping(path = "/comet-form", method = RequestMethod.POST, callbackParameter = "f")
		Out<String> cometForm(@RequestParam String text) {
			return Out.of(text);
		}

		@EventSourceMapping(path = "/status", method = RequestMethod.POST)
		ResponseEntity<Out<String>> status() {
			return accepted(Out.of("x"));
		}

		@PostMapping(path = "/ordinary", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<Token> ordinary(@RequestBody Question question) {
			return answer(question);
		}

		@PostMapping(path = "/ordinary-pair", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		InOut<Void, Token> ordinaryPair(@RequestBody Question question) {
			return InOut.of(In.ignore(), answer(question));
		}

		@PostMapping(path = "/ordinary-entity", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		ResponseEntity<Out<Token>> ordinaryEntity(@RequestBody Question question) {
			return ResponseEntity.ok(answer(question));
		}

		@PostMapping(path = "/ordinary-mono", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Mono<Out<Token>> ordinaryMono(@RequestBody Question question) {
			return Mono.delay(Duration.ofMillis(10)).map((tick) -> answer(question));
		}

		@PostMapping(path = "/ordinary-mono-entity", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Mono<ResponseEntity<Out<Token>>> ordinaryMonoEntity(@RequestBody Question question) {
			return Mono.delay(Duration.ofMillis(10)).map((tick) -> ResponseEntity.ok(answer(question)));
		}

		@PostMapping(path = "/ordinary-object", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Object ordinaryObject(@RequestBody Question question) {
			return answer(question);
		}

		@PostMapping(path = "/ordinary-open-entity", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		ResponseEntity<?> ordinaryOpenEntity(@RequestBody Question question) {
			return ResponseEntity.ok(answer(question));
		}

		@PutMapping(path = "/ordinary-status", produces = "text/event-stream")
		ResponseEntity<Out<String>> unused() {
			return accepted(Out.of("put"));
		}

		@PostMapping(path = "/ordinary-status", produces = "text/event-stream;charset=UTF-8")
		ResponseEntity<Out<String>> ordinaryStatus() {
			return accepted(Out.of("x"));
		}

		@GetMapping(path = "/ordinary-refusing", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		ResponseEntity<Out<String>> refusing() {
			return ResponseEntity.status(HttpStatus.FORBIDDEN).build();
		}

		@GetMapping(path = "/ordinary-get", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<String> ordinaryGet() {
			return Out.of("x");
		}

		@GetMapping(path = "/bodiless", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		ResponseEntity<Out<String>> bodiless() {
			return ResponseEntity.status(HttpStatus.RESET_CONTENT).body(Out.of("x"));
		}

		@GetMapping("/object")
		Object object() {
			return Out.of("x");
		}

		@PostMapping("/helper")
		ResponseBodyEmitter helper(@RequestBody Question question) {
			return EventStream.emit(answer(question));
		}

		@PostMapping("/helper-entity")
		ResponseEntity<EventStreamEmitter> helperEntity(@RequestBody Question question) {
			return ResponseEntity.ok(EventStream.emit(answer(question)));
		}

		@PostMapping("/helper-open-entity")
		ResponseEntity<?> helperOpenEntity(@RequestBody Question question) {
			return ResponseEntity.ok(EventStream.emit(answer(question)));
		}

		@PostMapping("/helper-mono")
		Mono<EventStreamEmitter> helperMono(@RequestBody Question question) {
			return Mono.delay(Duration.ofMillis(10)).map((tick) -> EventStream.emit(answer(question)));
		}

		@PostMapping("/helper-declared")
		EventStreamEmitter helperDeclared(@RequestBody Question question) {
			return EventStream.emit(answer(question), Token.class);
		}

		@PostMapping("/helper-status")
		ResponseEntity<ResponseBodyEmitter> helperStatus() {
			return accepted(EventStream.emit(Out.of("x")));
		}

		@GetMapping("/helper-events")
		EventStreamEmitter helperEvents() {
			return EventStream.emit(Out.of(ServerSentEvent.builder(new Token("a")).id("1").build(),
					ServerSentEvent.<Token>builder().comment("note").build()));
		}

		@GetMapping("/told")
		EventStreamEmitter told() {
			return EventStream.emit(Out.of("x").andThen(Out.never()))
				.retry(Duration.ofSeconds(7))
				.heartbeat(Duration.ofMinutes(1))
				.timeout(Duration.ofMillis(500))
				.overflow(Overflow.DROP_OLDEST);
		}

		@GetMapping("/told-comet")
		ResponseBodyEmitter toldComet() {
			return Comet.callback("f")
				.heartbeat(Duration.ofMinutes(1))
				.timeout(Duration.ofMillis(500))
				.overflow(Overflow.LATEST)
				.emit(Out.of("x").andThen(Out.never()));
		}

	}

}
