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

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.Comet;
import dev.halley.sse.EventStream;

/**
 * Hubs with a history on each wire.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(RecoveryApplication.RecoveryController.class)
class RecoveryApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	@RestController
	static class RecoveryController {

		final Hub<String> one;

		final Hub<Said> other;

		final Hub<String> small;

		final Hub<String> plain;

		RecoveryController(Hubs hubs) {
			this.one = hubs.hub("one", String.class, History.ofMessages(100_000));
			this.other = hubs.hub("other", Said.class, History.ofMessages(100_000));
			this.small = hubs.hub("small", String.class, History.ofMessages(2));
			this.plain = hubs.hub("plain", String.class);
		}

		@EventSourceMapping("/one")
		Out<String> one(@LastEventId @Nullable Position id) {
			return this.one.out(Replay.after(id));
		}

		@EventSourceMapping("/two")
		Out<String> two(@LastEventId @Nullable String id) {
			return this.one.out(Replay.after(id))
				.interleave(this.other.out(Replay.after(id)).filter((said) -> !said.text().isEmpty()).map(Said::text));
		}

		@EventSourceMapping(path = "/posted", method = RequestMethod.POST)
		Out<String> posted(@RequestBody Said greeting, @LastEventId Optional<Position> id) {
			return Out.of(greeting.text()).andThen(this.one.out(Replay.after(id.orElse(null))));
		}

		@GetMapping(path = "/returned", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<Said> returned(@LastEventId @Nullable String id) {
			return this.other.out(Replay.after(id));
		}

		@GetMapping("/emitted")
		ResponseBodyEmitter emitted(@LastEventId @Nullable String id) {
			return EventStream.emit(this.other.events(Replay.after(id)));
		}

		@EventSourceMapping("/own")
		Out<ServerSentEvent<String>> own() {
			return this.one.out()
				.map((text) -> text.startsWith("own") ? ServerSentEvent.builder(text).id(text).build()
						: ServerSentEvent.builder(text).event("said").build());
		}

		@EventSourceMapping("/plain")
		@CometMapping(path = "/plain", callback = "f", eventIds = true)
		Out<String> plain() {
			return this.plain.out();
		}

		@EventSourceMapping("/small")
		Out<String> small(@LastEventId @Nullable Position id) {
			return this.small.out(Replay.after(id).orLast(1)).map((text) -> text + "!");
		}

		@EventSourceMapping("/small-events")
		Out<HubEvent<String>> smallEvents(@LastEventId @Nullable Position id) {
			return this.small.events(Replay.after(id).orLast(1));
		}

		@CometMapping(path = "/comet", callback = "f", eventIds = true)
		Out<String> comet(@LastEventId @Nullable Position id) {
			return this.one.out(Replay.after(id));
		}

		@CometMapping(path = "/comet-json", callback = "f", eventIds = true)
		Out<Said> cometJson(@LastEventId @Nullable Position id) {
			return this.other.out(Replay.after(id));
		}

		@CometMapping(path = "/comet-own", callback = "f", eventIds = true)
		Out<ServerSentEvent<String>> cometOwn(@LastEventId @Nullable Position id) {
			return this.one.out(Replay.after(id)).map((text) -> ServerSentEvent.builder(text).id("'</script>").build());
		}

		@CometMapping(path = "/comet-without", callback = "f")
		Out<String> cometWithout(@LastEventId @Nullable Position id) {
			return this.one.out(Replay.after(id));
		}

		@GetMapping("/comet-helper")
		ResponseBodyEmitter cometHelper(@LastEventId @Nullable Position id) {
			return Comet.callback("f").eventIds().emit(this.one.out(Replay.after(id)));
		}

		@WebSocketMapping("/socket")
		Out<String> socket(@LastEventId @Nullable Position id) {
			return this.small.events(Replay.after(id))
				.map((event) -> event.position() + " "
						+ ((event instanceof HubEvent.Message<String> message) ? message.payload() : "reset"));
		}

		@WebSocketMapping("/socket-plain")
		Out<String> plainSocket(@LastEventId @Nullable Position id) {
			return this.one.out(Replay.after(id));
		}

	}

	record Said(String text) {
	}

}
