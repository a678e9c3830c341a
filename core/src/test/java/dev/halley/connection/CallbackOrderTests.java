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
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Callbacks}: one at a time, in order, each once, whatever they do.
 */
class CallbackOrderTests {

	@RegisterExtension
	final ConnectionLog log = new ConnectionLog();

	private final List<Runnable> tasks = new ArrayList<>();

	private final List<String> calls = new ArrayList<>();

	private final Runs runs = new Runs(Runnable::run, this.tasks::add);

	private final Callbacks callbacks = new Callbacks(this.runs.open(Out.never(), new FakeTransport()),
			this.runs.registry);

	private Runnable call(String name) {
		return () -> this.calls.add(name);
	}

	@Test
	void oneThreadRunsAllThatComeMeanwhileInTheirOrder() {
		this.callbacks.execute(call("a"));
		this.callbacks.execute(call("b"));
		assertThat(this.calls).isEmpty();
		assertThat(this.tasks).hasSize(1);
		this.tasks.get(0).run();
		assertThat(this.calls).containsExactly("a", "b");
	}

	@Test
	void anotherThreadRunsWhatComesAfterwards() {
		this.callbacks.execute(call("a"));
		this.tasks.get(0).run();
		this.callbacks.execute(call("b"));
		assertThat(this.calls).containsExactly("a");
		assertThat(this.tasks).hasSize(2);
		this.tasks.get(1).run();
		assertThat(this.calls).containsExactly("a", "b");
	}

	@Test
	void whatComesOfOneIsAPartOfIt() {
		this.callbacks.execute(() -> {
			this.callbacks.execute(call("part"));
			this.calls.add("whole");
		});
		this.callbacks.execute(call("next"));
		this.tasks.get(0).run();
		assertThat(this.calls).containsExactly("part", "whole", "next");
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void oneThatFailsIsReportedAndKeepsNoOtherBack() {
		this.callbacks.execute(() -> {
			throw new AssertionError("broken");
		});
		this.callbacks.execute(call("next"));
		this.tasks.get(0).run();
		assertThat(this.calls).containsExactly("next");
		assertThat(this.log.messages()).singleElement().asString().contains("callback failed");
	}

	@Test
	void theApplicationIsBusyUntilTheLastIsOver() {
		this.callbacks.execute(() -> this.calls.add("busy " + this.runs.registry.finishing()));
		this.callbacks.execute(() -> this.calls.add("busy " + this.runs.registry.finishing()));
		assertThat(this.runs.registry.finishing()).isOne();
		this.tasks.get(0).run();
		assertThat(this.calls).containsExactly("busy 1", "busy 1");
		assertThat(this.runs.registry.finishing()).isZero();
	}

}
