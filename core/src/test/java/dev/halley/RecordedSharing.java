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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sources that outlive the connection that asked for them, of several nodes of which none
 * is lost.
 */
abstract class RecordedSharing extends RecordedNodes {

	@Test
	void theSourceIsSubscribedToOnceForReadersOnAllNodesAtAnyTime() {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		TestSource source = source(0);
		source.emit("a", "b");
		StrictSubscriber other = read(second().out());
		awaitMessages(one, "a", "b");
		awaitMessages(other, "a", "b");
		source.emit("c");
		awaitMessages(other, "a", "b", "c");
		assertThat(other.isTerminated()).isFalse();
		source.complete();
		awaitCompletion(one, "a", "b", "c");
		awaitCompletion(other, "a", "b", "c");
		awaitCompletion(read(first().out()), "a", "b", "c");
		awaitCompletion(read(second().out()), "a", "b", "c");
		this.nodes.replaceSecond();
		awaitCompletion(read(second().out()), "a", "b", "c");
		assertThat(begun()).isOne();
		assertThat(source.subscriptions).hasValue(1);
	}

	@Test
	void positionsAreTheSameOnAllNodes() {
		openNodes(LONG);
		StrictSubscriber one = read(first().events(Replay.last(0)));
		source(0).emit("a", "b", "c");
		await().until(() -> one.count() == 3);
		StrictSubscriber back = read(second().out(Replay.after(position(one, 0).toString())));
		StrictSubscriber events = read(second().events(Replay.last(2)));
		await().until(() -> events.count() == 2);
		source(0).emit("d");
		source(0).complete();
		awaitCompletion(back, "b", "c", "d");
		awaitEnd(events, new HubEvent.Message<>(position(one, 1), "b"), new HubEvent.Message<>(position(one, 2), "c"),
				new HubEvent.Message<>(position(one, 3), "d"));
		StrictSubscriber elsewhere = read(second().out(Replay.after("elsewhere")));
		await().until(elsewhere::isTerminated);
		assertThat(elsewhere.error()).isInstanceOf(HubResetException.class);
		awaitCompletion(read(second().out(Replay.after("elsewhere"), (reset) -> "reset")), "reset", "a", "b", "c", "d");
	}

	@Test
	void whoOnlyWantsToGoOnBeginsNothing() {
		openNodes(LONG);
		StrictSubscriber reader = read(first().out(Replay.after("elsewhere")));
		await().until(reader::isTerminated);
		assertThat(reader.error()).isInstanceOf(HubResetException.class);
		assertThat(begun()).isZero();
	}

	@Test
	void whatAReaderOnAnotherNodeHasMissedIsJoined() {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		source(0).emit("a", "b", "c");
		awaitMessages(one, "a", "b", "c");
		StrictSubscriber joined = read(second().compact((words) -> String.join("", words)).out());
		awaitMessages(joined, "abc");
		source(0).emit("d");
		awaitMessages(joined, "abc", "d");
	}

	@Test
	void anyNodeStopsTheSource() {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		TestSource source = source(0);
		source.emit("a");
		second().stop();
		source.awaitCancelled();
		awaitCompletion(one, "a");
		source.emit("too late");
		awaitCompletion(read(second().out()), "a");
		assertThat(begun()).isOne();
	}

	@Test
	void stopDoesNothingToWhatDoesNotRun() {
		openNodes(LONG);
		first().stop();
		assertThat(this.nodes.first().recorded(this.name, String.class)).as("after the stop").isEmpty();
		StrictSubscriber reader = read(second().out());
		source(0).emit("a");
		awaitMessages(reader, "a");
		source(0).complete();
		awaitCompletion(reader, "a");
		first().stop();
		assertThat(source(0).isCancelled()).isFalse();
	}

	@Test
	void whatIsRecordedIsFoundOnAllNodes() {
		openNodes(LONG);
		assertThat(this.nodes.second().recorded(this.name, String.class)).isEmpty();
		StrictSubscriber one = read(first().out());
		source(0).emit("a");
		awaitMessages(one, "a");
		Optional<Recorded<String>> found = this.nodes.second().recorded(this.name, String.class);
		assertThat(found.orElseThrow().name()).isEqualTo(this.name);
		StrictSubscriber other = read(found.orElseThrow().out());
		awaitMessages(other, "a");
		assertThat(this.nodes.first().recorded(this.name, String.class)).isPresent();
		found.orElseThrow().stop();
		source(0).awaitCancelled();
		awaitCompletion(other, "a");
		awaitCompletion(read(found.orElseThrow().out()), "a");
	}

	@Test
	void theBrokerIsNotWaitedForWhenItIsNotThere() {
		openNodes(LONG);
		this.nodes.cut();
		assertThatExceptionOfType(HubUnavailableException.class)
			.isThrownBy(() -> this.nodes.second().recorded(this.name, String.class))
			.withMessageContaining("is not known");
	}

	@Test
	void readersOnAllNodesGetTheFailureAfterAllThatThereIs() {
		openNodes(LONG);
		IllegalStateException failure = new IllegalStateException("a secret");
		StrictSubscriber one = read(first().out());
		StrictSubscriber other = read(second().out());
		source(0).emit("a", "b");
		awaitMessages(other, "a", "b");
		source(0).fail(failure);
		StrictSubscriber late = read(second().out());
		awaitEnd(one, "a", "b");
		int owner = (one.error() == failure) ? 0 : 1;
		awaitEnd(other, "a", "b");
		awaitEnd(late, "a", "b");
		Throwable elsewhere = (owner == 0) ? other.error() : one.error();
		assertThat((owner == 0) ? one.error() : other.error()).isSameAs(failure);
		assertThat(elsewhere).isInstanceOf(RecordedFailedException.class)
			.hasMessageContaining("java.lang.IllegalStateException")
			.hasMessageNotContaining("secret");
		assertThat(((RecordedFailedException) elsewhere).failure()).isEqualTo("java.lang.IllegalStateException");
	}

	@Test
	void moreThanIsKeptFailsAllAndCancelsTheSource() {
		openNodes(LONG);
		Recording small = Recording.keptFor(KEEP).withMessages(2);
		StrictSubscriber one = read(first(small).out());
		TestSource source = source(0);
		StrictSubscriber other = read(second(small).out());
		source.emit("a", "b", "c");
		source.awaitCancelled();
		awaitEnd(one, "a", "b");
		awaitEnd(other, "a", "b");
		assertThat(one.error()).isInstanceOf(RecordingFullException.class);
		assertThat(other.error()).isInstanceOf(RecordingFullException.class).hasMessage(one.error().getMessage());
	}

	@Test
	void moreBytesThanAreKeptFailAllAndCancelTheSource() {
		openNodes(LONG);
		StrictSubscriber one = read(first(Recording.keptFor(KEEP).withBytes(5)).out());
		TestSource source = source(0);
		source.emit("abc", "de", "f");
		source.awaitCancelled();
		awaitEnd(one, "abc", "de");
		assertThat(one.error()).isInstanceOf(RecordingFullException.class);
	}

	@Test
	void whatTheBrokerCannotCarryFailsAll() {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		TestSource source = source(0);
		StrictSubscriber other = read(second().out());
		source.emit("a", "x".repeat(2 << 20));
		source.awaitCancelled();
		awaitEnd(one, "a");
		awaitEnd(other, "a");
		assertThat(one.error()).isInstanceOf(HubMessageTooLargeException.class);
		assertThat(other.error()).isInstanceOf(RecordedFailedException.class);
	}

	@Test
	void aSourceIsAbandonedWhenNobodyReadsOnAnyNode() {
		openNodes(LONG);
		Recording recording = Recording.keptFor(KEEP).withAbandonAfter(Duration.ofSeconds(2));
		Both both = readOnBoth(recording);
		both.one().cancel();
		awaitTime(Duration.ofSeconds(4));
		assertThat(both.source().isCancelled()).as("somebody reads on the other node").isFalse();
		both.source().emit("b");
		awaitMessages(both.other(), "a", "b");
		both.other().cancel();
		both.source().awaitCancelled();
		awaitCompletion(read(second(recording).out()), "a", "b");
		assertThat(begun()).isOne();
	}

	@Test
	void aSourceIsAbandonedWhenTheNodeOfItsReadersIsLost() {
		openNodes(TestHubs.LEASE);
		Recording recording = Recording.keptFor(KEEP).withAbandonAfter(Duration.ofSeconds(1));
		Both both = readOnBoth(recording);
		both.one().cancel();
		this.nodes.replaceSecond();
		both.source().awaitCancelled();
	}

	@Test
	void onceForgottenItIsBegunAnewOnAnyNode() {
		openNodes(LONG);
		Recording shortly = Recording.keptFor(Duration.ofMillis(500));
		Position before = null;
		for (int round = 0; round < 4; round++) {
			Recorded<String> here = (round % 2 == 0) ? first(shortly) : second(shortly);
			Recorded<String> there = (round % 2 == 0) ? second(shortly) : first(shortly);
			StrictSubscriber one = read(here.events(Replay.after(before)));
			source(round).emit("a" + round);
			StrictSubscriber other = read(there.out());
			awaitMessages(other, "a" + round);
			source(round).complete();
			awaitCompletion(other, "a" + round);
			await().until(one::isTerminated);
			assertThat(one.messages()).hasSize((before != null) ? 2 : 1);
			before = position(one, one.count() - 1);
			await().until(() -> this.nodes.first().recorded(this.name, String.class).isEmpty());
			await().until(() -> this.nodes.second().recorded(this.name, String.class).isEmpty());
			StrictSubscriber back = read(there.out(Replay.after(before)));
			await().until(back::isTerminated);
			assertThat(back.error()).isInstanceOf(HubResetException.class);
			assertThat(begun()).isEqualTo(round + 1);
		}
	}

	@Test
	void whoComesFirstOnBothNodesAtTheSameMomentBeginsItOnce() throws Exception {
		openNodes(LONG);
		for (int round = 0; round < 30; round++) {
			List<StrictSubscriber> readers = race(this.name + "." + round);
			source(round).emit("a");
			source(round).complete();
			for (StrictSubscriber reader : readers) {
				awaitCompletion(reader, "a");
			}
			assertThat(begun()).isEqualTo(round + 1);
		}
	}

	private List<StrictSubscriber> race(String name) throws InterruptedException {
		List<StrictSubscriber> readers = List.of(StrictSubscriber.unbounded(SMALL), StrictSubscriber.unbounded(SMALL));
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (int node = 0; node < 2; node++) {
			Hubs hubs = (node == 0) ? this.nodes.first() : this.nodes.second();
			StrictSubscriber reader = readers.get(node);
			Thread thread = new Thread(() -> {
				try {
					assertThat(start.await(30, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				hubs.recorded(name, String.class, this::source, KEEP).out().elements().subscribe(reader);
			});
			thread.start();
			threads.add(thread);
		}
		start.countDown();
		for (Thread thread : threads) {
			thread.join(30_000);
		}
		return readers;
	}

	@Test
	void aSourceThatNeverWaitsArrivesInOrder() throws Exception {
		openNodes(LONG);
		List<Object> expected = IntStream.range(0, 5000).<Object>mapToObj((i) -> "m" + i).toList();
		Supplier<Flux<String>> source = () -> Flux.range(0, 5000).map((i) -> "m" + i);
		StrictSubscriber one = read(this.nodes.first().recorded(this.name, String.class, source, KEEP).out());
		StrictSubscriber other = read(this.nodes.second().recorded(this.name, String.class, source, KEEP).out());
		await().until(one::isTerminated);
		await().until(other::isTerminated);
		assertThat(one.messages()).isEqualTo(expected);
		assertThat(other.messages()).isEqualTo(expected);
	}

}
