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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import dev.halley.hub.broker.BreakableNodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sources that outlive the connection that asked for them, of several nodes, whatever
 * carries their messages. What happens at random is repeated with
 * {@code -Dhubs.seed=SEED}; {@code -Dhubs.runs} sets how many runs there are.
 */
public abstract class RecordedContract {

	private static final Duration KEEP = Duration.ofMinutes(10);

	/** After which no node is taken for dead that a test cuts off. */
	private static final Duration LONG = Duration.ofMinutes(5);

	private static final SendBuffer SMALL = new SendBuffer(1, 1, Overflow.CLOSE, null);

	private static final int STEPS = 40;

	private final String name = "answer." + UUID.randomUUID();

	private final List<TestSource> sources = new ArrayList<>();

	private final List<StrictSubscriber> readers = new ArrayList<>();

	private BreakableNodes nodes;

	/**
	 * Opens two nodes.
	 * @param lease after which they are taken for dead
	 */
	protected abstract BreakableNodes open(Duration lease);

	protected static List<Long> seeds(int runs) {
		String seed = System.getProperty("hubs.seed");
		if (seed != null) {
			return List.of(Long.valueOf(seed));
		}
		return new Random().longs(Integer.getInteger("hubs.runs", runs)).boxed().toList();
	}

	private void openNodes(Duration lease) {
		this.nodes = open(lease);
	}

	@AfterEach
	void closeNodes() {
		this.readers.forEach(StrictSubscriber::cancel);
		this.nodes.close();
	}

	private Recorded<String> first() {
		return first(Recording.keptFor(KEEP));
	}

	private Recorded<String> first(Recording recording) {
		return this.nodes.first().recorded(this.name, String.class, this::source, recording);
	}

	private Recorded<String> second() {
		return second(Recording.keptFor(KEEP));
	}

	private Recorded<String> second(Recording recording) {
		return this.nodes.second().recorded(this.name, String.class, this::source, recording);
	}

	private synchronized Publisher<String> source() {
		TestSource source = new TestSource();
		this.sources.add(source);
		return source;
	}

	private synchronized int begun() {
		return this.sources.size();
	}

	private TestSource source(int number) {
		await().until(() -> begun() > number);
		synchronized (this) {
			TestSource source = this.sources.get(number);
			source.awaitSubscribed();
			return source;
		}
	}

	private StrictSubscriber read(Out<?> out) {
		StrictSubscriber reader = StrictSubscriber.unbounded(SMALL);
		this.readers.add(reader);
		out.elements().subscribe(reader);
		return reader;
	}

	private static ConditionFactory await() {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5));
	}

	private static void awaitMessages(StrictSubscriber reader, Object... messages) {
		await().untilAsserted(() -> assertThat(reader.messages()).containsExactly(messages));
	}

	private static void awaitEnd(StrictSubscriber reader, Object... messages) {
		await().until(reader::isTerminated);
		assertThat(reader.messages()).containsExactly(messages);
		reader.assertRulesKept();
	}

	private static void awaitCompletion(StrictSubscriber reader, Object... messages) {
		awaitEnd(reader, messages);
		assertThat(reader.error()).isNull();
	}

	private static void awaitLoss(StrictSubscriber reader, Object... messages) {
		awaitEnd(reader, messages);
		assertThat(reader.error()).isInstanceOf(RecordedLostException.class);
	}

	private static Position position(StrictSubscriber reader, int number) {
		return ((HubEvent<?>) reader.messages().get(number)).position();
	}

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
		StrictSubscriber one = read(first(recording).out());
		TestSource source = source(0);
		StrictSubscriber other = read(second(recording).out());
		source.emit("a");
		awaitMessages(other, "a");
		one.cancel();
		long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
		await().until(() -> System.nanoTime() > end);
		assertThat(source.isCancelled()).as("somebody reads on the other node").isFalse();
		source.emit("b");
		awaitMessages(other, "a", "b");
		other.cancel();
		source.awaitCancelled();
		awaitCompletion(read(second(recording).out()), "a", "b");
		assertThat(begun()).isOne();
	}

	@Test
	void aSourceIsAbandonedWhenTheNodeOfItsReadersIsLost() {
		openNodes(TestHubs.LEASE);
		Recording recording = Recording.keptFor(KEEP).withAbandonAfter(Duration.ofSeconds(1));
		StrictSubscriber one = read(first(recording).out());
		TestSource source = source(0);
		StrictSubscriber other = read(second(recording).out());
		source.emit("a");
		awaitMessages(other, "a");
		one.cancel();
		this.nodes.replaceSecond();
		source.awaitCancelled();
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
	void whatANodeThatIsLostHasLeftIsForgottenByOthers() {
		openNodes(TestHubs.LEASE);
		Recording shortly = Recording.keptFor(Duration.ofSeconds(1));
		StrictSubscriber one = read(second(shortly).out());
		source(0).emit("a");
		source(0).complete();
		awaitCompletion(one, "a");
		this.nodes.replaceSecond();
		await().until(() -> this.nodes.first().recorded(this.name, String.class).isEmpty());
		StrictSubscriber again = read(first(shortly).out());
		source(1).emit("b");
		awaitMessages(again, "b");
	}

	@Test
	void readersOfANodeThatIsLostGetWhatThereIsAndAFailure() {
		openNodes(TestHubs.LEASE);
		Recording shortly = Recording.keptFor(Duration.ofSeconds(2));
		read(second(shortly).out());
		source(0).emit("a", "b");
		StrictSubscriber reader = read(first(shortly).out());
		awaitMessages(reader, "a", "b");
		this.nodes.replaceSecond();
		awaitLoss(reader, "a", "b");
		await().until(() -> this.nodes.first().recorded(this.name, String.class).isEmpty());
		StrictSubscriber again = read(second(shortly).out());
		source(1).emit("c");
		awaitMessages(again, "c");
	}

	@Test
	void whoComesAfterTheNodeIsLostGetsWhatThereIsAndAFailure() {
		openNodes(TestHubs.LEASE);
		StrictSubscriber there = read(second().out());
		source(0).emit("a", "b");
		awaitMessages(there, "a", "b");
		this.nodes.replaceSecond();
		awaitLoss(read(first().out()), "a", "b");
		awaitLoss(read(second().out()), "a", "b");
		assertThat(begun()).isOne();
	}

	@Test
	void anOutageOfTheNodeWithTheSourceLosesNothing() {
		openNodes(LONG);
		StrictSubscriber there = read(second().out());
		source(0).emit("a");
		StrictSubscriber reader = read(first().out());
		awaitMessages(reader, "a");
		this.nodes.cut();
		source(0).emit("b", "c");
		this.nodes.heal();
		awaitMessages(reader, "a", "b", "c");
		this.nodes.cut();
		IntStream.range(0, 200).forEach((i) -> source(0).emit("m" + i));
		source(0).complete();
		this.nodes.heal();
		await().until(reader::isTerminated);
		await().until(there::isTerminated);
		assertThat(reader.messages()).hasSize(203).isEqualTo(there.messages());
		assertThat(reader.isCompleted()).isTrue();
	}

	@Test
	void anOutageOfTheNodeOfAReaderLosesNothing() {
		openNodes(LONG);
		read(first().out());
		source(0).emit("a");
		StrictSubscriber reader = read(second().out());
		awaitMessages(reader, "a");
		this.nodes.cut();
		source(0).emit("b", "c");
		source(0).complete();
		StrictSubscriber late = read(second().out());
		assertThat(reader.isTerminated()).isFalse();
		this.nodes.heal();
		awaitCompletion(reader, "a", "b", "c");
		awaitCompletion(late, "a", "b", "c");
	}

	@Test
	void whoComesWhileTheBrokerIsNotThereWaits() {
		openNodes(LONG);
		this.nodes.cut();
		StrictSubscriber reader = read(second().out());
		StrictSubscriber one = read(first().out());
		source(0).emit("a");
		awaitMessages(one, "a");
		assertThat(reader.count()).isZero();
		this.nodes.heal();
		awaitMessages(reader, "a");
		assertThat(begun()).isOne();
	}

	@Test
	void answersThatAreLostDoubleNothing() {
		openNodes(LONG);
		StrictSubscriber there = read(second().out());
		source(0).emit("a");
		StrictSubscriber reader = read(first().out());
		awaitMessages(reader, "a");
		this.nodes.loseAnswers();
		source(0).emit("b", "c");
		source(0).complete();
		this.nodes.heal();
		awaitCompletion(reader, "a", "b", "c");
		awaitCompletion(there, "a", "b", "c");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aServerThatComesBackWithItsDataOrWithoutHasAll(boolean withData) {
		openNodes(LONG);
		StrictSubscriber one = read(first().out());
		source(0).emit("a", "b");
		StrictSubscriber other = read(second().out());
		awaitMessages(other, "a", "b");
		this.nodes.restart(withData);
		source(0).emit("c");
		awaitMessages(other, "a", "b", "c");
		awaitMessages(read(second().out()), "a", "b", "c");
		awaitMessages(one, "a", "b", "c");
		this.nodes.restart(withData);
		source(0).complete();
		awaitCompletion(one, "a", "b", "c");
		awaitCompletion(other, "a", "b", "c");
		awaitCompletion(read(second().out()), "a", "b", "c");
		assertThat(begun()).isOne();
	}

	@Test
	void whoComesFirstOnBothNodesAtTheSameMomentBeginsItOnce() throws Exception {
		openNodes(LONG);
		for (int round = 0; round < 30; round++) {
			List<TestSource> begun = new ArrayList<>();
			String name = this.name + "." + round;
			List<StrictSubscriber> readers = race(name, begun);
			await().until(() -> {
				synchronized (begun) {
					return !begun.isEmpty();
				}
			});
			begun.get(0).emit("a");
			begun.get(0).complete();
			for (StrictSubscriber reader : readers) {
				awaitCompletion(reader, "a");
			}
			assertThat(begun).hasSize(1);
		}
	}

	private List<StrictSubscriber> race(String name, List<TestSource> begun) throws InterruptedException {
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
				hubs.recorded(name, String.class, () -> {
					TestSource source = new TestSource();
					synchronized (begun) {
						begun.add(source);
					}
					return source;
				}, KEEP).out().elements().subscribe(reader);
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

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void allReadersGetAllOrAreTold(long seed) {
		Play play = new Play(new Random(seed));
		openNodes(play.deadly ? TestHubs.LEASE : LONG);
		for (int step = 0; step < STEPS; step++) {
			play.step();
		}
		play.heal();
		play.read(this.nodes.first());
		play.read(this.nodes.second());
		Awaitility.await("seed " + seed)
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> {
				play.completeAll();
				assertThat(play.reads).allMatch((read) -> read.reader.isTerminated());
			});
		play.reads.forEach((read) -> play.check(read, seed));
		assertThat(play.doubled).as("seed " + seed + ": begun while another one ran").isFalse();
	}

	/**
	 * One of many courses of events. Where it is not deadly, a record is kept until the
	 * end, no node dies, and none is taken for dead.
	 */
	private final class Play {

		private final Random random;

		private final boolean deadly;

		private final Recording recording;

		private final List<Run> runs = new ArrayList<>();

		private final List<Read> reads = new ArrayList<>();

		private boolean cut;

		private boolean forgotten;

		private boolean doubled;

		Play(Random random) {
			this.random = random;
			this.deadly = random.nextInt(3) == 0;
			this.recording = Recording.keptFor(this.deadly ? Duration.ofMillis(300) : KEEP);
		}

		private Recorded<String> recorded(Hubs hubs) {
			return hubs.recorded(RecordedContract.this.name, String.class, this::begin, this.recording);
		}

		private synchronized Publisher<String> begin() {
			this.doubled |= !this.deadly && !this.forgotten && !this.runs.isEmpty();
			Run run = new Run(this.runs.size());
			this.runs.add(run);
			return run.source;
		}

		private synchronized List<Run> runs() {
			return List.copyOf(this.runs);
		}

		void step() {
			Hubs hubs = this.random.nextBoolean() ? RecordedContract.this.nodes.first()
					: RecordedContract.this.nodes.second();
			switch (this.random.nextInt(18)) {
				case 0, 1, 2, 3, 4, 5 -> runs().forEach((run) -> run.emit(1 + this.random.nextInt(100)));
				case 6, 7, 8 -> read(hubs);
				case 9 -> comeBack(hubs);
				case 10 -> end(hubs);
				case 11, 12 -> cut();
				case 13, 14 -> heal();
				case 15 -> {
					heal();
					boolean withData = this.random.nextInt(3) > 0;
					this.forgotten |= !withData;
					RecordedContract.this.nodes.restart(withData);
				}
				default -> {
					if (this.deadly) {
						heal();
						RecordedContract.this.nodes.replaceSecond();
						this.reads.removeIf((read) -> read.hubs != RecordedContract.this.nodes.first());
					}
				}
			}
			long end = System.nanoTime() + Duration.ofMillis(this.random.nextInt(80)).toNanos();
			await().until(() -> System.nanoTime() > end);
		}

		private void cut() {
			if (!this.cut) {
				RecordedContract.this.nodes.cut();
			}
			this.cut = true;
		}

		void heal() {
			if (this.cut) {
				RecordedContract.this.nodes.heal();
			}
			this.cut = false;
		}

		private void end(Hubs hubs) {
			if (this.random.nextInt(4) > 0) {
				return;
			}
			if (this.random.nextBoolean()) {
				runs().forEach((run) -> run.stopped = true);
				recorded(hubs).stop();
			}
			else {
				completeAll();
			}
		}

		void completeAll() {
			runs().forEach(Run::complete);
		}

		void read(Hubs hubs) {
			this.reads.add(new Read(hubs, RecordedContract.this.read(recorded(hubs).events(Replay.last(0)))));
		}

		/** Somebody leaves and goes on, perhaps on the other node. */
		private void comeBack(Hubs hubs) {
			if (this.reads.isEmpty()) {
				return;
			}
			Read read = this.reads.remove(this.random.nextInt(this.reads.size()));
			read.reader.cancel();
			List<Object> before = read.all();
			Position position = before.isEmpty() ? null : ((HubEvent<?>) before.get(before.size() - 1)).position();
			Read next = new Read(hubs, RecordedContract.this.read(recorded(hubs).events(Replay.after(position))));
			next.before.addAll(before);
			this.reads.add(next);
		}

		void check(Read read, long seed) {
			read.reader.assertRulesKept();
			List<Object> events = read.all();
			int start = 0;
			for (int i = 0; i < events.size(); i++) {
				start = (events.get(i) instanceof HubEvent.Reset<?>) ? i + 1 : start;
			}
			List<String> messages = events.subList(start, events.size())
				.stream()
				.map((event) -> (String) ((HubEvent.Message<?>) event).payload())
				.toList();
			String as = "seed " + seed + ", " + messages.size() + " messages of " + runs();
			boolean lossy = this.deadly || this.forgotten;
			assertThat(start == 0 || lossy).as(as + ": reset").isTrue();
			Throwable error = read.reader.error();
			if (error != null) {
				assertThat(lossy).as(as + ": lost").isTrue();
				assertThat(error).as(as).isInstanceOf(RecordedLostException.class);
			}
			assertThat(runs().stream().anyMatch((run) -> run.fits(messages, error == null && !lossy)))
				.as(as + ": " + messages)
				.isTrue();
		}

	}

	private static final class Run {

		private final int number;

		private final TestSource source = new TestSource();

		private final List<String> emitted = new ArrayList<>();

		private boolean completed;

		private boolean stopped;

		Run(int number) {
			this.number = number;
		}

		void emit(int messages) {
			for (int i = 0; i < messages && !this.completed; i++) {
				String message = "run " + this.number + " message " + this.emitted.size();
				this.emitted.add(message);
				this.source.emit(message);
			}
		}

		void complete() {
			if (!this.completed) {
				this.completed = true;
				this.source.complete();
			}
		}

		/** Whether somebody has read this, and all of it unless that need not be. */
		boolean fits(List<String> messages, boolean all) {
			return (all && !this.stopped) ? messages.equals(this.emitted) : messages.size() <= this.emitted.size()
					&& messages.equals(this.emitted.subList(0, messages.size()));
		}

		@Override
		public String toString() {
			return "run " + this.number + " with " + this.emitted.size();
		}

	}

	/** One who reads, perhaps not for the first time. */
	private static final class Read {

		private final Hubs hubs;

		private final StrictSubscriber reader;

		private final List<Object> before = new ArrayList<>();

		Read(Hubs hubs, StrictSubscriber reader) {
			this.hubs = hubs;
			this.reader = reader;
		}

		List<Object> all() {
			List<Object> all = new ArrayList<>(this.before);
			all.addAll(this.reader.messages());
			return all;
		}

	}

}
