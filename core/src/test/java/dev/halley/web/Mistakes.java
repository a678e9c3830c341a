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

import java.util.List;
import java.util.concurrent.Callable;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

/**
 * Controllers that cannot work, each for one reason.
 */
final class Mistakes {

	private Mistakes() {
	}

	static class ReturnsString {

		@WebSocketMapping("/x")
		String endpoint() {
			return "";
		}

	}

	static class ReturnsMonoOfString {

		@WebSocketMapping("/x")
		Mono<String> endpoint() {
			return Mono.empty();
		}

	}

	static class ReturnsVoid {

		@WebSocketMapping("/x")
		void endpoint() {
		}

	}

	static class ReturnsManyPairs {

		@WebSocketMapping("/x")
		Flux<InOut<String, String>> endpoint() {
			return Flux.empty();
		}

	}

	static class ReturnsMessages {

		@WebSocketMapping("/x")
		Flux<String> endpoint() {
			return Flux.empty();
		}

	}

	static class ReturnsObject {

		@WebSocketMapping("/x")
		Object endpoint() {
			return Out.never();
		}

	}

	static class ReturnsEntityOfAnything {

		@WebSocketMapping("/x")
		ResponseEntity<?> endpoint() {
			return ResponseEntity.ok().build();
		}

	}

	static class ReturnsEntityOfMono {

		@WebSocketMapping("/x")
		ResponseEntity<Mono<Out<String>>> endpoint() {
			return ResponseEntity.ok().build();
		}

	}

	static class RawPair {

		@SuppressWarnings("rawtypes")
		@WebSocketMapping("/x")
		InOut endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class OpenPair {

		@WebSocketMapping("/x")
		<T> Callable<InOut<String, T>> endpoint() {
			return () -> InOut.of(In.ignore(), Out.never());
		}

	}

	static class AnyMessage {

		@WebSocketMapping("/x")
		Out<?> endpoint() {
			return Out.never();
		}

	}

	static class NoPath {

		@WebSocketMapping
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class EmptyPath {

		@WebSocketMapping("")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class BadPath {

		@WebSocketMapping("/rooms/{room")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class TwiceListed {

		@WebSocketMapping(path = "/x", subprotocols = { "v1", "v2", "v1" })
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class NoToken {

		@WebSocketMapping(path = "/x", subprotocols = "v 1")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class RequiredOfNone {

		@WebSocketMapping(path = "/x", subprotocolRequired = true)
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class BadOrigin {

		@WebSocketMapping(path = "/x", allowedOrigins = "https://example.org/")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class BadSize {

		@WebSocketMapping(path = "/x", maxMessageSize = "large")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class ZeroSize {

		@WebSocketMapping(path = "/x", maxMessageSize = "0B")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class BadRate {

		@WebSocketMapping(path = "/x", messagesPerSecond = "many")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class NegativeRate {

		@WebSocketMapping(path = "/x", messagesPerSecond = "-1")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class NegativeByteRate {

		@WebSocketMapping(path = "/x", bytesPerSecond = "-1B")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class HugeSize {

		@WebSocketMapping(path = "/x", maxMessageSize = "2GB")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class TwoOverflows {

		@WebSocketMapping(path = "/x", overflow = { Overflow.CLOSE, Overflow.LATEST })
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class AlsoGet {

		@GetMapping("/x")
		@WebSocketMapping("/x")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class SamePath {

		@WebSocketMapping({ "/a", "/x" })
		Out<String> one() {
			return Out.never();
		}

		@WebSocketMapping({ "/x", "/b" })
		Out<String> two() {
			return Out.never();
		}

	}

	static class SameTemplate {

		@WebSocketMapping("/rooms/{room}")
		Out<String> one() {
			return Out.never();
		}

		@WebSocketMapping("/rooms/{id}")
		Out<String> two() {
			return Out.never();
		}

	}

	static class Unresolvable {

		@WebSocketMapping("/${nope}")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class UnresolvableSize {

		@WebSocketMapping(path = "/x", maxMessageSize = "${nope}")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class NegativeTimeout {

		@EventSourceMapping(path = "/x", timeout = "-1s")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class TinyTimeout {

		@EventSourceMapping(path = "/x", timeout = "1ns")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class HugeTimeout {

		@CometMapping(path = "/x", callback = "tick", timeout = "366d")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class OverflowingRetry {

		@EventSourceMapping(path = "/x", retry = "9223372036854775807d")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class NoTime {

		@EventSourceMapping(path = "/x", timeout = "soon")
		Out<String> endpoint() {
			return Out.never();
		}

	}

	static class Constrained {

		@WebSocketMapping("/x")
		InOut<@NotBlank String, String> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class ConstrainedElement {

		@WebSocketMapping("/x")
		In<List<@NotBlank String>> endpoint() {
			return In.ignore();
		}

	}

	static class ConstrainedLater {

		@WebSocketMapping("/x")
		Mono<In<@Size(max = 5) String>> endpoint() {
			return Mono.empty();
		}

	}

	static class ConstrainedAndValid {

		@WebSocketMapping("/x")
		InOut<@Valid @NotNull String, String> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class ConstrainedOut {

		@WebSocketMapping("/x")
		InOut<String, @NotBlank String> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class ValidOut {

		@WebSocketMapping("/x")
		Out<@Valid String> endpoint() {
			return Out.never();
		}

	}

	static class ConstrainedStream {

		@EventSourceMapping("/x")
		Out<@NotBlank String> endpoint() {
			return Out.never();
		}

	}

	static class NoValidator {

		@WebSocketMapping("/x")
		InOut<@Valid String, String> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	static class SameExpression {

		@WebSocketMapping("/rooms/{room:[a-z]{2}}")
		Out<String> one() {
			return Out.never();
		}

		@WebSocketMapping("/rooms/{id:[a-z]{2}}")
		Out<String> two() {
			return Out.never();
		}

	}

	static class SameRest {

		@WebSocketMapping("/{*path}")
		Out<String> one() {
			return Out.never();
		}

		@WebSocketMapping("/{*rest}")
		Out<String> two() {
			return Out.never();
		}

	}

}
