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

package dev.halley.demo;

import java.time.Instant;
import java.util.Set;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Replay;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.codec.InvalidMessageException;

/**
 * A room for each name, shared by all who are in it, who see who is there and what was
 * said last. What is said is JSON, and checked.
 */
@Controller
class RoomsController {

	private final Hubs hubs;

	RoomsController(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/rooms/{room}")
	InOut<@Valid Say, Line> room(@PathVariable String room, @RequestParam String name) {
		Hub<Said> hub = this.hubs.hub("room." + room, Said.class);
		Out<Line> said = hub.out(Replay.last(20)).map((message) -> new Line(message, null));
		Out<Line> there = hub.presence().map((event) -> new Line(null, hub.members().keySet()));
		return InOut.of(In.forEach((say) -> hub.publish(new Said(name, say.text(), Instant.now()))),
				hub.join(name, "here", said.interleave(there)));
	}

	@MessageExceptionHandler
	Refused refuse(InvalidMessageException ex) {
		return new Refused(String.join(", ", ex.getViolations()));
	}

	record Say(@NotBlank @Size(max = 500) String text) {
	}

	record Said(String from, String text, Instant at) {
	}

	record Line(@Nullable Said said, @Nullable Set<String> there) {
	}

	record Refused(String error) {
	}

}
