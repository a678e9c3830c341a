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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

import dev.halley.demo.RoomsController.Refused;
import dev.halley.demo.RoomsController.Said;
import dev.halley.demo.RoomsController.Say;
import dev.halley.test.HttpAnswer;
import dev.halley.test.PairTester;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms with all that belongs to them, and without a server.
 */
@WebMvcTest(RoomsController.class)
class RoomsTests {

	@Autowired
	private PairTesters testers;

	@Test
	void whatIsSaidReachesTheRoom() {
		PairTester<Say, Said> ada = this.testers.webSocket("/rooms/1?name=Ada", Say.class, Said.class);
		PairTester<Say, Said> bob = this.testers.webSocket("/rooms/1?name=Bob", Say.class, Said.class);
		ada.send(new Say("Hello")).expectMatch((said) -> said.text().equals("Hello"));
		bob.expectSatisfying((said) -> assertThat(said.from()).isEqualTo("Ada"));
	}

	@Test
	void whatIsBlankIsRefused() {
		this.testers.webSocket("/rooms/1?name=Ada", Say.class, Refused.class)
			.send(new Say(" "))
			.expect(new Refused("text must not be blank"));
	}

	@Test
	void whoHasNoNameIsRefused() {
		HttpAnswer answer = this.testers.refusal("/rooms/1");
		assertThat(answer.status()).isEqualTo(400);
	}

}
