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

import java.security.Principal;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.Handshake;

/**
 * Methods that look at handshakes, and refuse some.
 */
@RestController
class HandshakeController {

	private static InOut<String, String> pair(Run run) {
		return run.pair(run.collect(), Out.of("hello"));
	}

	private static ResponseStatusException refusal() {
		return new ResponseStatusException(HttpStatus.PAYMENT_REQUIRED);
	}

	@WebSocketMapping("/refuse/exception")
	InOut<String, String> exception(Run run) {
		run.hear("asked");
		throw refusal();
	}

	@WebSocketMapping("/refuse/bug")
	InOut<String, String> bug(Run run) {
		throw new IllegalStateException("secret");
	}

	@WebSocketMapping("/refuse/null")
	InOut<String, String> nothing(Run run) {
		return null;
	}

	@WebSocketMapping("/refuse/entity")
	ResponseEntity<InOut<String, String>> entity(Run run) {
		return ResponseEntity.status(HttpStatus.FORBIDDEN).header("Why", "because").build();
	}

	@WebSocketMapping("/refuse/mono")
	Mono<InOut<String, String>> mono(Run run) {
		return Mono.delay(Duration.ofMillis(5)).then(Mono.error(refusal()));
	}

	@WebSocketMapping("/refuse/empty-mono")
	Mono<InOut<String, String>> emptyMono(Run run) {
		return Mono.empty();
	}

	@WebSocketMapping("/refuse/stage")
	CompletionStage<InOut<String, String>> stage(Run run) {
		return CompletableFuture.failedFuture(refusal());
	}

	@WebSocketMapping("/refuse/callable")
	Callable<InOut<String, String>> callable(Run run) {
		return () -> {
			throw refusal();
		};
	}

	@WebSocketMapping("/accept/mono")
	Mono<InOut<String, String>> acceptedMono(Run run) {
		return Mono.delay(Duration.ofMillis(5)).map((tick) -> pair(run));
	}

	@WebSocketMapping("/accept/stage")
	CompletionStage<InOut<String, String>> acceptedStage(Run run) {
		return CompletableFuture.completedFuture(pair(run));
	}

	@WebSocketMapping("/accept/callable")
	Callable<InOut<String, String>> acceptedCallable(Run run) {
		return () -> pair(run);
	}

	@WebSocketMapping("/accept/out")
	Out<String> acceptedOut() {
		return Out.of("hello");
	}

	@WebSocketMapping("/accept/in")
	In<String> acceptedIn(Run run) {
		return run.collect();
	}

	@WebSocketMapping("/accept/entity")
	ResponseEntity<InOut<String, String>> acceptedEntity(Run run) {
		return ResponseEntity.ok()
			.header("Custom", "kept")
			.header("Set-Cookie", "one=1")
			.header("Set-Cookie", "two=2")
			.header("Connection", "close")
			.header("Upgrade", "h2c")
			.header("Content-Length", "7")
			.header("Sec-WebSocket-Accept", "wrong")
			.header("Sec-WebSocket-Protocol", "wrong")
			.header("Sec-WebSocket-Extensions", "wrong")
			.body(pair(run));
	}

	@WebSocketMapping(path = "/subprotocols", subprotocols = { "v2.chat", "v1.chat" })
	InOut<String, String> subprotocols(Run run, Handshake handshake) {
		return run.pair(In.ignore(), Out.of(String.valueOf(handshake.subprotocol())));
	}

	@WebSocketMapping(path = "/subprotocols/required", subprotocols = "v2.chat", subprotocolRequired = true)
	InOut<String, String> requiredSubprotocol(Run run) {
		run.hear("asked");
		return pair(run);
	}

	@WebSocketMapping(path = "/origins", allowedOrigins = { "https://*.example.org", "http://example.net:81" })
	InOut<String, String> origins(Run run) {
		return pair(run);
	}

	@WebSocketMapping("/plain-too")
	InOut<String, String> live(Run run) {
		return pair(run);
	}

	@GetMapping("/plain-too")
	String plain() {
		return "plain";
	}

	@WebSocketMapping("/secure/room")
	InOut<String, String> secure(Run run, Principal user) {
		return run.pair(In.ignore(), Out.of(user.getName()));
	}

	@GetMapping("/log-in")
	String logIn(HttpSession session) {
		session.setAttribute("planet", "Neptune");
		return session.getId();
	}

	@WebSocketMapping("/arguments/{number}")
	InOut<String, String> arguments(Run run, @PathVariable int number, @RequestParam String query,
			@RequestHeader String custom, @CookieValue String biscuit, @SessionAttribute String planet, Locale locale,
			@Value("${cases.greeting}") String greeting) {
		return run.pair(In.ignore(), Out.of(String.join(" ", String.valueOf(number), query, custom, biscuit, planet,
				locale.toLanguageTag(), greeting)));
	}

	@WebSocketMapping("/where")
	InOut<String, String> where(Run run, HttpServletRequest request) {
		return run.pair(In.ignore(),
				Out.of(request.getScheme() + " " + request.getServerName() + " " + request.getRemoteAddr()));
	}

}
