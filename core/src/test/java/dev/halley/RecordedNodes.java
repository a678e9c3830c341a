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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;

import dev.halley.hub.broker.BreakableNodes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two nodes, and sources that are recorded on both.
 */
abstract class RecordedNodes extends RecordedSources {

	/** After which no node is taken for dead that a test cuts off. */
	static final Duration LONG = Duration.ofMinutes(5);

	final String name = "answer." + UUID.randomUUID();

	private final List<StrictSubscriber> readers = new ArrayList<>();

	BreakableNodes nodes;

	/**
	 * Opens two nodes.
	 * @param lease after which they are taken for dead
	 */
	protected abstract BreakableNodes open(Duration lease);

	protected static List<Long> seeds(int runs) {
		return Seeds.of(runs);
	}

	void openNodes(Duration lease) {
		this.nodes = open(lease);
	}

	@AfterEach
	void closeNodes() {
		this.readers.forEach(StrictSubscriber::cancel);
		this.nodes.close();
	}

	Recorded<String> first() {
		return first(Recording.keptFor(KEEP));
	}

	Recorded<String> first(Recording recording) {
		return this.nodes.first().recorded(this.name, String.class, this::source, recording);
	}

	Recorded<String> second() {
		return second(Recording.keptFor(KEEP));
	}

	Recorded<String> second(Recording recording) {
		return this.nodes.second().recorded(this.name, String.class, this::source, recording);
	}

	StrictSubscriber read(Out<?> out) {
		StrictSubscriber reader = StrictSubscriber.unbounded(SMALL);
		this.readers.add(reader);
		out.elements().subscribe(reader);
		return reader;
	}

	/** Waits until so much time has passed that what is not to happen would have. */
	static void awaitTime(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		await().until(() -> System.nanoTime() - end >= 0);
	}

	/**
	 * Somebody reads a source on each node, the first before the other, and has a
	 * message.
	 */
	Both readOnBoth(Recording recording) {
		StrictSubscriber one = read(first(recording).out());
		TestSource source = source(0);
		StrictSubscriber other = read(second(recording).out());
		source.emit("a");
		awaitMessages(other, "a");
		return new Both(source, one, other);
	}

	static void awaitMessages(StrictSubscriber reader, Object... messages) {
		await().untilAsserted(() -> assertThat(reader.messages()).containsExactly(messages));
	}

	static void awaitEnd(StrictSubscriber reader, Object... messages) {
		await().until(reader::isTerminated);
		assertThat(reader.messages()).containsExactly(messages);
		reader.assertRulesKept();
	}

	static void awaitCompletion(StrictSubscriber reader, Object... messages) {
		awaitEnd(reader, messages);
		assertThat(reader.error()).isNull();
	}

	static void awaitLoss(StrictSubscriber reader, Object... messages) {
		awaitEnd(reader, messages);
		assertThat(reader.error()).isInstanceOf(RecordedLostException.class);
	}

	static Position position(StrictSubscriber reader, int number) {
		return ((HubEvent<?>) reader.messages().get(number)).position();
	}

	/**
	 * A source that is read on both nodes.
	 *
	 * @param source the source, on the first
	 * @param one reads on the first
	 * @param other reads on the second
	 */
	record Both(TestSource source, StrictSubscriber one, StrictSubscriber other) {
	}

}
