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

package dev.halley.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.InvalidMessageException;

/**
 * A server for the clients of the tests.
 */
@SpringBootApplication
class ChatApplication {

	@Controller
	static class RoomController {

		private final Hubs hubs;

		RoomController(Hubs hubs) {
			this.hubs = hubs;
		}

		@WebSocketMapping("/rooms/{room}")
		InOut<@Valid Say, Said> room(@PathVariable String room, @RequestParam String name) {
			if (name.equals("root")) {
				throw new ResponseStatusException(HttpStatus.FORBIDDEN, "not you");
			}
			return pair(this.hubs.hub("room." + room, Said.class), name);
		}

		static InOut<Say, Said> pair(Hub<Said> hub, String name) {
			return InOut.<Say, Said>of(In.forEach((say) -> hub.publish(new Said(name, say.text()))), hub.out())
				.whenDone(() -> hub.publish(new Said(name, "Bye")));
		}

		@MessageExceptionHandler
		Said refuse(InvalidMessageException ex) {
			return new Said("", "refused");
		}

	}

	record Say(@NotBlank String text) {
	}

	record Said(String from, String text) {
	}

	/**
	 * What else a client meets.
	 */
	@Controller
	static class OtherController {

		/**
		 * How the connections of the test at work ended; one keeps the list it began
		 * with.
		 */
		static volatile List<Integer> done = new CopyOnWriteArrayList<>();

		@WebSocketMapping(path = "/echo", subprotocols = { "v2", "v1" }, maxMessageSize = "1MB")
		InOut<String, String> echo() {
			return InOut.<String, String>flow((texts) -> texts).whenDone(tellDone());
		}

		@WebSocketMapping("/bye")
		InOut<String, String> bye() {
			return InOut
				.<String, String>of(In.ignore(), Out.of("Hello!").andThen(Out.close(new CloseStatus(4000, "bye"))))
				.whenDone(tellDone());
		}

		@WebSocketMapping("/late")
		Mono<InOut<String, String>> late() {
			return Mono.just(InOut.<String, String>of(In.ignore(), Out.of("late"))).delayElement(Duration.ofMillis(50));
		}

		@WebSocketMapping("/never")
		Mono<InOut<String, String>> never() {
			return Mono.never();
		}

		@WebSocketMapping("/blocked")
		InOut<String, String> blocked() throws InterruptedException {
			new CountDownLatch(1).await();
			return InOut.of(In.ignore(), Out.never());
		}

		@WebSocketMapping("/bytes")
		InOut<byte[], byte[]> bytes() {
			return InOut.flow((messages) -> messages);
		}

		@WebSocketMapping("/flood")
		InOut<String, String> flood() {
			return InOut
				.<String, String>of(In.ignore(),
						Out.from(Flux.range(1, 100_000).map((number) -> number + "x".repeat(1000))))
				.whenDone(tellDone());
		}

		@WebSocketMapping("/deaf")
		InOut<String, String> deaf() {
			return InOut.of(In.forEachAsync((String text) -> Flux.never()), Out.never());
		}

		@WebSocketMapping("/who")
		InOut<String, String> who(@RequestHeader("X-Name") String name, @CookieValue("one") String one,
				@CookieValue("two") String two) {
			return InOut.of(In.ignore(), Out.of(name, one, two));
		}

		@EventSourceMapping("/ticks")
		Out<ServerSentEvent<Tick>> ticks(@LastEventId @Nullable Integer last) {
			int first = (last != null) ? last + 1 : 1;
			return Out.from(Flux.range(first, 2)
				.map((number) -> ServerSentEvent.builder(new Tick(number))
					.id(String.valueOf(number))
					.event("tick")
					.retry(Duration.ofSeconds(2))
					.build()));
		}

		@EventSourceMapping("/texts")
		@CometMapping(path = "/texts", callback = "parent.text", endCallback = "parent.end")
		Out<String> texts() {
			return Out.of("It's <b>\nbold</b> \\o/ \u2028", "ä").andThen(Out.eof());
		}

		@EventSourceMapping(path = "/answers", method = RequestMethod.POST)
		Out<String> answers(@RequestBody Question question) {
			return Out.of("You asked: ", question.text());
		}

		@WebSocketMapping("/prices")
		InOut<Subscribe, Price> prices(@RequestHeader("Authorization") String token) {
			if (!token.startsWith("Bearer ")) {
				throw new ResponseStatusException(HttpStatus.UNAUTHORIZED);
			}
			return InOut.flow((subscriptions) -> subscriptions.map((wanted) -> new Price(wanted.symbol(), 42)));
		}

		@CometMapping(path = "/comet", callback = "parent.tick", removeScripts = true)
		Out<Tick> comet() {
			return Out.of(new Tick(1), new Tick(2)).andThen(Out.never());
		}

		@EventSourceMapping("/endless")
		Out<String> endless() {
			List<Integer> done = OtherController.done;
			return Out.<String>every(Duration.ofMillis(50), () -> "tick")
				.through((ticks) -> ticks.doOnCancel(() -> done.add(0)));
		}

		@GetMapping(path = "/plain", produces = "text/event-stream")
		@ResponseBody
		Flux<String> plain(@RequestParam int milliseconds) {
			return Flux.interval(Duration.ZERO, Duration.ofMillis(milliseconds))
				.onBackpressureDrop()
				.map((number) -> "tick");
		}

		@EventSourceMapping("/silent")
		Out<String> silent() {
			return Out.never();
		}

		private static Consumer<CloseStatus> tellDone() {
			List<Integer> done = OtherController.done;
			return (status) -> done.add(status.getCode());
		}

	}

	record Tick(int number) {
	}

	record Question(String text) {
	}

	record Subscribe(String symbol) {
	}

	record Price(String symbol, int cents) {
	}

}
