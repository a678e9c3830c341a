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

package dev.halley;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HistoryPatterns} and {@link History}.
 */
class HistoryPatternsTests {

	private final HistoryPatterns patterns = new HistoryPatterns(Map.of("*", History.ofMessages(1), "room.*",
			History.ofMessages(2), "room.*.private", History.ofMessages(3), "room.lobby", History.ofMessages(4),
			"room.lob*", History.ofMessages(5), "room.lobby*", History.ofMessages(6)));

	@ParameterizedTest
	@CsvSource({ "other,1", "rooms,1", "room.,2", "room.1,2", "room.1.private,3", "room.lobby,4", "room.lob,5",
			"room.lobbies,5", "room.lobby2,6" })
	void theMostSpecificPatternCounts(String name, int messages) {
		assertThat(this.patterns.find(name)).isEqualTo(History.ofMessages(messages));
	}

	@Test
	void whatNoPatternFitsKeepsNothing() {
		assertThat(new HistoryPatterns(Map.of("room.*", History.ofMessages(1))).find("clock")).isNull();
		assertThat(HistoryPatterns.NONE.find("clock")).isNull();
	}

	@Test
	void hubsOfAPatternKeepAHistoryUnlessTheyAreGivenTheirOwn() {
		Hubs hubs = Hubs.inMemory(Runnable::run, Map.of("room.*", History.ofMessages(2)), (message) -> 1);
		Hub<Integer> hub = hubs.hub("room.1", Integer.class);
		for (int i = 0; i < 4; i++) {
			hub.publish(i);
		}
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		hub.out(Replay.last(9)).elements().subscribe(subscriber);
		assertThat(subscriber.messages()).containsExactly(2, 3);
		hubs.hub("room.1", Integer.class, History.ofMessages(3)).publish(4);
		StrictSubscriber later = StrictSubscriber.unbounded();
		hub.out(Replay.last(9)).elements().subscribe(later);
		assertThat(later.messages()).containsExactly(2, 3, 4);
	}

	@Test
	void boundsThatCannotWorkAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> History.ofMessages(0))
			.withMessage("messages: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> History.ofBytes(0))
			.withMessage("bytes: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> History.ofAge(Duration.ZERO))
			.withMessage("age: PT0S (expected: > 0 and <= PT87600H)");
		assertThatIllegalArgumentException().isThrownBy(() -> History.ofMessages(1).withAge(Duration.ofDays(4000)));
		assertThatIllegalArgumentException().isThrownBy(() -> Replay.last(-1))
			.withMessage("messages: -1 (expected: >= 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> new HistoryPatterns(Map.of(" ", History.ofMessages(1))));
	}

}
