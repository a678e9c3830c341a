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

package dev.halley.test;

import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.WebSocketMapping;

/**
 * Has a fault in each mapping.
 */
@Controller
class FaultController {

	private final Hubs hubs;

	FaultController(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/faults/loses")
	InOut<String, String> loses() {
		return InOut.flow((texts) -> texts.filter((text) -> !text.equals("two")).map((text) -> "got " + text));
	}

	@WebSocketMapping("/faults/disorders")
	InOut<String, String> disorders() {
		return InOut.of(In.ignore(), Out.of("a", "c", "b"));
	}

	@WebSocketMapping("/faults/hangs")
	InOut<String, String> hangs() {
		return InOut.of(In.forEachAsync((String text) -> Mono.never()), Out.never());
	}

	/** Keeps a subscription of its own, which nobody ends. */
	@WebSocketMapping("/faults/leaks")
	InOut<String, String> leaks() {
		Hub<String> hub = this.hubs.hub("faults", String.class);
		return InOut.of(In.ignore(), Out.unicast(
				(channel) -> InOut.of(In.ignore(), hub.out()).run().out().subscribe((message) -> channel.push("a"))));
	}

}
