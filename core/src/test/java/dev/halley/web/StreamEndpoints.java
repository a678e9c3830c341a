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

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Mono;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Position;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.Comet;

/**
 * The streams of {@link StreamTests}.
 */
@RestController
class StreamEndpoints {

	private static final String HOSTILE_NONCE = "><img src=x onerror='f()'\"";

	private static final Out<String> KIKI = Out.of("kiki", "foo", "bar");

	@CometMapping(path = "/kiki", callback = "parent.cometMessage")
	Out<String> kiki() {
		return KIKI;
	}

	@CometMapping(path = "/kiki-mono", callback = "parent.cometMessage")
	Mono<Out<String>> mono() {
		return Mono.delay(Duration.ofMillis(10)).thenReturn(KIKI);
	}

	@CometMapping(path = "/kiki-stage", callback = "parent.cometMessage")
	CompletionStage<ResponseEntity<Out<String>>> stage() {
		return CompletableFuture.supplyAsync(() -> ResponseEntity.ok(KIKI));
	}

	@CometMapping(path = "/kiki-entity", callback = "parent.cometMessage")
	ResponseEntity<Out<String>> entity() {
		return ResponseEntity.ok()
			.header("X-Room", "a")
			.header("X-Frame-Options", "ALLOWALL")
			.header("Content-Type", "text/plain")
			.contentLength(17)
			.body(KIKI);
	}

	@CometMapping(path = "/kiki-pair", callback = "parent.cometMessage")
	InOut<String, String> pair() {
		return InOut.of(In.forEach((message) -> {
			throw new IllegalStateException(message);
		}), KIKI);
	}

	@GetMapping("/helper")
	ResponseBodyEmitter helper() {
		return Comet.callback("parent.cometMessage").emit(KIKI);
	}

	@GetMapping("/helper-entity")
	ResponseEntity<ResponseBodyEmitter> helperEntity() {
		return ResponseEntity.ok(Comet.callback("parent.cometMessage").emit(KIKI));
	}

	@GetMapping("/hand-made")
	ResponseBodyEmitter handMade() {
		return Comet.html(KIKI.map((word) -> "<script>console.log('" + word + "')</script>"));
	}

	@GetMapping("/console")
	ResponseBodyEmitter console() {
		return Comet.callback("console.log").emit(KIKI);
	}

	@CometMapping(path = "/json", callback = "cometMessage")
	Out<Foo> json() {
		return Out.of(new Foo("</script>"));
	}

	@GetMapping("/helper-json")
	ResponseBodyEmitter helperJson() {
		return Comet.callback("cometMessage").emit(Out.of(Map.of("foo", "bar")));
	}

	@CometMapping(path = "/removing", callback = "f", removeScripts = true)
	Out<String> removing() {
		return Out.of("x");
	}

	@CometMapping(path = "/chosen", callback = "parent.f", callbackParameter = "callback")
	Out<String> chosen() {
		return Out.of("x");
	}

	@CometMapping(path = "/must-choose", callbackParameter = "callback")
	Out<String> mustChoose() {
		return Out.of("x");
	}

	@GetMapping("/helper-chosen")
	ResponseBodyEmitter helperChosen(@RequestParam String callback) {
		return Comet.callback(callback).emit(Out.of("x"));
	}

	@CometMapping(path = "/nonce", callback = "f", nonceFromPolicy = true)
	ResponseEntity<Out<String>> nonce() {
		return ResponseEntity.ok().header("Content-Security-Policy", "script-src 'nonce-abc123'").body(Out.of("x"));
	}

	@GetMapping("/helper-nonce")
	ResponseBodyEmitter helperNonce() {
		return Comet.callback("f").nonce("\"1\"").emit(Out.of("x"));
	}

	@CometMapping(path = "/nonce-attribute", callback = "f", nonceAttribute = "nonce")
	Out<String> nonceFromAttribute(HttpServletRequest request) {
		request.setAttribute("nonce", HOSTILE_NONCE);
		return Out.of("x");
	}

	@GetMapping("/helper-nonce-attribute")
	ResponseBodyEmitter helperNonceFromAttribute(HttpServletRequest request) {
		request.setAttribute("nonce", HOSTILE_NONCE);
		return Comet.callback("f").nonceFromAttribute("nonce").emit(Out.of("x"));
	}

	@EventSourceMapping("/events")
	Out<String> events() {
		return Out.of("foo", "a\r\nb\n", "bar");
	}

	@EventSourceMapping(path = "/fields", retry = "5s")
	Out<ServerSentEvent<Foo>> fields() {
		return Out.of(ServerSentEvent.builder(new Foo("bar"))
			.id("1")
			.event("said")
			.retry(Duration.ofSeconds(1))
			.comment("note")
			.build(), ServerSentEvent.<Foo>builder().comment("only").build());
	}

	@EventSourceMapping("/injected-id")
	Out<ServerSentEvent<String>> injectedId() {
		return Out.of("x").map((data) -> ServerSentEvent.builder(data).id("1\ndata: injected").build());
	}

	@EventSourceMapping("/injected-event")
	Out<ServerSentEvent<String>> injectedEvent() {
		return Out.of("x").map((data) -> ServerSentEvent.builder(data).event("said\r\rdata: injected").build());
	}

	@EventSourceMapping("/last")
	Out<String> last(@LastEventId @Nullable String id, @LastEventId Optional<String> optional,
			@LastEventId @Nullable Integer number) {
		return Out.of(id + " " + optional + " " + number);
	}

	@EventSourceMapping("/last-text")
	Out<String> lastText(@LastEventId @Nullable String id) {
		return Out.of(String.valueOf(id));
	}

	@WebSocketMapping("/last-position")
	@EventSourceMapping("/last-position")
	Out<String> lastPosition(@LastEventId @Nullable Position position, @LastEventId Optional<Position> optional) {
		return Out.of(position + " " + optional);
	}

	@WebSocketMapping("/all")
	@EventSourceMapping("/all")
	@CometMapping(path = "/all", callback = "f")
	InOut<String, String> all() {
		return InOut.of(In.ignore(), Out.of("x"));
	}

	@EventSourceMapping("/page")
	Out<String> pageEvents() {
		return Out.of("x");
	}

	@GetMapping(path = "/page", produces = "text/html")
	String page() {
		return "<p>page</p>";
	}

	@CometMapping(path = "/counted", callback = "f")
	Out<String> counted() {
		return Out.unicast((channel) -> StreamTests.RUNS.incrementAndGet());
	}

	@GetMapping("/helper-counted")
	ResponseBodyEmitter helperCounted() {
		return Comet.callback("f").emit(counted());
	}

	@CometMapping(path = "/limited", callback = "f", timeout = "100ms")
	Out<String> limited() {
		return Out.never();
	}

	record Foo(String foo) {
	}

}
