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

package dev.halley.websocket.engine;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Two actions at the same moment, over and over, each time a few nanoseconds apart. The
 * threads meet by spinning: whatever sleeps and is woken comes too late for the few
 * instructions between which a race is lost.
 */
final class Race {

	/** A busy machine does fewer rounds, but never none. */
	private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

	private static final int FARTHEST = 400;

	private static final int SPINS = 2000;

	private final AtomicReference<Throwable> failure = new AtomicReference<>();

	private volatile Round current;

	private volatile int started;

	private volatile int arrived;

	private volatile int ended;

	private volatile boolean over;

	private Race() {
	}

	/**
	 * Runs rounds, and fails with the first failure of any.
	 * @param rounds how many, if the machine is quick enough
	 * @param rules makes what meets, anew for each round
	 */
	static void run(int rounds, Supplier<Round> rules) throws InterruptedException {
		Race race = new Race();
		Thread other = new Thread(race::follow, "race");
		other.start();
		try {
			race.lead(rounds, rules);
		}
		finally {
			race.over = true;
			other.join();
		}
	}

	private void lead(int rounds, Supplier<Round> rules) {
		Random random = new Random(rounds);
		long end = System.nanoTime() + LONGEST;
		for (int i = 1; i <= rounds && (i == 1 || System.nanoTime() - end < 0); i++) {
			Round round = rules.get();
			this.current = round;
			this.started = i;
			for (int spins = 0; this.arrived != i; spins++) {
				pause(spins);
			}
			delay(random.nextInt(FARTHEST));
			round.one().run();
			for (int spins = 0; this.ended != i; spins++) {
				pause(spins);
			}
			if (this.failure.get() != null) {
				throw new AssertionError("Round " + i, this.failure.get());
			}
			round.check().run();
		}
	}

	private void follow() {
		Random random = new Random(1);
		for (int i = 1; !this.over; i++) {
			for (int spins = 0; this.started != i; spins++) {
				if (this.over) {
					return;
				}
				pause(spins);
			}
			int delay = random.nextInt(FARTHEST);
			Runnable action = this.current.other();
			this.arrived = i;
			delay(delay);
			try {
				action.run();
			}
			catch (Throwable ex) {
				this.failure.compareAndSet(null, ex);
			}
			this.ended = i;
		}
	}

	private static void pause(int spins) {
		if (spins < SPINS) {
			Thread.onSpinWait();
		}
		else {
			Thread.yield();
		}
	}

	private void delay(int steps) {
		for (int i = 0; i < steps && !this.over; i++) {
			continue;
		}
	}

	/** Two actions for the same moment, and what must hold after them. */
	record Round(Runnable one, Runnable other, Runnable check) {
	}

}
