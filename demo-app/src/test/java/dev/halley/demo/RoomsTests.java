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

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

import dev.halley.demo.RoomsController.Line;
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
	void whatIsSaidReachesTheRoomAndNoOther() {
		PairTester<Say, Line> ada = room("/rooms/1?name=Ada");
		PairTester<Say, Line> bob = room("/rooms/1?name=Bob");
		PairTester<Say, Line> eve = room("/rooms/2?name=Eve");
		ada.send(new Say("Hello"));
		assertThat(nextSaid(ada)).isEqualTo("Ada: Hello");
		assertThat(nextSaid(bob)).isEqualTo("Ada: Hello");
		eve.send(new Say("Anybody?"));
		assertThat(nextSaid(eve)).isEqualTo("Eve: Anybody?");
	}

	@Test
	void whoComesAndGoesIsSeen() {
		PairTester<Say, Line> ada = room("/rooms/3?name=Ada");
		PairTester<Say, Line> bob = room("/rooms/3?name=Bob");
		assertThat(nextThere(ada, 2)).containsExactlyInAnyOrder("Ada", "Bob");
		bob.close();
		assertThat(nextThere(ada, 1)).containsExactly("Ada");
	}

	private PairTester<Say, Line> room(String path) {
		return this.testers.webSocket(path, Say.class, Line.class);
	}

	/** Lines that tell who is there come between what is said. */
	private static String nextSaid(PairTester<Say, Line> room) {
		Said said = room.next().said();
		while (said == null) {
			said = room.next().said();
		}
		return said.from() + ": " + said.text();
	}

	private static Set<String> nextThere(PairTester<Say, Line> room, int members) {
		Set<String> there = room.next().there();
		while (there == null || there.size() != members) {
			there = room.next().there();
		}
		return there;
	}

	@Test
	void whatIsBlankIsRefused() {
		PairTester<Say, Refused> ada = this.testers.webSocket("/rooms/1?name=Ada", Say.class, Refused.class);
		ada.send(new Say(" "));
		Refused next = ada.next();
		while (next.error() == null) {
			next = ada.next();
		}
		assertThat(next.error()).isEqualTo("text must not be blank");
	}

	@Test
	void whoHasNoNameIsRefused() {
		HttpAnswer answer = this.testers.refusal("/rooms/1");
		assertThat(answer.status()).isEqualTo(400);
	}

}
