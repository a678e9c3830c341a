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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.Retention;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Recorded sources on nodes of which one says what it should not.
 */
@Timeout(120)
class BrokeredRecordTests {

	private static final Recording RECORDING = Recording.keptFor(RecordedNodes.KEEP);

	private static final Retention ALL = new Retention(1000, Duration.ofHours(1), Long.MAX_VALUE);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final MemoryServer server = new MemoryServer();

	private final List<MemoryBroker> brokers = new ArrayList<>();

	@AfterEach
	void close() {
		this.brokers.forEach(MemoryBroker::close);
		this.executor.shutdownNow();
	}

	private MemoryBroker broker() {
		MemoryBroker broker = new MemoryBroker(this.server);
		this.brokers.add(broker);
		return broker;
	}

	private Hubs hubs(Duration lease) {
		return TestHubs.of(broker(), this.executor, lease);
	}

	private static StrictSubscriber read(Hubs hubs, String name, TestSource source) {
		StrictSubscriber reader = StrictSubscriber.unbounded(RecordedNodes.SMALL);
		hubs.recorded(name, String.class, () -> source, RECORDING).out().elements().subscribe(reader);
		return reader;
	}

	private static String wire(String name) {
		return InMemoryHubs.INTERNAL + "record " + name;
	}

	@Test
	void whatIsForgottenTooLateTakesNothingFromThoseWhoComeLater() throws Exception {
		TestSource source = new TestSource();
		StrictSubscriber one = read(hubs(RecordedNodes.LONG), "answer", source);
		source.emit("a", "b");
		RecordedNodes.awaitMessages(one, "a", "b");
		for (int round = 0; round < 2; round++) {
			MemoryBroker late = broker();
			late.publish(wire("answer"), RecordCodec.encode(new RecordMessage.Forgotten(Epochs.next())),
					new Retention(1, ALL.age(), Long.MAX_VALUE), null)
				.toCompletableFuture()
				.get(30, TimeUnit.SECONDS);
			RecordedNodes.await().until(() -> history(late, "answer").messages().size() >= 4);
		}
		StrictSubscriber other = read(hubs(RecordedNodes.LONG), "answer", new TestSource());
		source.emit("c");
		RecordedNodes.awaitMessages(other, "a", "b", "c");
		source.complete();
		RecordedNodes.awaitCompletion(one, "a", "b", "c");
		RecordedNodes.awaitCompletion(other, "a", "b", "c");
	}

	private static HistorySlice history(MemoryBroker broker, String name) throws Exception {
		return broker.read(wire(name), HistoryRange.last(100), ALL).toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	@Test
	void whoFindsASourceReadsAndStopsThatRunAlone() throws Exception {
		MemoryBroker broker = broker();
		Hubs first = hubs(RecordedNodes.LONG);
		TestSource source = new TestSource();
		StrictSubscriber one = read(first, "answer", source);
		source.emit("a");
		RecordedNodes.awaitMessages(one, "a");
		long id = ((RecordMessage.Claim) RecordCodec.decode(history(broker, "answer").messages().get(0).payload()))
			.id();
		Hubs finder = hubs(RecordedNodes.LONG);
		Recorded<String> found = finder.recorded("answer", String.class).orElseThrow();
		MemoryBroker other = this.brokers.get(2);
		RecordedNodes.await().until(() -> !other.listeners().containsKey(wire("answer")));
		broker
			.publish(wire("answer"), RecordCodec.encode(new RecordMessage.End(id, RecordMessage.Kind.LOST, "")), ALL,
					null)
			.toCompletableFuture()
			.get(30, TimeUnit.SECONDS);
		broker.publish(wire("answer"), RecordCodec.encode(new RecordMessage.Forgotten(id)), ALL, null)
			.toCompletableFuture()
			.get(30, TimeUnit.SECONDS);
		RecordedNodes.await().until(one::isTerminated);
		RecordedNodes.await().until(() -> first.recorded("answer", String.class).isEmpty());
		TestSource next = new TestSource();
		StrictSubscriber again = read(first, "answer", next);
		next.emit("b");
		RecordedNodes.awaitMessages(again, "b");
		found.stop();
		RecordedNodes.await().until(() -> other.listeners().containsKey(wire("answer")));
		assertThat(finder.recorded("answer", String.class)).isPresent();
		RecordedNodes.awaitTime(Duration.ofSeconds(1));
		next.emit("c");
		RecordedNodes.awaitMessages(again, "b", "c");
		assertThat(next.isCancelled()).isFalse();
	}

	@Test
	void whatANodeBeginsThatIsJustBackGoesOn() {
		Duration lease = Duration.ofSeconds(6);
		Hubs first = hubs(lease);
		Hubs silent = TestHubs.ofSilent(broker(), this.executor, lease);
		TestSource earlier = new TestSource();
		read(silent, "earlier", earlier);
		earlier.emit("a");
		StrictSubscriber there = read(first, "earlier", new TestSource());
		RecordedNodes.awaitLoss(there, "a");
		assertThat(first.recorded("answer", String.class)).as("listened to from now on").isEmpty();
		TestSource source = new TestSource();
		StrictSubscriber one = read(silent, "answer", source);
		source.emit("b");
		StrictSubscriber other = read(first, "answer", new TestSource());
		RecordedNodes.awaitMessages(other, "b");
		source.emit("c");
		RecordedNodes.awaitMessages(other, "b", "c");
		RecordedNodes.awaitMessages(one, "b", "c");
		assertThat(other.isTerminated()).isFalse();
		assertThat(source.isCancelled()).isFalse();
		RecordedNodes.awaitLoss(other, "b", "c");
	}

	/** Such as from another node, while this one was out of reach. */
	@Test
	void whoKnowsMoreThanTheNodeDoesYetGoesOnThere() {
		Hubs hubs = hubs(RecordedNodes.LONG);
		TestSource source = new TestSource();
		Recorded<String> recorded = hubs.recorded("answer", String.class, () -> source,
				Recording.keptFor(RecordedNodes.KEEP));
		StrictSubscriber one = StrictSubscriber.unbounded();
		recorded.events(Replay.last(0)).elements().subscribe(one);
		source.emit("a");
		RecordedNodes.await().until(() -> one.count() == 1);
		StrictSubscriber other = StrictSubscriber.unbounded();
		Position ahead = new Position(RecordedNodes.position(one, 0).epoch(), 2);
		recorded.out(Replay.after(ahead)).elements().subscribe(other);
		source.emit("b", "c");
		RecordedNodes.awaitMessages(other, "c");
		source.complete();
		RecordedNodes.awaitCompletion(other, "c");
	}

	@Test
	void theBrokerKeepsWhatHasEndedNoLongerThanItHasToBeKnown() {
		AtomicLong passed = new AtomicLong();
		HubTimer timer = new HubTimer(SourceThreads.SCHEDULER, () -> System.nanoTime() + passed.get());
		Hubs hubs = TestHubs.of(broker(), this.executor, TestHubs.TIMES, new HubTimes(timer, Duration.ofSeconds(1)));
		TestSource source = new TestSource();
		StrictSubscriber reader = read(hubs, "answer", source);
		source.emit("a");
		RecordedNodes.awaitMessages(reader, "a");
		passed.set(Duration.ofDays(2).toNanos());
		source.complete();
		RecordedNodes.awaitCompletion(reader, "a");
		assertThat(kept().age()).isBetween(Duration.ofDays(2).plus(RecordedNodes.KEEP),
				Duration.ofDays(2).plus(RecordedNodes.KEEP).plusHours(1));
		assertThat(kept().messages()).isGreaterThan(Recording.DEFAULT_MESSAGES);
	}

	@Test
	void theBrokerKeepsWhatIsLostNoLongerThanItHasToBeKnown() {
		TestSource source = new TestSource();
		read(TestHubs.ofSilent(broker(), this.executor, TestHubs.LEASE), "answer", source);
		source.emit("a");
		RecordedNodes.awaitLoss(read(TestHubs.of(broker(), this.executor), "answer", new TestSource()), "a");
		assertThat(kept().age()).isBetween(RecordedNodes.KEEP, RecordedNodes.KEEP.plusHours(1));
	}

	private Retention kept() {
		return this.server.retention(wire("answer"));
	}

}
