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

package dev.halley.pages;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import dev.halley.pages.HubsPage.Said;
import dev.halley.pages.PresencePage.Line;
import dev.halley.pages.PresencePage.Say;
import dev.halley.test.HalleyTest;
import dev.halley.test.PairTester;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/hubs.md shows of presence.
 */
@HalleyTest
@Import(PresencePage.class)
class PresencePageTests {

	@Test
	void tellsWhoIsThere(@Autowired PairTesters testers) {
		PairTester<Say, Line> ada = room(testers, "Ada");
		awaitMembers(ada, Set.of("Ada"));
		PairTester<Say, Line> bob = room(testers, "Bob");
		awaitMembers(ada, Set.of("Bob"));
		bob.send(new Say("Hello"));
		Line line = ada.next();
		while (line.said() == null) {
			line = ada.next();
		}
		assertThat(line.said()).isEqualTo(new Said("Bob", "Hello"));
		bob.close();
		while (line.left() == null) {
			line = ada.next();
		}
		assertThat(line.left()).containsExactly("Bob");
	}

	private static PairTester<Say, Line> room(PairTesters testers, String name) {
		return testers.with(HubsPageTests.user(name)).webSocket("/rooms/1", Say.class, Line.class);
	}

	private static void awaitMembers(PairTester<Say, Line> room, Set<String> names) {
		Line line = room.next();
		while (line.members() == null || !line.members().keySet().equals(names)) {
			line = room.next();
		}
	}

}
