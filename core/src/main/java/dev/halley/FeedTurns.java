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

import java.util.concurrent.ThreadLocalRandom;

/**
 * What a {@link BrokerFeed} waits for, and does later. Each thing that it begins is a
 * turn: answers and attempts of an earlier one are too late. Attempts come at longer and
 * longer intervals, which are not the same on all nodes.
 * <p>
 * Belongs to the lane.
 */
final class FeedTurns {

	private static final int FIRST_RETRY_MILLIS = 100;

	private static final int LAST_RETRY_MILLIS = 5000;

	private final Lane lane;

	private int turn;

	private int attempts;

	FeedTurns(Lane lane) {
		this.lane = lane;
	}

	/** The number of the turn. */
	int current() {
		return this.turn;
	}

	/** Begins another turn. */
	void next() {
		this.turn++;
	}

	/** The next attempt comes soon. */
	void succeeded() {
		this.attempts = 0;
	}

	/** Does something again, in a turn of its own, unless another one begins before. */
	void retry(Runnable task) {
		long millis = Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(this.attempts++, 6));
		int turn = ++this.turn;
		later(millis / 2 + ThreadLocalRandom.current().nextLong(millis), () -> {
			if (turn == this.turn) {
				task.run();
			}
		});
	}

	/** Does something in the lane after a while, in whichever turn. */
	void later(long millis, Runnable task) {
		BrokerTimer.schedule(() -> this.lane.execute(task), millis);
	}

}
