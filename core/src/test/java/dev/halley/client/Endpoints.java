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

package dev.halley.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.socket.CloseStatus;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.connection.ConnectionSettings;
import dev.halley.web.EventStreamSettings;
import dev.halley.web.WebSocketSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real server of Halley has for clients.
 */
@Controller
class Endpoints {

	final BlockingQueue<CloseStatus> ends = new LinkedBlockingQueue<>();

	final BlockingQueue<Channel<String>> channels = new LinkedBlockingQueue<>();

	final AtomicLong sent = new AtomicLong();

	@WebSocketMapping("/rooms")
	InOut<Say, Said> rooms(@RequestParam String name) {
		return InOut.<Say, Said>flow((says) -> says.map((say) -> new Said(name, say.text()))).whenDone(this.ends::add);
	}

	@WebSocketMapping("/echo")
	InOut<String, String> echo() {
		return InOut.<String, String>flow((texts) -> texts).whenDone(this.ends::add);
	}

	@WebSocketMapping("/bytes")
	InOut<byte[], byte[]> bytes() {
		return InOut.flow((all) -> all);
	}

	@WebSocketMapping("/channel")
	InOut<String, String> channel() {
		return InOut.of(In.<String>ignore().whenDone(this.ends::add), Out.unicast(this.channels::add));
	}

	@WebSocketMapping(path = "/head", subprotocols = "chat.v2", allowedOrigins = "https://example.org")
	InOut<String, String> head(@RequestHeader("X-Token") String token, @RequestHeader("Origin") String origin) {
		return InOut.of(In.ignore(), Out.of(token, origin).andThen(Out.eof()));
	}

	@WebSocketMapping("/refused")
	ResponseEntity<InOut<String, String>> refused() {
		return ResponseEntity.status(HttpStatus.UNAUTHORIZED).header("WWW-Authenticate", "Bearer").build();
	}

	@WebSocketMapping("/close")
	InOut<String, String> close(@RequestParam int code) {
		return InOut.of(In.ignore(), Out.close(new CloseStatus(code, "why")));
	}

	@WebSocketMapping("/large")
	InOut<String, String> large() {
		return InOut.of(In.<String>ignore().whenDone(this.ends::add), Out.of("x".repeat(5000)).andThen(Out.never()));
	}

	@WebSocketMapping("/flood")
	InOut<String, String> flood() {
		return InOut.of(In.<String>ignore().whenDone(this.ends::add), numbers());
	}

	@EventSourceMapping("/flood-events")
	InOut<String, String> floodEvents() {
		return flood();
	}

	private Out<String> numbers() {
		String filler = "x".repeat(1000);
		return Out.generate(() -> Optional.of(this.sent.incrementAndGet() + filler));
	}

	@EventSourceMapping("/numbers")
	Out<ServerSentEvent<Said>> numbers(@LastEventId @Nullable String last) {
		long first = (last != null) ? Long.parseLong(last) + 1 : 1;
		return Out.of(event(first), event(first + 1));
	}

	private static ServerSentEvent<Said> event(long number) {
		return ServerSentEvent.builder(new Said("server", "" + number)).id("" + number).build();
	}

	@EventSourceMapping("/finite")
	Out<String> finite() {
		return Out.of("a", "b").andThen(Out.eof());
	}

	@EventSourceMapping("/named")
	Out<ServerSentEvent<String>> named() {
		return Out
			.<ServerSentEvent<String>>of(ServerSentEvent.builder("one").event("first").build(),
					ServerSentEvent.builder("two").build(), ServerSentEvent.builder("three").event("third").build())
			.andThen(Out.eof());
	}

	@EventSourceMapping(path = "/answers", method = RequestMethod.POST)
	Out<Said> answers(@RequestBody Say say) {
		return Out.of(new Said("model", say.text()), new Said("model", "done"));
	}

	@EventSourceMapping("/live")
	InOut<String, String> live() {
		return channel();
	}

	CloseStatus end() throws InterruptedException {
		CloseStatus end = this.ends.poll(30, TimeUnit.SECONDS);
		assertThat(end).isNotNull();
		return end;
	}

	Channel<String> nextChannel() throws InterruptedException {
		Channel<String> channel = this.channels.poll(30, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		return channel;
	}

	record Say(String text) {
	}

	record Said(String from, String text) {
	}

	/**
	 * A server that waits a second for clients that do not read, and soon finds out that
	 * one has left a stream.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Impatient {

		private static final ConnectionSettings SETTINGS = ConnectionSettings.DEFAULT
			.withSendTimeout(Duration.ofSeconds(1));

		@Bean
		WebSocketSettings webSocketSettings() {
			return new WebSocketSettings(List.of(), SETTINGS);
		}

		@Bean
		EventStreamSettings eventStreamSettings() {
			return new EventStreamSettings(SETTINGS.withPingInterval(Duration.ofMillis(200)), Duration.ZERO, null);
		}

	}

}
