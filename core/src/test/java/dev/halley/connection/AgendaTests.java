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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Agenda}, and for a registry that runs what is entered there.
 */
class AgendaTests {

	private final Agenda agenda = new Agenda();

	private final List<String> ran = new ArrayList<>();

	private void enter(long at, String name) {
		this.agenda.add(at, () -> this.ran.add(name));
	}

	/** Ticks have any origin, so that they may overflow between two entries. */
	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MAX_VALUE - 1, Long.MIN_VALUE })
	void runsWhatIsDueTheEarliestFirst(long origin) {
		enter(origin + 3, "late");
		enter(origin + 1, "early");
		enter(origin + 2, "between");
		this.agenda.runDue(origin, Runnable::run);
		assertThat(this.ran).isEmpty();
		this.agenda.runDue(origin + 2, Runnable::run);
		assertThat(this.ran).containsExactly("early", "between");
		this.agenda.runDue(origin + 2, Runnable::run);
		assertThat(this.ran).hasSize(2);
		this.agenda.runDue(origin + 9, Runnable::run);
		assertThat(this.ran).containsExactly("early", "between", "late");
	}

	@Test
	void workMayEnterMore() {
		this.agenda.add(1, () -> enter(2, "second"));
		this.agenda.runDue(1, Runnable::run);
		assertThat(this.ran).isEmpty();
		this.agenda.runDue(2, Runnable::run);
		assertThat(this.ran).containsExactly("second");
	}

	@Test
	void aRegistryRunsWorkOnItsExecutorAtTheFirstTickAfterTheDelay() {
		List<Runnable> handedOver = new ArrayList<>();
		long[] now = { Long.MAX_VALUE };
		ConnectionRegistry registry = new ConnectionRegistry(handedOver::add, Runnable::run, ConnectionLimits.NONE,
				() -> now[0]);
		registry.runLater(Duration.ofNanos(5), () -> this.ran.add("later"));
		now[0] += 4;
		registry.tick();
		assertThat(handedOver).isEmpty();
		now[0]++;
		registry.tick();
		assertThat(this.ran).isEmpty();
		handedOver.forEach(Runnable::run);
		assertThat(this.ran).containsExactly("later");
	}

}
