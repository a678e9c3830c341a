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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A loop with some connections, in the one of all orders that a seed gives. At any step
 * of a turn another thread may take the loop.
 */
final class LoopSchedule {

	private final Random random;

	private final Interleaving schedule;

	private final FakeSelector selector;

	private final EventLoop loop;

	private final List<FakeTalk> talks = new ArrayList<>();

	/** How many steps there are for each takeover. */
	private final int calm;

	private final AtomicLong takeovers = new AtomicLong();

	LoopSchedule(Executor threads, long seed) {
		this.random = new Random(seed * 0x9E3779B97F4A7C15L);
		this.schedule = new Interleaving(threads, this.random);
		this.selector = new FakeSelector(this.schedule, this.random);
		this.loop = new EventLoop(this.selector, this.schedule::step, null);
		this.calm = 2 + this.random.nextInt(40);
		this.schedule.atEachStep(this::perhapsTakeOver);
	}

	private void perhapsTakeOver() {
		long turn = this.loop.turn();
		if ((turn & 1) == 1 && this.random.nextInt(this.calm) == 0) {
			this.schedule.start("drives", () -> this.loop.takeOver(turn, new Takeover(1, this.takeovers)));
		}
	}

	/** Returns how many takeovers there were. */
	long run() throws IOException, InterruptedException {
		boolean endsEarly = this.random.nextInt(8) == 0;
		this.schedule.start("drives", this.loop::drive);
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			FakeTalk talk = new FakeTalk(this.schedule, this.random);
			this.talks.add(talk);
			talk.start(this.loop);
		}
		this.schedule.start("disturbs", () -> disturb(endsEarly));
		try {
			this.schedule.run();
			if (!endsEarly) {
				assertThat(this.talks).as(this.selector.keys().toString()).allSatisfy(FakeTalk::assertServed);
				assertThat(this.schedule.alive()).containsOnlyOnce("drives");
				this.schedule.start("ends", this.loop::end);
				this.schedule.run();
			}
			assertEnded();
			return this.takeovers.get();
		}
		finally {
			this.schedule.end();
			this.loop.end();
		}
	}

	private void disturb(boolean end) {
		for (int i = this.random.nextInt(300); i > 0; i--) {
			this.schedule.step();
			if (this.random.nextInt(50) == 0) {
				this.selector.wakeup();
			}
		}
		if (end) {
			this.loop.end();
		}
	}

	private void assertEnded() throws InterruptedException {
		this.talks.forEach(FakeTalk::assertEnded);
		assertThat(this.schedule.alive()).isEmpty();
		assertThat(this.selector.isOpen()).isFalse();
		assertThat(this.selector.keys()).isEmpty();
		assertThat(this.loop.awaitEnd(0)).isTrue();
	}

}
