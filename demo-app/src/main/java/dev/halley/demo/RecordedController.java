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

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import reactor.core.publisher.Flux;

import dev.halley.HubEvent;
import dev.halley.Hubs;
import dev.halley.Out;
import dev.halley.Recorded;
import dev.halley.Replay;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;

/**
 * Answers word by word, and goes on though the page is loaded again. Whoever knows the
 * number of an answer may read it and stop it.
 */
@Controller
class RecordedController {

	private final Hubs hubs;

	RecordedController(Hubs hubs) {
		this.hubs = hubs;
	}

	@EventSourceMapping("/recorded/{id}")
	Out<ServerSentEvent<String>> read(@PathVariable UUID id, @LastEventId @Nullable String last) {
		Recorded<String> answer = this.hubs.recorded("answer." + id, String.class, RecordedController::words,
				Duration.ofMinutes(5));
		return answer.compact((missed) -> String.join(" ", missed))
			.events(Replay.after(last))
			.map(RecordedController::event)
			.andThen(Out.eof());
	}

	@PostMapping("/recorded/{id}/stop")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stop(@PathVariable UUID id) {
		this.hubs.recorded("answer." + id, String.class).ifPresent(Recorded::stop);
	}

	private static ServerSentEvent<String> event(HubEvent<String> event) {
		ServerSentEvent.Builder<String> builder = ServerSentEvent.<String>builder().id(event.position().toString());
		return (event instanceof HubEvent.Message<String> message) ? builder.data(message.payload()).build()
				: builder.event("reset").data("").build();
	}

	/** What a language model would do. */
	private static Flux<String> words() {
		String answer = "A comet is a small body of ice and dust that comes from far away. Near the Sun it warms, and "
				+ "what was frozen becomes a tail that can be longer than the way from the Earth to the Sun. Halley's "
				+ "comes back each 76 years, whoever looks away meanwhile.";
		return Flux.fromArray(answer.split(" ")).delayElements(Duration.ofMillis(250));
	}

}
