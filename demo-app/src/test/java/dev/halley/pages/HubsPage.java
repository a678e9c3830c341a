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

package dev.halley.pages;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Position;
import dev.halley.Recorded;
import dev.halley.Replay;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;
import dev.halley.annotation.WebSocketMapping;

/**
 * What docs/hubs.md shows, apart from orders and presence.
 */
@RestController
class HubsPage {

	private final Hubs hubs;

	private final Model model = new Model();

	private final Questions questions = new Questions();

	HubsPage(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/say/{room}")
	Out<Said> say(@PathVariable String room, @RequestParam String text, Principal user) {
		Hub<Said> hub = this.hubs.hub("room." + room, Said.class);
		hub.publish(new Said(user.getName(), text));
		return hub.out();
	}

	Hub<Said> lobby() {
		Hub<Said> hub = this.hubs.hub("room.lobby", Said.class, History.ofMessages(100).withAge(Duration.ofHours(12)));
		return hub;
	}

	static List<Out<Said>> replays(Hub<Said> hub, Position position) {
		hub.out(Replay.last(20)); // the last 20 messages, then what is published
		hub.out(Replay.after(position)); // all after the position; without one, from now
											// on
		hub.out(Replay.after(position).orLast(20)); // the last 20 if there is no position
		return List.of(hub.out(Replay.last(20)), hub.out(Replay.after(position)));
	}

	@WebSocketMapping("/rooms/{room}")
	Out<Line> room(@PathVariable String room, @LastEventId @Nullable Position after) {
		return this.hubs.hub("room." + room, Said.class).events(Replay.after(after).orLast(20)).map((event) -> {
			if (event instanceof HubEvent.Message<Said> message) {
				return new Line(message.position().toString(), message.payload());
			}
			return Line.startAgain(event.position().toString());
		});
	}

	@EventSourceMapping("/rooms/{room}/events")
	Out<Said> events(@PathVariable String room, @LastEventId @Nullable Position id) {
		return this.hubs.hub("room." + room, Said.class).out(Replay.after(id).orLast(20));
	}

	@EventSourceMapping("/answers/{id}")
	Out<ServerSentEvent<String>> answer(@PathVariable UUID id, @LastEventId @Nullable String lastId, Principal user) {
		Recorded<String> answer = this.hubs.recorded("answer." + user.getName() + "." + id, String.class,
				() -> this.model.stream(this.questions.find(id)), Duration.ofMinutes(10));
		return answer.events(Replay.after(lastId)).map((event) -> {
			ServerSentEvent.Builder<String> builder = ServerSentEvent.<String>builder().id(event.position().toString());
			return (event instanceof HubEvent.Message<String> message) ? builder.data(message.payload()).build()
					: builder.event("reset").data("").build();
		}).andThen(Out.eof());
	}

	@PostMapping("/answers/{id}/stop")
	void stop(@PathVariable UUID id, Principal user) {
		this.hubs.recorded("answer." + user.getName() + "." + id, String.class).ifPresent(Recorded::stop);
	}

	record Said(String from, String text) {
	}

	record Line(String position, @Nullable Said said) {

		static Line startAgain(String position) {
			return new Line(position, null);
		}

	}

	/**
	 * Answers questions.
	 */
	static class Model {

		Flux<String> stream(String question) {
			return Flux.just(question, "42");
		}

	}

	/**
	 * Knows questions.
	 */
	static class Questions {

		String find(UUID id) {
			return "question " + id;
		}

	}

}
