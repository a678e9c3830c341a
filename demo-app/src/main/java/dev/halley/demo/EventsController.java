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

import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;

import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.LastEventId;

/**
 * Counts on where the browser has left off. Each stream ends after five events, and the
 * browser comes back by itself.
 */
@Controller
class EventsController {

	@EventSourceMapping(path = "/events", retry = "2s")
	Out<ServerSentEvent<Long>> events(@LastEventId @Nullable Long last) {
		long first = (last != null) ? last + 1 : 1;
		return Out.from(Flux.interval(Duration.ofMillis(500)).take(5).map((tick) -> event(first + tick)));
	}

	private static ServerSentEvent<Long> event(long number) {
		return ServerSentEvent.builder(number).id(String.valueOf(number)).build();
	}

}
