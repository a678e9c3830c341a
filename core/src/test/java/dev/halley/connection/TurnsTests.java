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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Turns}: who works when, and for how long.
 */
class TurnsTests {

	private final List<Runnable> given = new ArrayList<>();

	private final List<Thread> workers = new ArrayList<>();

	private final AtomicBoolean barred = new AtomicBoolean();

	private Runnable within = () -> {
	};

	private final Turns turns = new Turns(this::work, 3, this.given::add, this.barred::get);

	private void work() {
		this.workers.add(Thread.currentThread());
		this.within.run();
	}

	/** So many turns come from within, one in each. */
	private static Runnable more(Turns turns, int count) {
		AtomicInteger left = new AtomicInteger(count);
		return () -> {
			if (left.getAndDecrement() > 0) {
				turns.take();
			}
		};
	}

	@Test
	void eachTakesHisOwnWhenNobodyElseDoes() {
		this.turns.take();
		this.turns.take();
		this.turns.take();
		this.turns.take();
		assertThat(this.workers).hasSize(4);
		assertThat(this.given).isEmpty();
	}

	@Test
	void whatEscapesFromATurnIsNotTheEndOfAll() {
		this.within = () -> {
			throw new StackOverflowError();
		};
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(this.turns::take);
		this.within = () -> {
		};
		this.turns.take();
		assertThat(this.workers).hasSize(2);
	}

	@Test
	void whoComesMeanwhileLeavesHis() {
		AtomicBoolean first = new AtomicBoolean(true);
		this.within = () -> {
			if (first.getAndSet(false)) {
				CompletableFuture.runAsync(this.turns::take).orTimeout(1, TimeUnit.MINUTES).join();
				CompletableFuture.runAsync(this.turns::take).orTimeout(1, TimeUnit.MINUTES).join();
				assertThat(this.workers).hasSize(1);
			}
		};
		this.turns.take();
		assertThat(this.workers).hasSize(2).containsOnly(Thread.currentThread());
	}

	@Test
	void anotherGoesOnAfterSomeInARow() throws Exception {
		this.within = more(this.turns, 4);
		this.turns.take();
		assertThat(this.workers).hasSize(3);
		assertThat(this.given).hasSize(1);
		Thread other = new Thread(this.given.remove(0));
		other.start();
		other.join();
		assertThat(this.workers).hasSize(5);
		assertThat(this.workers.subList(3, 5)).containsOnly(other);
		assertThat(this.given).isEmpty();
	}

	@Test
	void nobodyElseGoesOnWhenNothingIsLeft() {
		this.within = more(this.turns, 2);
		this.turns.take();
		assertThat(this.workers).hasSize(3);
		assertThat(this.given).isEmpty();
		this.turns.take();
		assertThat(this.workers).hasSize(4);
	}

	@Test
	void whoeverComesBeforeTheOtherGoesOnLeavesHis() {
		this.within = more(this.turns, 3);
		this.turns.take();
		this.turns.take();
		assertThat(this.workers).hasSize(3);
		this.given.remove(0).run();
		assertThat(this.workers).hasSize(5);
		this.turns.take();
		assertThat(this.workers).hasSize(6);
	}

	@Test
	void theSameGoesOnWhenThereIsNoOther() {
		List<Thread> all = new ArrayList<>();
		AtomicInteger left = new AtomicInteger(10);
		Turns[] turns = new Turns[1];
		turns[0] = new Turns(() -> {
			all.add(Thread.currentThread());
			if (left.decrementAndGet() > 0) {
				turns[0].take();
			}
		}, 3, Runnable::run, () -> false);
		turns[0].take();
		assertThat(all).hasSize(10).containsOnly(Thread.currentThread());
	}

	@Test
	void oneThatIsBarredTakesNone() throws Exception {
		this.barred.set(true);
		this.turns.take();
		assertThat(this.workers).isEmpty();
		this.barred.set(false);
		Thread other = new Thread(this.given.remove(0));
		other.start();
		other.join();
		assertThat(this.workers).containsExactly(other);
	}

	@Test
	void oneThatIsBarredMeanwhileTakesNoMore() {
		this.within = () -> {
			if (!this.barred.getAndSet(true)) {
				this.turns.take();
			}
		};
		this.turns.take();
		assertThat(this.workers).hasSize(1);
		assertThat(this.given).hasSize(1);
	}

	@Test
	void oneThatIsBarredWorksWhenThereIsNoOther() {
		AtomicInteger done = new AtomicInteger();
		new Turns(done::incrementAndGet, 3, Runnable::run, () -> true).take();
		assertThat(done).hasValue(1);
	}

}
