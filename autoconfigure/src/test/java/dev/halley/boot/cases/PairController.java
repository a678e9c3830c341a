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

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

/**
 * Well-behaved pairs.
 */
@RestController
class PairController {

	static final String BIG = "big".repeat(100_000);

	private final Hubs hubs;

	PairController(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/collect")
	InOut<String, String> collect(Run run) {
		return run.pair(run.collect(), Out.never());
	}

	@WebSocketMapping("/collect-bytes")
	InOut<byte[], String> collectBytes(Run run) {
		return run.pair(In.forEach((bytes) -> run.hear(bytes.length)), Out.never());
	}

	@WebSocketMapping("/echo")
	InOut<String, String> echo(Run run) {
		Hub<String> hub = this.hubs.hub(newName(run), String.class);
		return run.pair(In.forEach(hub::publish), hub.out());
	}

	private static String newName(Run run) {
		return "hub of " + System.identityHashCode(run);
	}

	@WebSocketMapping("/flow")
	InOut<String, String> flow() {
		return InOut.flow((messages) -> messages);
	}

	@WebSocketMapping("/flow/completed")
	InOut<String, String> completedFlow() {
		return InOut.flow((messages) -> Flux.empty());
	}

	@WebSocketMapping("/flow/failed")
	InOut<String, String> failedFlow() {
		return InOut.flow((messages) -> Flux.error(new IllegalStateException("secret")));
	}

	@WebSocketMapping("/a-b-end")
	InOut<String, String> end(Run run) {
		return run.pair(run.collect(), Out.of("a", "b").andThen(Out.eof()));
	}

	@WebSocketMapping("/a-open")
	InOut<String, String> open(Run run) {
		return run.pair(run.collect(), Out.of("a"));
	}

	@WebSocketMapping("/take-one")
	InOut<String, String> takeOne(Run run) {
		return run.pair(In.through((messages) -> messages.take(1).doOnNext(run::hear)), Out.never());
	}

	/** Takes no message until it is released. */
	@WebSocketMapping("/takes-later")
	InOut<String, String> takesLater(Run run) {
		return run.pair(In.through((messages) -> messages.delaySubscription(run.gate()).doOnNext(run::hear)),
				Out.never());
	}

	@WebSocketMapping("/a-b-failure")
	InOut<String, String> failure(Run run) {
		return run.pair(run.collect(),
				Out.from(Flux.just("a", "b").concatWith(Flux.error(new IllegalStateException("secret")))));
	}

	@WebSocketMapping("/goodbye")
	InOut<String, String> goodbye(Run run) {
		return run.pair(In.ignore(), Out.close(new CloseStatus(4001, "Goodbye")));
	}

	@WebSocketMapping("/long-goodbye")
	InOut<String, String> longGoodbye(Run run) {
		return run.pair(In.ignore(), Out.close(new CloseStatus(4001, "ü".repeat(100))));
	}

	@WebSocketMapping("/say-and-close")
	InOut<String, String> sayAndClose(Run run) {
		return run.pair(run.collect(), Out.from(run.gate().thenMany(Flux.just("last"))).andThen(Out.eof()));
	}

	/** The container is not done with the opening when the Close is sent. */
	@WebSocketMapping("/closes-while-it-opens")
	InOut<String, String> closesWhileItOpens(Run run) {
		return run.pair(run.<String>collect().whenOpen(run::block), Out.of("last").andThen(Out.eof()));
	}

	@WebSocketMapping("/json")
	InOut<JsonNode, JsonNode> json(Run run) {
		return run.pair(run.collect(), Out.never());
	}

	@WebSocketMapping("/typed")
	InOut<Counted, Counted> typed(Run run) {
		return run.pair(run.collect(), Out.never());
	}

	@WebSocketMapping("/valid")
	InOut<@Valid Counted, Counted> valid(Run run) {
		return run.pair(run.collect(), Out.never());
	}

	/**
	 * Answers come while the first message, which fills all buffers, is still written.
	 */
	@WebSocketMapping("/answers-behind-big")
	InOut<String, String> answersBehindBig(Run run) {
		Hub<String> answers = this.hubs.hub(newName(run), String.class);
		return run.pair(In.forEach((text) -> {
			answers.publish("re " + text);
			run.hear(text);
		}), Out.of(BIG).interleave(answers.out()));
	}

	/** Each message takes its own time; notes if two are handled at once. */
	@WebSocketMapping("/serial")
	InOut<String, String> serial(Run run) {
		Random random = new Random(7);
		AtomicInteger atWork = new AtomicInteger();
		return run.pair(In.forEachAsync((String text) -> {
			run.hear((atWork.getAndIncrement() == 0) ? text : "two at once");
			int delay = random.nextInt(4);
			Mono<?> work = (delay == 0) ? Mono.empty() : Mono.delay(Duration.ofNanos(delay * 50_000));
			return work.doOnTerminate(atWork::decrementAndGet);
		}), Out.never());
	}

	/** What may be counted, to ten. */
	record Counted(@Max(10) int count) {
	}

}
