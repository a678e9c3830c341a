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

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestParam;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.annotation.WebSocketMapping;

/**
 * Tells those who are there who comes and goes.
 */
@Controller
class LobbyController {

	private final Hubs hubs;

	LobbyController(Hubs hubs) {
		this.hubs = hubs;
	}

	@WebSocketMapping("/lobby")
	InOut<String, String> lobby(@RequestParam String name) {
		Hub<String> hub = this.hubs.hub("lobby", String.class);
		In<String> in = In.forEach((String text) -> hub.publish(name + ": " + text))
			.whenOpen(() -> hub.publish(name + " joined"))
			.whenDone(() -> hub.publish(name + " left"));
		return InOut.of(in, hub.out());
	}

}
