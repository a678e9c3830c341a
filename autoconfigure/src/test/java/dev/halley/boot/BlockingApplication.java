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

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import reactor.core.publisher.Flux;

import dev.halley.Blocker;
import dev.halley.Channel;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

/**
 * An application whose code blocks at the end of each connection, and beside that some
 * connections that have nothing to do with it.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@Import({ BlockingApplication.Endpoints.class, BlockingApplication.Handlers.class })
class BlockingApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
	}

	@Bean
	Blocker blocker() {
		return new Blocker();
	}

	@RestController
	static class Endpoints {

		private final Blocker blocker;

		private final Hubs hubs;

		Endpoints(Blocker blocker, Hubs hubs) {
			this.blocker = blocker;
			this.hubs = hubs;
		}

		@WebSocketMapping("/blocking/{kind}")
		@EventSourceMapping("/blocking/{kind}")
		@CometMapping(path = "/blocking/{kind}", callback = "f")
		InOut<String, String> blocking(@PathVariable String kind) {
			Out<String> room = this.hubs.hub("room", String.class).out();
			return switch (kind) {
				case "cancel" -> pair(room, Out.from(Flux.<String>never().doOnCancel(this.blocker)));
				case "cleanup" -> pair(room,
						Out.from(Flux.using(() -> "", (resource) -> Flux.never(), (resource) -> this.blocker.run())));
				case "on-end" -> pair(room, Out.unicast((Channel<String> channel) -> channel.onEnd(this.blocker)));
				case "when-done" -> InOut.of(In.<String>ignore().whenDone(this.blocker), room);
				default -> throw new IllegalArgumentException(kind);
			};
		}

		private static InOut<String, String> pair(Out<String> first, Out<String> second) {
			return InOut.of(In.ignore(), first.interleave(second));
		}

		@WebSocketMapping("/numbers")
		Out<Integer> numbers() {
			return Out.from(Flux.range(0, 100_000));
		}

		@WebSocketMapping("/room")
		@EventSourceMapping("/room")
		@CometMapping(path = "/room", callback = "f")
		Out<String> room() {
			return this.hubs.hub("room", String.class).out();
		}

	}

	static class Handlers implements WebSocketConfigurer {

		private final Blocker blocker;

		Handlers(Blocker blocker) {
			this.blocker = blocker;
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(new AbstractWebSocketHandler() {

				@Override
				public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
					Handlers.this.blocker.run();
				}

			}, "/handler");
		}

	}

}
