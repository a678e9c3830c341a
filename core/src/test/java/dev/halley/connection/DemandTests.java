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

package dev.halley.connection;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.halley.Overflow;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Demand}.
 */
class DemandTests {

	@Test
	void asksForOneBeforeItKnowsHowLargeMessagesAre() {
		Demand demand = demand(Overflow.CLOSE, 10_000, 1 << 20);
		assertThat(demand.next(0, 0)).isEqualTo(1);
		assertThat(demand.next(0, 0)).isZero();
	}

	@Test
	void asksForMoreInEachRoundUntilItAsksForSixtyFour() {
		Demand demand = demand(Overflow.CLOSE, 10_000, 1 << 20);
		List<Integer> rounds = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			rounds.add(demand.next(0, 0));
			meet(demand, rounds.get(i), 1);
		}
		assertThat(rounds).containsExactly(1, 4, 16, 64, 64);
	}

	@Test
	void growsWithTheMessagesThatItSawHoweverManyRoundsTheyTook() {
		Demand demand = demand(Overflow.CLOSE, 10_000, 1 << 20);
		for (int i = 0; i < 5; i++) {
			assertThat(demand.next(63, 63)).isEqualTo(1);
			meet(demand, 1, 1);
		}
		assertThat(demand.next(0, 0)).isEqualTo(16);
	}

	@Test
	void isStartingOnceAllHasComeUntilItHasSeenEnough() {
		Demand demand = demand(Overflow.CLOSE, 10_000, 1 << 20);
		meet(demand, demand.next(0, 0), 1);
		assertThat(demand.isStarting()).isTrue();
		demand.next(0, 0);
		assertThat(demand.isStarting()).isFalse();
		assertThat(grown(10_000, 1 << 20).isStarting()).isFalse();
	}

	@Test
	void keepsWithinTheBytesFromTheFirstMessageOn() {
		int size = 300_000;
		Demand demand = demand(Overflow.CLOSE, 256, 1_000_000);
		int taken = 0;
		for (int more = demand.next(0, 0); more > 0; more = demand.next(taken, (long) taken * size)) {
			meet(demand, more, size);
			taken += more;
		}
		assertThat(taken).isEqualTo(3);
	}

	@Test
	void asksForAQuarterOfTheBufferAndLeavesTheRest() {
		Demand demand = grown(80, 1 << 20);
		assertThat(demand.next(0, 0)).isEqualTo(20);
		assertThat(demand.sourceShare()).isEqualTo(60);
	}

	@Test
	void asksForSixtyFourAtMost() {
		assertThat(grown(10_000, 1 << 20).next(0, 0)).isEqualTo(64);
	}

	@Test
	void asksForOneOfTheSmallestBuffer() {
		Demand demand = demand(Overflow.DROP_LATEST, 1, 1);
		assertThat(demand.next(0, 0)).isEqualTo(1);
		assertThat(demand.sourceShare()).isEqualTo(1);
		meet(demand, 1, 1);
		assertThat(demand.next(0, 0)).isEqualTo(1);
	}

	@Test
	void doesNotAskAgainForWhatIsStillToCome() {
		Demand demand = grown(80, 1 << 20);
		demand.next(0, 0);
		assertThat(demand.next(0, 0)).isZero();
	}

	@Test
	void asksAgainWhenAQuarterHasCome() {
		Demand demand = grown(80, 1 << 20);
		demand.next(0, 0);
		meet(demand, 4, 1);
		assertThat(demand.next(0, 0)).isZero();
		meet(demand, 1, 1);
		assertThat(demand.next(0, 0)).isEqualTo(5);
	}

	@Test
	void countsWhatIsQueued() {
		Demand demand = grown(80, 1 << 20);
		meet(demand, demand.next(0, 0), 1);
		assertThat(demand.next(12, 12)).isEqualTo(8);
		assertThat(demand.next(20, 20)).isZero();
	}

	@Test
	void countsTheBytesOfLargeMessages() {
		Demand demand = grown(80, 1000);
		meet(demand, demand.next(0, 0), 200);
		assertThat(demand.next(2, 400)).isEqualTo(3);
		meet(demand, 3, 200);
		assertThat(demand.next(5, 1000)).isZero();
	}

	@Test
	void forgetsALargeMessageInTime() {
		Demand demand = grown(80, 10_000);
		meet(demand, demand.next(0, 0), 10_000);
		assertThat(demand.next(0, 0)).isEqualTo(1);
		meet(demand, 400, 1);
		assertThat(demand.next(0, 0)).isEqualTo(20);
	}

	@Test
	void asksForOneWhenNothingWaitsHoweverLargeItMayBe() {
		Demand demand = demand(Overflow.CLOSE, 80, 10);
		meet(demand, demand.next(0, 0), 100);
		assertThat(demand.next(0, 0)).isEqualTo(1);
		meet(demand, 1, 100);
		assertThat(demand.next(0, 100)).isZero();
	}

	@Test
	void knowsWhatNobodyAskedFor() {
		Demand demand = demand(Overflow.CLOSE, 4, 100);
		assertThat(demand.isMetBy(1)).isFalse();
		demand.next(0, 0);
		assertThat(demand.isMetBy(1)).isTrue();
		assertThat(demand.isMetBy(1)).isFalse();
	}

	@Test
	void asksStepByStepWhereWaitingMessagesMayBeDropped() {
		Demand demand = demand(Overflow.DROP_OLDEST, 2, 100);
		assertThat(demand.isStepwise()).isTrue();
		assertThat(demand.sourceShare()).isEqualTo(2);
		assertThat(demand.next(0, 0)).isEqualTo(1);
		assertThat(demand.next(0, 0)).isZero();
		meet(demand, 1, 1);
		assertThat(demand.next(1, 1)).isEqualTo(1);
		assertThat(demand.isStarting()).isFalse();
		meet(demand, 1, 1);
		assertThat(demand.isStarting()).isFalse();
		assertThat(demand.next(2, 2)).isZero();
	}

	@Test
	void asksForOneWhereOnlyTheLatestCounts() {
		Demand demand = demand(Overflow.LATEST, 256, 100);
		assertThat(demand.next(0, 0)).isEqualTo(1);
		meet(demand, 1, 1);
		assertThat(demand.next(1, 1)).isZero();
	}

	private static void meet(Demand demand, int count, int size) {
		for (int i = 0; i < count; i++) {
			demand.isMetBy(size);
		}
	}

	/** One that has seen many small messages. */
	private static Demand grown(int messages, long bytes) {
		Demand demand = demand(Overflow.CLOSE, messages, bytes);
		for (int i = 0; i < 10; i++) {
			meet(demand, demand.next(0, 0), 1);
		}
		return demand;
	}

	private static Demand demand(Overflow overflow, int messages, long bytes) {
		return new Demand(new Runs().with(overflow, messages, bytes).settings);
	}

}
