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

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import io.reactivex.rxjava3.core.Single;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
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
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionLimits;
import dev.halley.web.RawHandshake.Answer;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a method may return, and what becomes of it.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class AcceptanceTests {

	private static final AtomicReference<String> RECEIVED = new AtomicReference<>();

	private static CompletableFuture<String> gate;

	private static CompletableFuture<InOut<String, String>> held;

	private static TestServer server;

	@Parameter
	private Engine engine;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) {
		gate = new CompletableFuture<>();
		RECEIVED.set(null);
		server = TestServer.start(engine, Endpoints.class, Moving.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/pair", "/mono", "/stage", "/callable", "/deferred", "/task", "/single", "/entity",
			"/mono-entity", "/callable-mono-entity" })
	void aPairIsRunHoweverItIsReturned(String path) {
		try (TestServer.Client client = server.connect(path)) {
			assertThat(client.next()).isEqualTo("Hello!");
			assertThat(client.say("ping").next()).isEqualTo("echo ping");
		}
	}

	@Test
	void anOutAloneIgnoresWhatComesIn() {
		try (TestServer.Client client = server.connect("/out")) {
			assertThat(client.next()).isEqualTo("out 1");
			client.say("anything");
			gate.complete("out 2");
			assertThat(client.next()).isEqualTo("out 2");
		}
	}

	@Test
	void anInAloneSendsNothingAndStaysOpen() {
		try (TestServer.Client client = server.connect("/in")) {
			client.say("something");
			Awaitility.await().until(() -> "something".equals(RECEIVED.get()));
			assertThat(server.registry().all()).anyMatch(Connection::isOpen);
		}
	}

	@Test
	void headersAndCookiesOfAnEntityGoIntoTheResponse() {
		Answer answer = RawHandshake.to(server, "/headers").send();
		assertThat(answer.status()).isEqualTo(101);
		assertThat(answer.headers().get("X-Room")).containsExactly("a", "b");
		assertThat(answer.headers().get("Set-Cookie")).containsExactly("seen=1; Path=/", "other=2");
	}

	@Test
	void headersThatBelongToTheProtocolAreIgnored() {
		Answer answer = RawHandshake.to(server, "/headers").send();
		assertThat(answer.headers().getUpgrade()).isEqualToIgnoringCase("websocket");
		assertThat(answer.headers().getConnection()).noneMatch((value) -> value.contains("close"));
		assertThat(answer.headers().get("Sec-WebSocket-Accept")).hasSize(1).doesNotContain("wrong");
		assertThat(answer.headers().containsHeader("Sec-WebSocket-Protocol")).isFalse();
		assertThat(answer.headers().getContentLength()).isNotEqualTo(17);
	}

	@ParameterizedTest
	@CsvSource({ "/refuse/entity, 403", "/refuse/mono-entity, 403", "/refuse/problem, 409", "/refuse/exception, 418",
			"/refuse/mono-error, 418", "/refuse/stage-error, 418", "/refuse/handled, 402", "/refuse/annotated, 410",
			"/refuse/null, 500", "/refuse/empty-mono, 500", "/refuse/status, 423", "/refuse/response, 451" })
	void aRefusalIsTheHttpAnswer(String path, int status) {
		Answer answer = RawHandshake.to(server, path).send();
		assertThat(answer.status()).isEqualTo(status);
		assertThat(server.registry().all()).noneMatch((connection) -> connection.info().endpoint().equals(path));
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void theBodyOfARefusalIsWritten() {
		assertThat(RawHandshake.to(server, "/refuse/problem").send().body()).contains("the room is full");
		assertThat(RawHandshake.to(server, "/refuse/handled").send().body()).isEqualTo("pay first");
	}

	@Test
	void aTimeOutIsAnsweredAndThePlaceIsFreeAgain() {
		assertThat(RawHandshake.to(server, "/refuse/timeout").send().status()).isEqualTo(503);
		server.awaitNoPlaceWithoutConnection();
	}

	@Test
	void thePlaceOfAPeerThatIsGoneBeforeItIsAcceptedIsFreeAgain() throws Exception {
		try (TestServer hurried = TestServer.start(this.engine, Endpoints.class, Time.class)) {
			held = new CompletableFuture<>();
			try (Socket socket = RawHandshake.to(hurried, "/held").open()) {
				socket.setSoLinger(true, 0);
				Awaitility.await().until(() -> hurried.registry().reserved() == 1);
			}
			held.complete(greet());
			Awaitility.await().untilAsserted(() -> {
				hurried.bean(Time.class).seconds.addAndGet(10);
				hurried.registry().tick();
				assertThat(hurried.registry().reserved()).isZero();
			});
		}
	}

	@Test
	void aConnectionKnowsItsHandshake() {
		try (TestServer.Client client = server.connect("/known/by%20name?q=1%202")) {
			assertThat(client.next()).isEqualTo("by name");
			ConnectionInfo info = server.registry()
				.all()
				.stream()
				.map(Connection::info)
				.filter((candidate) -> candidate.endpoint().startsWith("/known"))
				.findFirst()
				.orElseThrow();
			assertThat(info.endpoint()).isEqualTo("/known/{name}");
			assertThat(info.transport()).isEqualTo("websocket");
			assertThat(info.handler()).isEqualTo("AcceptanceTests.Endpoints.known");
			assertThat(info.uri()).hasToString("/known/by%20name?q=1%202");
			assertThat(info.remoteAddress()).isEqualTo("127.0.0.1");
			assertThat(info.principal()).isNull();
			assertThat(info.id()).isNotEmpty();
		}
	}

	@Test
	void oneTooManyIsRefusedUntilAPlaceIsFree() {
		try (TestServer limited = TestServer.start(this.engine, Endpoints.class, Limits.class)) {
			try (TestServer.Client first = limited.connect("/pair")) {
				assertThat(first.next()).isEqualTo("Hello!");
				assertThat(RawHandshake.to(limited, "/pair").send().status()).isEqualTo(503);
			}
			Awaitility.await().until(() -> limited.registry().size() == 0);
			assertThat(RawHandshake.to(limited, "/pair").send().status()).isEqualTo(101);
		}
	}

	@Test
	void aRefusalMayForwardToAnotherEndpointWhichChecksTheHandshakeAnew() throws Exception {
		try (Socket socket = RawHandshake.to(server, "/moved").open()) {
			assertThat(Answer.read(socket).status()).isEqualTo(101);
			Awaitility.await().until(() -> isServing("/pair"));
			server.awaitNoPlaceWithoutConnection();
		}
	}

	@Test
	void aRefusalMayNotForwardToAnEndpointForOtherOrigins() {
		RawHandshake foreign = RawHandshake.to(server, "/moved").add("Origin", "https://elsewhere.example");
		assertThat(foreign.send().status()).isEqualTo(403);
	}

	private static boolean isServing(String endpoint) {
		return server.registry().all().stream().anyMatch((connection) -> connection.info().endpoint().equals(endpoint));
	}

	@Test
	void nothingIsAcceptedWhileShuttingDown() {
		try (TestServer stopping = TestServer.start(this.engine, Endpoints.class)) {
			stopping.registry().stopAccepting();
			assertThat(RawHandshake.to(stopping, "/pair").send().status()).isEqualTo(503);
		}
	}

	private static InOut<String, String> greet() {
		return InOut.flow((messages) -> messages.map((message) -> "echo " + message).startWith("Hello!"));
	}

	static class Limits {

		@Bean
		ConnectionLimits limits() {
			return new ConnectionLimits(1, 10, 10);
		}

	}

	/** Passes when a test says so. */
	static class Time {

		private final AtomicLong seconds = new AtomicLong();

		@Bean
		LongSupplier ticker() {
			return () -> TimeUnit.SECONDS.toNanos(this.seconds.get());
		}

	}

	@RestController
	static class Endpoints {

		@WebSocketMapping("/pair")
		InOut<String, String> pair() {
			return greet();
		}

		@WebSocketMapping("/mono")
		Mono<InOut<String, String>> mono() {
			return Mono.delay(Duration.ofMillis(50)).map((tick) -> greet());
		}

		@WebSocketMapping("/stage")
		CompletionStage<InOut<String, String>> stage() {
			return CompletableFuture.supplyAsync(AcceptanceTests::greet,
					CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		}

		@WebSocketMapping("/callable")
		Callable<InOut<String, String>> callable() {
			return AcceptanceTests::greet;
		}

		@WebSocketMapping("/held")
		CompletionStage<InOut<String, String>> held() {
			return held;
		}

		@WebSocketMapping("/deferred")
		DeferredResult<InOut<String, String>> deferred() {
			DeferredResult<InOut<String, String>> result = new DeferredResult<>();
			result.setResult(greet());
			return result;
		}

		@WebSocketMapping("/task")
		WebAsyncTask<InOut<String, String>> task() {
			return new WebAsyncTask<>(AcceptanceTests::greet);
		}

		@WebSocketMapping("/single")
		Single<InOut<String, String>> single() {
			return Single.just(greet());
		}

		@WebSocketMapping("/entity")
		ResponseEntity<InOut<String, String>> entity() {
			return ResponseEntity.ok(greet());
		}

		@WebSocketMapping("/mono-entity")
		Mono<ResponseEntity<InOut<String, String>>> monoEntity() {
			return Mono.just(ResponseEntity.ok(greet()));
		}

		@WebSocketMapping("/callable-mono-entity")
		Callable<Mono<ResponseEntity<InOut<String, String>>>> callableMonoEntity() {
			return this::monoEntity;
		}

		@WebSocketMapping("/out")
		Out<String> out() {
			return Out.of("out 1").andThen(Out.from(gate));
		}

		@WebSocketMapping("/in")
		In<String> in() {
			return In.forEach(RECEIVED::set);
		}

		@WebSocketMapping("/known/{name}")
		Out<String> known(@PathVariable String name) {
			return Out.of(name);
		}

		@WebSocketMapping("/headers")
		ResponseEntity<InOut<String, String>> headers() {
			return ResponseEntity.ok()
				.header("X-Room", "a", "b")
				.header("Set-Cookie", "seen=1; Path=/", "other=2")
				.header("Connection", "close")
				.header("Upgrade", "h2c")
				.header("Content-Length", "17")
				.header("Sec-WebSocket-Accept", "wrong")
				.header("sec-websocket-protocol", "wrong")
				.body(greet());
		}

		@WebSocketMapping("/refuse/entity")
		ResponseEntity<InOut<String, String>> refuseByEntity() {
			return ResponseEntity.status(403).build();
		}

		@WebSocketMapping("/refuse/mono-entity")
		Mono<ResponseEntity<InOut<String, String>>> refuseByMonoOfEntity() {
			return Mono.just(ResponseEntity.status(403).build());
		}

		@WebSocketMapping("/refuse/problem")
		ResponseEntity<InOut<String, String>> refuseByProblem() {
			return ResponseEntity.of(ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "the room is full")).build();
		}

		@WebSocketMapping("/refuse/exception")
		InOut<String, String> refuseByException() {
			throw new ResponseStatusException(HttpStatus.I_AM_A_TEAPOT);
		}

		@WebSocketMapping("/refuse/mono-error")
		Mono<InOut<String, String>> refuseByMono() {
			return Mono.error(new ResponseStatusException(HttpStatus.I_AM_A_TEAPOT));
		}

		@WebSocketMapping("/refuse/stage-error")
		CompletionStage<Out<String>> refuseByStage() {
			return CompletableFuture.failedFuture(new ResponseStatusException(HttpStatus.I_AM_A_TEAPOT));
		}

		@WebSocketMapping("/refuse/handled")
		InOut<String, String> refuseByHandledException() {
			throw new UnsupportedOperationException("pay first");
		}

		@WebSocketMapping("/refuse/annotated")
		InOut<String, String> refuseByAnnotatedException() {
			throw new Gone();
		}

		@WebSocketMapping("/refuse/null")
		InOut<String, String> nothing() {
			return null;
		}

		@WebSocketMapping("/refuse/empty-mono")
		Mono<InOut<String, String>> emptyMono() {
			return Mono.empty();
		}

		@WebSocketMapping("/refuse/status")
		@ResponseStatus(HttpStatus.LOCKED)
		InOut<String, String> refuseByStatus() {
			return null;
		}

		@WebSocketMapping("/refuse/response")
		InOut<String, String> refuseByResponse(HttpServletResponse response) {
			response.setStatus(451);
			return null;
		}

		@WebSocketMapping("/refuse/timeout")
		DeferredResult<InOut<String, String>> refuseByTimeout() {
			return new DeferredResult<>(50L);
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.PAYMENT_REQUIRED)
		String handle(UnsupportedOperationException ex) {
			return ex.getMessage();
		}

	}

	@Controller
	static class Moving {

		@WebSocketMapping(path = "/moved", allowedOrigins = "*")
		Out<byte[]> moved() {
			throw new IllegalStateException("moved");
		}

		@ExceptionHandler
		String forward(IllegalStateException ex) {
			return "forward:/pair";
		}

	}

	@ResponseStatus(HttpStatus.GONE)
	static class Gone extends RuntimeException {

	}

}
