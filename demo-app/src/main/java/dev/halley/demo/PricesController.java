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
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.stereotype.Controller;

import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;

/**
 * One out over three wires. The request decides which one it gets.
 */
@Controller
class PricesController {

	@WebSocketMapping("/prices")
	@EventSourceMapping("/prices")
	@CometMapping(path = "/prices", callback = "parent.priceMessage", removeScripts = true)
	Out<Price> prices() {
		return Out.every(Duration.ofSeconds(1), PricesController::next);
	}

	private static Price next() {
		return new Price("HLY", Math.round(ThreadLocalRandom.current().nextDouble(90, 110) * 100) / 100.0);
	}

	record Price(String symbol, double value) {
	}

}
