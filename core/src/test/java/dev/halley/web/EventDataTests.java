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

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Flux;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.comet.Comet;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Events on wires that have none.
 */
@ParameterizedClass
@EnumSource(Engine.class)
class EventDataTests {

	@Parameter
	private Engine engine;

	@Test
	void aWebSocketGetsTheData() {
		try (TestServer server = TestServer.start(this.engine, Endpoints.class);
				TestServer.Client client = server.connect("/words");
				TestServer.Client json = server.connect("/json")) {
			assertThat(List.of(client.next(), client.next(), client.next())).containsExactly("a", "b", "close 1000");
			assertThat(json.next()).isEqualTo("{\"foo\":\"bar\"}");
		}
	}

	@Test
	void eventsWithoutDataDoNotHoldUpTheOthers() {
		try (TestServer server = TestServer.start(this.engine, Endpoints.class);
				TestServer.Client client = server.connect("/many")) {
			assertThat(client.next()).isEqualTo("last");
		}
	}

	@Test
	void aHubsEventsAreSharedByAllWires() throws IOException {
		try (TestServer server = TestServer.start(this.engine, Endpoints.class);
				TestServer.Client client = server.connect("/hub");
				RawStream events = RawStream.get(server.port(), "/hub", "Accept: text/event-stream")) {
			assertThat(client.next()).isEqualTo("ready");
			assertThat(events.until("data: ready\n\n")).isNotEmpty();
			Endpoints.HUB.publish(ServerSentEvent.<String>builder().comment("nothing").build());
			Endpoints.HUB.publish(ServerSentEvent.builder("x").id("1").build());
			assertThat(client.next()).isEqualTo("x");
			assertThat(events.until("data: x\n\n")).endsWith(": nothing\n\nid: 1\ndata: x\n\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/words", "/helper-words" })
	void aCometPageGetsTheDataOfText(String path) throws IOException {
		assertThat(comet(path)).endsWith("<script>f('a');</script><script>f('b');</script>").doesNotContain("{");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/json", "/helper-json" })
	void aCometPageGetsTheDataOfJsonAsAValue(String path) throws IOException {
		assertThat(comet(path)).endsWith("<script>f({\"foo\":\"bar\"});</script>");
	}

	private String comet(String path) throws IOException {
		try (TestServer server = TestServer.start(this.engine, Endpoints.class);
				RawStream stream = RawStream.get(server.port(), path, "Accept: text/html")) {
			return stream.body();
		}
	}

	record Foo(String foo) {
	}

	@Controller
	static class Endpoints {

		static final Hub<ServerSentEvent<String>> HUB = hub();

		@SuppressWarnings("unchecked")
		private static Hub<ServerSentEvent<String>> hub() {
			return (Hub<ServerSentEvent<String>>) (Hub<?>) Hubs.inMemory().hub("events", ServerSentEvent.class);
		}

		@WebSocketMapping("/words")
		@CometMapping(path = "/words", callback = "f")
		Out<ServerSentEvent<String>> words() {
			return Out
				.of(ServerSentEvent.<String>builder().comment("first").build(),
						ServerSentEvent.builder("a").id("1").build(), ServerSentEvent.<String>builder().id("2").build(),
						ServerSentEvent.builder("b").event("said").build())
				.andThen(Out.eof());
		}

		@WebSocketMapping("/json")
		@CometMapping(path = "/json", callback = "f")
		Out<ServerSentEvent<Foo>> json() {
			return Out.of(ServerSentEvent.builder(new Foo("bar")).build());
		}

		@GetMapping("/helper-words")
		ResponseBodyEmitter helperWords() {
			return Comet.callback("f").emit(words());
		}

		@GetMapping("/helper-json")
		ResponseBodyEmitter helperJson() {
			return Comet.callback("f").emit(json());
		}

		@WebSocketMapping("/many")
		Out<ServerSentEvent<String>> many() {
			ServerSentEvent<String> comment = ServerSentEvent.<String>builder().comment("x").build();
			return Out.from(Flux.range(0, 10_000)
				.map((i) -> comment)
				.concatWithValues(ServerSentEvent.builder("last").build()));
		}

		@WebSocketMapping("/hub")
		@EventSourceMapping("/hub")
		Out<ServerSentEvent<String>> hubEvents() {
			// Ready when the hub is subscribed to
			return HUB.out().interleave(Out.of(ServerSentEvent.builder("ready").build()));
		}

	}

}
