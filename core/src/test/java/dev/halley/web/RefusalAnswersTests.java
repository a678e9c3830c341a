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
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.view.RedirectView;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.InvalidCallbackException;
import dev.halley.web.RawHandshake.Answer;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a refused request is answered with, whatever exception handlers there are.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class RefusalAnswersTests {

	@Parameter
	private Engine engine;

	@ParameterizedTest
	@EnumSource
	void aRefusalSaysWhatIsWrong(Refusal refusal) {
		try (TestServer server = start()) {
			Answer answer = refusal.assertThatItStays(server);
			assertThat(answer.headers().getFirst("Content-Type")).isEqualTo("application/problem+json");
			assertThat(answer.body()).contains("\"status\":" + refusal.status).contains(refusal.detail);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aRefusalSurvivesAnAdviceForAllExceptions(Refusal refusal) {
		try (TestServer server = start(CatchAll.class)) {
			Answer answer = refusal.assertThatItStays(server);
			assertThat(answer.body()).contains(refusal.detail);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aRefusalSurvivesAControllerForAllExceptions(Refusal refusal) {
		try (TestServer server = TestServer.start(this.engine, Catching.class)) {
			refusal.assertThatItStays(server);
		}
	}

	@ParameterizedTest
	@EnumSource
	void anAdviceForHttpAnswersGetsIt(Refusal refusal) {
		try (TestServer server = start(CatchAll.class, Problems.class)) {
			Answer answer = refusal.assertThatItStays(server);
			assertThat(answer.headers().getFirst("X-By")).isEqualTo("problems");
			assertThat(answer.body()).contains(refusal.detail);
		}
	}

	@Test
	void anAdviceThatNamesItChangesItThoughAnotherForAllExceptionsComesFirst() {
		try (TestServer server = start(CatchAll.class, Naming.class)) {
			Answer answer = Refusal.ORIGIN.send(server);
			assertThat(answer.status()).isEqualTo(418);
			assertThat(answer.body()).isEqualTo("no: Origin is not allowed");
			assertThat(Refusal.PLAIN.send(server).status()).isEqualTo(418);
			assertThat(Refusal.SOCKET_TOO_MANY.send(server).status()).isEqualTo(418);
		}
	}

	@Test
	void theControllersOwnHandlerComesFirst() {
		try (TestServer server = TestServer.start(this.engine, OwnNaming.class, Naming.class)) {
			assertThat(Refusal.ORIGIN.send(server).status()).isEqualTo(410);
		}
	}

	@Test
	void anAdviceMayAnswerWithAView() {
		try (TestServer server = start(Redirecting.class)) {
			Answer answer = Refusal.ORIGIN.send(server);
			assertThat(answer.status()).isEqualTo(302);
			assertThat(answer.headers().getFirst("Location")).endsWith("/why");
		}
	}

	@Test
	void anAdviceThatFailsLeavesTheAnswerAsItIs() {
		try (TestServer server = start(Failing.class)) {
			Refusal.VERSION.assertThatItStays(server);
		}
	}

	@Test
	void theFailureOfAMethodIsStillForTheAdvice() {
		try (TestServer server = start(CatchAll.class)) {
			assertThat(RawHandshake.to(server, "/failing").send().status()).isEqualTo(500);
		}
	}

	@Test
	void aPageOfABrowserGetsThePageForErrors() {
		try (TestServer server = start()) {
			Answer answer = RawHandshake.plain(server, "/socket").add("Accept", "text/html,*/*;q=0.8").send();
			assertThat(answer.status()).isEqualTo(426);
			assertThat(answer.headers().getUpgrade()).isEqualTo("websocket");
			assertThat(answer.headers().getFirst("Content-Type")).startsWith("text/html");
		}
	}

	private TestServer start(Class<?>... advices) {
		Class<?>[] configuration = new Class<?>[advices.length + 1];
		configuration[0] = Endpoints.class;
		System.arraycopy(advices, 0, configuration, 1, advices.length);
		return TestServer.start(this.engine, configuration);
	}

	enum Refusal {

		VERSION(426, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version must be 13"),

		PLAIN(426, "Upgrade: websocket", "for WebSockets only"),

		ORIGIN(403, "", "Origin is not allowed"),

		KEY(400, "", "Sec-WebSocket-Key"),

		SUBPROTOCOL(400, "", "Sec-WebSocket-Protocol"),

		METHOD(405, "Allow: GET", "POST"),

		SOCKET_TOO_MANY(503, "", "shutting down"),

		STREAM_TOO_MANY(503, "", "shutting down"),

		COMET_TOO_MANY(503, "", "shutting down"),

		CALLBACK(400, "", "callback");

		private final int status;

		private final String header;

		private final String detail;

		Refusal(int status, String header, String detail) {
			this.status = status;
			this.header = header;
			this.detail = detail;
		}

		Answer send(TestServer server) {
			server.registry().stopAccepting();
			return request(server).send();
		}

		private RawHandshake request(TestServer server) {
			return switch (this) {
				case VERSION -> RawHandshake.to(server, "/socket").set("Sec-WebSocket-Version", "8");
				case PLAIN -> RawHandshake.plain(server, "/socket");
				case ORIGIN -> RawHandshake.to(server, "/socket").add("Origin", "https://elsewhere.example");
				case KEY -> RawHandshake.to(server, "/socket").without("Sec-WebSocket-Key");
				case SUBPROTOCOL -> RawHandshake.to(server, "/socket").add("Sec-WebSocket-Protocol", "a b");
				case METHOD -> RawHandshake.to(server, "/socket").method("POST").add("Content-Length", "0");
				case SOCKET_TOO_MANY -> RawHandshake.to(server, "/socket");
				case STREAM_TOO_MANY -> RawHandshake.plain(server, "/stream");
				case COMET_TOO_MANY -> RawHandshake.plain(server, "/comet?callback=tick");
				case CALLBACK -> RawHandshake.plain(server, "/comet?callback=alert(1)");
			};
		}

		Answer assertThatItStays(TestServer server) {
			Answer answer = send(server);
			assertThat(answer.status()).isEqualTo(this.status);
			if (!this.header.isEmpty()) {
				String[] header = this.header.split(": ");
				assertThat(answer.headers().get(header[0])).containsExactly(header[1]);
			}
			return answer;
		}

	}

	@Controller
	static class Endpoints {

		@WebSocketMapping("/socket")
		@EventSourceMapping("/stream")
		@CometMapping(path = "/comet", callbackParameter = "callback")
		Out<String> endpoint() {
			return Out.never();
		}

		@WebSocketMapping("/failing")
		Out<String> failing() {
			throw new IllegalStateException("broken");
		}

	}

	@Controller
	static class Catching extends Endpoints {

		@ExceptionHandler(Exception.class)
		@ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
		@ResponseBody
		String anything() {
			return "oops";
		}

	}

	@Controller
	static class OwnNaming extends Endpoints {

		@ExceptionHandler
		@ResponseStatus(HttpStatus.GONE)
		void refused(HandshakeRefusedException ex) {
		}

	}

	@ControllerAdvice
	@Order(1)
	static class CatchAll {

		@ExceptionHandler({ Exception.class, IllegalArgumentException.class })
		@ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
		@ResponseBody
		String anything() {
			return "oops";
		}

	}

	@ControllerAdvice
	@Order(2)
	static class Naming {

		@ExceptionHandler
		@ResponseStatus(HttpStatus.I_AM_A_TEAPOT)
		@ResponseBody
		String refused(HandshakeRefusedException ex) {
			return "no: " + ex.getBody().getDetail();
		}

	}

	@ControllerAdvice
	@Order(2)
	static class Problems extends ResponseEntityExceptionHandler {

		@ExceptionHandler
		ResponseEntity<?> callback(InvalidCallbackException ex) {
			return answer(ex);
		}

		@Override
		protected ResponseEntity<Object> createResponseEntity(Object body, HttpHeaders headers, HttpStatusCode status,
				WebRequest request) {
			return ResponseEntity.status(status).headers(headers).header("X-By", "problems").body(body);
		}

		private static ResponseEntity<?> answer(ErrorResponse ex) {
			return ResponseEntity.status(ex.getStatusCode()).header("X-By", "problems").body(ex.getBody());
		}

	}

	@ControllerAdvice
	static class Redirecting {

		@ExceptionHandler
		RedirectView refused(ErrorResponseException ex) {
			return new RedirectView("/why");
		}

	}

	@ControllerAdvice
	static class Failing {

		@ExceptionHandler
		void refused(HandshakeRefusedException ex) {
			throw ex;
		}

	}

}
