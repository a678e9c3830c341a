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

package dev.halley.boot;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Flux;

import dev.halley.Channel;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageDecodingException;
import dev.halley.codec.Payload;
import dev.halley.comet.Comet;

/**
 * An application with streams of each kind, behind Spring Security's own headers.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(StreamApplication.StreamController.class)
class StreamApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
	}

	@Bean
	Events events() {
		return new Events(new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>(), new AtomicInteger());
	}

	@Bean
	MessageCodec<Degrees> degrees() {
		return new MessageCodec<>() {

			@Override
			public Payload encode(Degrees message) {
				return Payload.text(message.value() + "°");
			}

			@Override
			public Degrees decode(Payload payload) {
				throw new MessageDecodingException("degrees only go out");
			}

		};
	}

	record Degrees(int value) {
	}

	/**
	 * What the endpoints did.
	 *
	 * @param channels those that were opened
	 * @param ends a word for each connection that ended
	 * @param taken how many messages a source was asked for
	 */
	record Events(BlockingQueue<Channel<String>> channels, BlockingQueue<String> ends, AtomicInteger taken) {
	}

	@RestController
	static class StreamController {

		private static final Out<String> KIKI = Out.of("kiki", "foo", "bar");

		private final Events events;

		private final Hub<String> hub;

		StreamController(Events events, Hubs hubs) {
			this.events = events;
			this.hub = hubs.hub("streams", String.class);
		}

		private InOut<String, String> told(Out<String> out) {
			return InOut.of(In.<String>ignore().whenDone(() -> this.events.ends().add("ended")), out);
		}

		@CometMapping(path = "/kiki", callback = "parent.cometMessage")
		@EventSourceMapping("/kiki")
		Out<String> kiki() {
			return KIKI;
		}

		@GetMapping("/console")
		ResponseBodyEmitter console() {
			return Comet.callback("console.log").emit(KIKI);
		}

		@GetMapping("/hand-made")
		ResponseBodyEmitter handMade() {
			return Comet.html(KIKI.map((word) -> "<script>console.log('" + word + "')</script>"));
		}

		@CometMapping(path = "/json", callback = "parent.cometMessage")
		Out<Map<String, String>> json() {
			return Out.of(Map.of("foo", "bar"));
		}

		@EventSourceMapping("/degrees")
		@CometMapping(path = "/degrees", callback = "f")
		Out<Degrees> degrees() {
			return Out.of(new Degrees(21));
		}

		@GetMapping("/plain")
		String plain() {
			return "plain".repeat(100);
		}

		@WebSocketMapping("/channel")
		@EventSourceMapping("/channel")
		@CometMapping(path = "/channel", callback = "f")
		InOut<String, String> channel() {
			return told(Out.unicast(this.events.channels()::add));
		}

		@EventSourceMapping("/silent")
		@CometMapping(path = "/silent", callback = "f")
		InOut<String, String> silent() {
			return told(Out.never());
		}

		@EventSourceMapping("/hub")
		@CometMapping(path = "/hub", callback = "f")
		InOut<String, String> hub() {
			return told(this.hub.out());
		}

		@EventSourceMapping("/ticks")
		@CometMapping(path = "/ticks", callback = "f")
		Out<Long> ticks() {
			return Out.from(Flux.interval(Duration.ofMillis(1)).onBackpressureDrop());
		}

		/** 10 KB twenty times a second. */
		@EventSourceMapping("/bursts")
		Out<String> bursts() {
			String text = "x".repeat(200);
			return Out.from(Flux.interval(Duration.ofMillis(50))
				.onBackpressureDrop()
				.concatMap((burst) -> Flux.range(0, 50).map((i) -> text)));
		}

		@EventSourceMapping("/flood")
		@CometMapping(path = "/flood", callback = "f")
		InOut<String, String> flood() {
			String large = "x".repeat(10_000);
			return told(Out.from(Flux.range(0, Integer.MAX_VALUE).map((i) -> {
				this.events.taken().incrementAndGet();
				return i + large;
			})));
		}

	}

}
