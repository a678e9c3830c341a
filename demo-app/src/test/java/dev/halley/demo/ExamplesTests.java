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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.http.codec.ServerSentEvent;

import dev.halley.Hubs;
import dev.halley.demo.PricesController.Price;
import dev.halley.test.PairTester;
import dev.halley.test.TesterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the examples do, without a server.
 */
class ExamplesTests {

	@RegisterExtension
	static final TesterExtension testers = new TesterExtension().failOnUnread();

	@Test
	void helloGreetsAndStays() {
		PairTester.of(new HelloController().hello())
			.expect("Hello!")
			.send("Hi")
			.expectNone(Duration.ofMinutes(1))
			.close();
	}

	@Test
	void byeGreetsAndGoes() {
		PairTester.of(new ByeController().bye()).expect("Hello!").expectClose(1000);
	}

	@Test
	void theLobbyTellsWhoLeaves() {
		LobbyController lobby = new LobbyController(Hubs.inMemory());
		PairTester<String, String> ann = PairTester.of(lobby.lobby("Ann")).expect("Ann joined");
		PairTester.of(lobby.lobby("Bob")).expect("Bob joined").vanish().expectCancelled();
		ann.expect("Bob joined").expect("Bob left");
	}

	@Test
	void pricesComeEachSecond() {
		PairTester<Void, Price> prices = PairTester.ofStream(new PricesController().prices());
		assertThat(prices.next().symbol()).isEqualTo("HLY");
		prices.expectNone(Duration.ofMillis(999)).advance(Duration.ofMillis(1));
		assertThat(prices.next().value()).isBetween(90.0, 110.0);
	}

	@Test
	void eventsGoOnAfterTheLastOne() {
		PairTester<Void, ServerSentEvent<Long>> events = PairTester.ofStream(new EventsController().events(41L));
		for (long number = 42; number < 47; number++) {
			events.expect(ServerSentEvent.builder(number).id(String.valueOf(number)).build());
		}
		events.expectClose(1000);
	}

}
