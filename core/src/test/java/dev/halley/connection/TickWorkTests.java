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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TickWork}.
 */
class TickWorkTests {

	/** What waits for a thread. */
	private final List<Runnable> waiting = new ArrayList<>();

	private final List<String> done = new ArrayList<>();

	private final TickWork work = new TickWork(new Runs(this.waiting::add, Runnable::run).registry);

	@Test
	void oneTaskAtATimeWaitsForAThread() {
		this.work.run(() -> this.done.add("a"));
		this.work.run(() -> this.done.add("b"));
		assertThat(this.waiting).hasSize(1);
		this.waiting.remove(0).run();
		this.work.run(() -> this.done.add("c"));
		this.waiting.remove(0).run();
		assertThat(this.done).containsExactly("a", "c");
	}

	@Test
	void noTaskBeginsWhileOneIsAtWork() {
		this.work.run(() -> {
			this.work.run(() -> this.done.add("b"));
			this.done.add("a");
		});
		this.waiting.remove(0).run();
		assertThat(this.waiting).isEmpty();
		assertThat(this.done).containsExactly("a");
	}

	@Test
	void oneThatFailsKeepsNoOtherFromWorking() {
		this.work.run(() -> {
			throw new IllegalStateException("broken");
		});
		assertThatIllegalStateException().isThrownBy(this.waiting.remove(0)::run).withMessage("broken");
		this.work.run(() -> this.done.add("a"));
		this.waiting.remove(0).run();
		assertThat(this.done).containsExactly("a");
	}

	@Test
	void theEndComesOnceThoughATaskIsAtWork() {
		this.work.run(() -> this.done.add("a"));
		this.work.drop(() -> this.done.add("end"));
		this.work.drop(() -> this.done.add("end again"));
		List.copyOf(this.waiting).forEach(Runnable::run);
		assertThat(this.done).containsExactly("a", "end");
	}

}
