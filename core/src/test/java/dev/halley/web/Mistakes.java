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

import java.util.concurrent.Callable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
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

}
