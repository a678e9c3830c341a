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

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import dev.halley.test.ChatApplication.RoomController;
import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the guide to testing that need an application.
 */
@HalleyTest(RoomController.class)
class GuideApplicationTests {

	@Autowired
	private PairTesters testers;

	@Test
	void talks() {
		PairTester<Say, Said> ada = this.testers.webSocket("/rooms/3?name=Ada", Say.class, Said.class);
		PairTester<Say, Said> bob = this.testers.webSocket("/rooms/3?name=Bob", Say.class, Said.class);
		ada.send(new Say("Hello")).expect(new Said("Ada", "Hello"));
		bob.expect(new Said("Ada", "Hello")).vanish();
		ada.expect(new Said("Bob", "Bye"));
		ada.send(new Say(" ")).expect(new Said("", "refused"));
	}

	@Test
	void refuses() {
		assertThat(this.testers.refusal("/rooms/1?name=root").status()).isEqualTo(403);
	}

}
