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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.annotation.WebSocketMapping;

/**
 * Sources of messages: hubs, fast ones, and some that break the rules.
 */
@RestController
class SourceController {

	static final String KILOBYTE = "k".repeat(1024);

	private final Hubs hubs;

	SourceController(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/hub/{name}")
	InOut<String, String> hub(Run run, @PathVariable String name) {
		return run.pair(run.collect(), this.hubs.hub(name, String.class).out());
	}

	@WebSocketMapping(path = "/hub/{name}/latest", overflow = Overflow.LATEST)
	InOut<String, String> latest(Run run, @PathVariable String name) {
		return run.pair(run.collect(), this.hubs.hub(name, String.class).out());
	}

	@WebSocketMapping("/hub/{name}/take-one")
	InOut<String, String> takeOne(Run run, @PathVariable String name) {
		return run.pair(run.collect(), this.hubs.hub(name, String.class).out().through((texts) -> texts.take(1)));
	}

	@WebSocketMapping("/hub/{name}/throwing-filter")
	InOut<String, String> throwingFilter(Run run, @PathVariable String name) {
		Hub<String> hub = this.hubs.hub(name, String.class);
		return run.pair(run.collect(), hub.out((text) -> {
			throw new IllegalStateException("secret");
		}));
	}

	@WebSocketMapping("/hub/{name}/lobby")
	InOut<String, String> lobby(Run run, @PathVariable String name) {
		Hub<String> hub = this.hubs.hub(name, String.class);
		return run.pair(In.<String>forEach(hub::publish)
			.whenOpen(() -> hub.publish("joined"))
			.whenDone(() -> hub.publish("left")), hub.out());
	}

	@WebSocketMapping("/source/batched")
	InOut<String, String> batched(Run run) {
		return run.pair(run.collect(),
				Out.of("a", "b", "c").andThen(Out.eof()).batched(2, Duration.ofHours(1), String::concat));
	}

	@WebSocketMapping("/source/stream")
	InOut<String, String> stream(Run run) {
		return run.pair(run.collect(),
				Out.from(() -> Stream.of("a", "b").onClose(() -> run.hear("closed"))).andThen(Out.eof()));
	}

	@WebSocketMapping("/source/on-error")
	InOut<String, String> failing(Run run) {
		return run.pair(run.collect(),
				Out.<String>from(Mono.error(new IllegalStateException("secret"))).onError((ex) -> "failed"));
	}

	/** A source that waits for demand, and has no end. */
	@WebSocketMapping("/endless")
	InOut<String, String> endless(Run run) {
		return run.pair(run.collect(), Out.generate(() -> {
			run.hear("generated");
			return Optional.of(KILOBYTE);
		}));
	}

	/** A source that waits for nobody. */
	@WebSocketMapping("/hot")
	InOut<String, String> hot(Run run, @RequestParam int threads, @RequestParam int each) {
		return run.pair(run.collect(), Out.unicast((channel) -> {
			CountDownLatch finished = new CountDownLatch(threads);
			IntStream.range(0, threads)
				.mapToObj((thread) -> new Thread(() -> push(channel, thread, each, finished), "halley-pusher"))
				.toList()
				.forEach(Thread::start);
		}));
	}

	private static void push(Channel<String> channel, int thread, int each, CountDownLatch finished) {
		IntStream.range(0, each).forEach((i) -> channel.push(thread + ":" + i));
		finished.countDown();
		if (finished.getCount() == 0) {
			channel.eofAndEnd();
		}
	}

	@WebSocketMapping("/source/{how}")
	InOut<String, String> careless(Run run, @PathVariable String how) {
		Out<String> out = switch (how) {
			case "maps-to-null" -> Out.of("a").map((text) -> null);
			case "map-throws" -> Out.of("a").map((text) -> {
				throw new IllegalStateException("secret");
			});
			case "generates-null" -> Out.generate(() -> null);
			case "generate-throws" -> Out.generate(() -> {
				throw new IllegalStateException("secret");
			});
			case "supplies-null" -> Out.every(Duration.ofMillis(1), () -> null);
			case "no-publisher" -> Out.<String>of("a").through((messages) -> null);
			default -> throw new IllegalArgumentException(how);
		};
		return run.pair(run.collect(), out);
	}

	/** Its supplier does not come back until it is interrupted. */
	@WebSocketMapping("/source/blocks")
	InOut<String, String> blocking(Run run) {
		return run.pair(run.collect(), Out.generate(() -> {
			run.hear("generating");
			run.block();
			run.hear(Thread.currentThread().isInterrupted() ? "interrupted" : "released");
			return Optional.empty();
		}));
	}

	@WebSocketMapping("/broken/{how}")
	InOut<String, String> broken(Run run, @PathVariable String how) {
		return run.pairWithBareOut(run.collect(), Out.from(BrokenPublisher.which(how, run)));
	}

}
