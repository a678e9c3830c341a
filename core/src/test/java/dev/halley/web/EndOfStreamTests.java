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
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.Comet;
import dev.halley.sse.EventStream;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a client learns that what it listens to has failed or is over.
 */
@ParameterizedClass
@EnumSource(value = Engine.class, names = { "NATIVE", "LOOPS" })
class EndOfStreamTests {

	private static final String EVENTS = "Accept: text/event-stream";

	private static final String HTML = "Accept: text/html";

	private static final String LAST = "id: dev.halley.end\nevent: stream-end\ndata: \n\n";

	private static final AtomicInteger RUNS = new AtomicInteger();

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		server = TestServer.start(engine, Endpoints.class, Advice.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	private static String body(String path, String... headers) throws IOException {
		try (RawStream stream = RawStream.get(server.port(), path, headers)) {
			assertThat(stream.status()).isEqualTo(200);
			return stream.body();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/failing", "/ordinary-failing", "/helper-failing" })
	void whatAnExceptionHandlerReturnsIsTheLastEvent(String path) throws IOException {
		assertThat(body(path, EVENTS)).isEqualTo("data: x\n\ndata: {\"problem\":\"no luck\"}\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/failing", "/comet-failing" })
	void whatAnExceptionHandlerReturnsIsTheLastCall(String path) throws IOException {
		assertThat(body(path, HTML)).endsWith("<script>f('x');</script><script>f({\"problem\":\"no luck\"});</script>");
	}

	@Test
	void whatAnExceptionHandlerReturnsIsTheLastMessageOfAWebSocket() {
		try (TestServer.Client client = server.connect("/failing")) {
			assertThat(client.next()).isEqualTo("x");
			assertThat(client.next()).isEqualTo("{\"problem\":\"no luck\"}");
			assertThat(client.next()).isEqualTo("close 1011");
		}
	}

	@Test
	void anExceptionHandlerChoosesHowToClose() throws IOException {
		try (TestServer.Client client = server.connect("/closing")) {
			assertThat(client.next()).isEqualTo("close 4004");
		}
		assertThat(body("/closing", EVENTS)).isEqualTo(LAST);
	}

	@Test
	void anExceptionHandlerNamesTheEvent() throws IOException {
		assertThat(body("/named", EVENTS)).isEqualTo("event: problem\ndata: {\"problem\":\"named\"}\n\n");
		assertThat(body("/named", HTML)).endsWith("<script>f({\"problem\":\"named\"});</script>");
	}

	@ParameterizedTest
	@CsvSource({ "/secret, text/event-stream", "/secret, text/html", "/comet-secret, text/html" })
	void nothingOfAFailureIsToldOtherwise(String path, String accept) throws IOException {
		assertThat(body(path, "Accept: " + accept)).doesNotContain("secret").doesNotContain("stream-end");
	}

	@Test
	void aWebSocketIsToldNothingEither() {
		try (TestServer.Client client = server.connect("/secret")) {
			assertThat(client.next()).isEqualTo("close 1011");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/eof", "/closed", "/flow", "/ordinary-eof", "/helper-eof", "/job", "/failing-job",
			"/helper-job" })
	void anEndForGoodIsTold(String path) throws IOException {
		assertThat(body(path, EVENTS)).isEqualTo("data: x\n\n" + LAST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/restarting", "/limited-job" })
	void anyOtherEndIsNot(String path) throws IOException {
		assertThat(body(path, EVENTS)).isEqualTo("data: x\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/counted-job", "/ordinary-counted-job", "/helper-counted-job" })
	void whoComesBackAfterTheEndIsSentAwayAndNothingRuns(String path) throws IOException {
		RUNS.set(0);
		assertThat(body(path, EVENTS)).endsWith(LAST);
		assertThat(RUNS).hasValue(1);
		try (RawStream stream = RawStream.get(server.port(), path, EVENTS, "Last-Event-ID: dev.halley.end")) {
			assertThat(stream.status()).isEqualTo(204);
			assertThat(stream.headers().getFirst("Cache-Control")).isEqualTo("no-store");
		}
		try (RawStream stream = RawStream.get(server.port(), path + "?lastEventId=dev.halley.end", EVENTS)) {
			assertThat(stream.status()).isEqualTo(204);
		}
		try (RawStream stream = RawStream.get(server.port(), path, EVENTS, "Last-Event-ID: dev.halley.ende")) {
			assertThat(stream.body()).startsWith("data: x 2");
		}
		assertThat(RUNS).hasValue(2);
		server.awaitNoPlaceWithoutConnection();
	}

	@ParameterizedTest
	@CsvSource({ "/eof, true", "/plain, false", "/failing-job, true", "/comet-eof, true", "/comet-plain, false",
			"/comet-job, true" })
	void aCometPageIsToldByACall(String path, boolean told) throws IOException {
		String call = "<script>parent.over();</script>";
		assertThat(body(path, HTML)).endsWith("<script>f('x');</script>" + (told ? call : ""));
	}

	@RestController
	static class Endpoints {

		private static Out<String> failing(RuntimeException ex) {
			return Out.of("x").andThen(Out.from(Flux.error(ex)));
		}

		private static Out<String> counted() {
			return Out.from(Flux.defer(() -> Flux.just("x " + RUNS.incrementAndGet())));
		}

		@MessageExceptionHandler
		Problem handle(UnsupportedOperationException ex) {
			return new Problem(ex.getMessage());
		}

		@MessageExceptionHandler
		Object named(ClassCastException ex) {
			return ServerSentEvent.builder(new Problem("named")).event("problem").build();
		}

		@WebSocketMapping("/failing")
		@EventSourceMapping("/failing")
		@CometMapping(path = "/failing", callback = "f")
		Out<String> failing() {
			return failing(new UnsupportedOperationException("no luck"));
		}

		@GetMapping(path = "/ordinary-failing", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<String> ordinaryFailing() {
			return failing();
		}

		@GetMapping("/helper-failing")
		ResponseBodyEmitter helperFailing() {
			return EventStream.emit(failing());
		}

		@GetMapping("/comet-failing")
		ResponseBodyEmitter cometFailing() {
			return Comet.callback("f").emit(failing());
		}

		@WebSocketMapping("/closing")
		@EventSourceMapping("/closing")
		Out<String> closing() {
			return Out.from(Flux.error(new IllegalArgumentException("closes")));
		}

		@EventSourceMapping("/named")
		@CometMapping(path = "/named", callback = "f")
		Out<String> named() {
			return Out.from(Flux.error(new ClassCastException()));
		}

		@WebSocketMapping("/secret")
		@EventSourceMapping("/secret")
		@CometMapping(path = "/secret", callback = "f")
		Out<String> secret() {
			return Out.from(Flux.error(new IllegalStateException("secret")));
		}

		@GetMapping("/comet-secret")
		ResponseBodyEmitter cometSecret() {
			return Comet.callback("f").endCallback("g").emit(secret());
		}

		@EventSourceMapping("/eof")
		@CometMapping(path = "/eof", callback = "f", endCallback = "parent.over")
		Out<String> eof() {
			return Out.of("x").andThen(Out.eof());
		}

		@EventSourceMapping("/closed")
		Out<String> closed() {
			return Out.of("x").andThen(Out.close(CloseStatus.POLICY_VIOLATION));
		}

		@EventSourceMapping("/flow")
		InOut<String, String> flow() {
			return InOut.flow((in) -> Flux.just("x"));
		}

		@GetMapping(path = "/ordinary-eof", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<String> ordinaryEof() {
			return eof();
		}

		@GetMapping("/helper-eof")
		ResponseBodyEmitter helperEof() {
			return EventStream.emit(eof());
		}

		@EventSourceMapping(path = "/job", reconnect = false)
		Out<String> job() {
			return Out.of("x");
		}

		@EventSourceMapping(path = "/failing-job", reconnect = false)
		@CometMapping(path = "/failing-job", callback = "f", endCallback = "parent.over", reconnect = false)
		Out<String> failingJob() {
			return failing(new IllegalStateException("job"));
		}

		@GetMapping("/helper-job")
		ResponseBodyEmitter helperJob() {
			return EventStream.emit(job()).withoutReconnect();
		}

		@EventSourceMapping("/plain")
		@CometMapping(path = "/plain", callback = "f", endCallback = "parent.over")
		Out<String> plain() {
			return Out.of("x");
		}

		@EventSourceMapping("/restarting")
		Out<String> restarting() {
			return Out.of("x").andThen(Out.close(CloseStatus.SERVICE_RESTARTED));
		}

		@EventSourceMapping(path = "/limited-job", reconnect = false, timeout = "200ms")
		Out<String> limitedJob() {
			return Out.of("x").andThen(Out.never());
		}

		@EventSourceMapping(path = "/counted-job", reconnect = false)
		Out<String> countedJob() {
			return counted();
		}

		@GetMapping(path = "/ordinary-counted-job", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<String> ordinaryCountedJob() {
			return counted().andThen(Out.eof());
		}

		@GetMapping("/helper-counted-job")
		ResponseBodyEmitter helperCountedJob() {
			return EventStream.emit(counted()).withoutReconnect();
		}

		@GetMapping("/comet-eof")
		ResponseBodyEmitter cometEof() {
			return Comet.callback("f").endCallback("parent.over").emit(eof());
		}

		@GetMapping("/comet-plain")
		ResponseBodyEmitter cometPlain() {
			return Comet.callback("f").endCallback("parent.over").emit(plain());
		}

		@GetMapping("/comet-job")
		ResponseBodyEmitter cometJob() {
			return Comet.callback("f").endCallback("parent.over").withoutReconnect().emit(plain());
		}

	}

	@ControllerAdvice
	static class Advice {

		@MessageExceptionHandler
		CloseStatus handle(IllegalArgumentException ex) {
			return new CloseStatus(4004);
		}

	}

	record Problem(String problem) {
	}

}
