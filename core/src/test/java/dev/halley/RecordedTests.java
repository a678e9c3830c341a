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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.core.ParameterizedTypeReference;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Sources that outlive the connection that asked for them.
 */
@Timeout(60)
class RecordedTests {

	private static final Duration KEEP = Duration.ofMinutes(10);

	private static final SendBuffer SMALL = new SendBuffer(1, 1, Overflow.CLOSE, null);

	private final HubTime time = new HubTime();

	private final InMemoryHubs hubs = this.time.hubs(Duration.ZERO);

	private final List<TestSource> sources = new ArrayList<>();

	private final Recorded<String> answer = recorded(Recording.keptFor(KEEP));

	private Recorded<String> recorded(Recording recording) {
		return this.hubs.recorded("answer", String.class, this::source, recording);
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
		Awaitility.await().pollDelay(Duration.ZERO).until(() -> begun() > number);
		synchronized (this) {
			TestSource source = this.sources.get(number);
			source.awaitSubscribed();
			return source;
		}
	}

	private static StrictSubscriber read(Out<?> out) {
		StrictSubscriber reader = StrictSubscriber.unbounded(SMALL);
		out.elements().subscribe(reader);
		return reader;
	}

	private static Position position(Object event) {
		return ((HubEvent<?>) event).position();
	}

	@Test
	void theSourceIsSubscribedToOnceForTheFirstReader() {
		Out<String> out = this.answer.out();
		assertThat(begun()).isZero();
		read(out);
		TestSource source = source(0);
		read(out);
		read(recorded(Recording.keptFor(KEEP)).out());
		source.emit("a");
		source.complete();
		read(out);
		assertThat(begun()).isOne();
		assertThat(source.subscriptions).hasValue(1);
		assertThat(source.demand).as("all it has").hasValue(Long.MAX_VALUE);
	}

	@Test
	void readersGetAllFromTheStartAndTheEndWheneverTheyCome() {
		StrictSubscriber first = read(this.answer.out());
		source(0).emit("a", "b");
		StrictSubscriber second = read(this.answer.out());
		assertThat(second.messages()).containsExactly("a", "b");
		source(0).emit("c");
		assertThat(first.isTerminated()).isFalse();
		source(0).complete();
		this.time.pass(KEEP.minusNanos(1));
		StrictSubscriber late = read(this.answer.out());
		for (StrictSubscriber reader : List.of(first, second, late)) {
			assertThat(reader.messages()).containsExactly("a", "b", "c");
			assertThat(reader.isCompleted()).isTrue();
			reader.assertRulesKept();
		}
	}

	@Test
	void readersGetTheSameFailureAfterAllThatThereIs() {
		Exception failure = new Exception("on purpose");
		StrictSubscriber first = read(this.answer.out());
		StrictSubscriber slow = StrictSubscriber.waiting(SMALL);
		this.answer.out().elements().subscribe(slow);
		source(0).emit("a", "b");
		source(0).fail(failure);
		StrictSubscriber late = read(this.answer.out());
		assertThat(slow.isTerminated()).isFalse();
		slow.request(1);
		assertThat(slow.isTerminated()).isFalse();
		slow.request(1);
		for (StrictSubscriber reader : List.of(first, late, slow)) {
			assertThat(reader.messages()).containsExactly("a", "b");
			assertThat(reader.error()).isSameAs(failure);
			reader.assertRulesKept();
		}
	}

	@Test
	void whoComesBackGoesOnWhereItWas() {
		StrictSubscriber first = read(this.answer.events(Replay.after((String) null)));
		source(0).emit("a", "b", "c");
		Position b = position(first.messages().get(1));
		first.cancel();
		source(0).emit("d");
		StrictSubscriber back = read(this.answer.out(Replay.after(b.toString())));
		source(0).emit("e");
		assertThat(back.messages()).containsExactly("c", "d", "e");
		source(0).complete();
		assertThat(back.isCompleted()).isTrue();
		StrictSubscriber again = read(this.answer.events(Replay.after(b)));
		assertThat(again.messages()).extracting((event) -> (Object) ((HubEvent.Message<?>) event).payload())
			.containsExactly("c", "d", "e");
		StrictSubscriber atTheEnd = read(this.answer.out(Replay.after(position(again.messages().get(2)))));
		assertThat(atTheEnd.messages()).isEmpty();
		assertThat(atTheEnd.isCompleted()).isTrue();
	}

	@Test
	void whoHasReadAllNeedNotAskForTheEnd() {
		StrictSubscriber reader = StrictSubscriber.waiting(SMALL);
		this.answer.out().elements().subscribe(reader);
		source(0).emit("a");
		source(0).complete();
		reader.request(1);
		assertThat(reader.messages()).containsExactly("a");
		assertThat(reader.isCompleted()).isTrue();
		StrictSubscriber nothing = StrictSubscriber.waiting(SMALL);
		this.answer.out(Replay.after(position(read(this.answer.events(Replay.last(1))).messages().get(0))))
			.elements()
			.subscribe(nothing);
		assertThat(nothing.isCompleted()).isTrue();
	}

	@Test
	void theLastMessagesAreEnoughForWhoSaysSo() {
		read(this.answer.out());
		source(0).emit("a", "b", "c");
		assertThat(read(this.answer.out(Replay.last(2))).messages()).containsExactly("b", "c");
		assertThat(read(this.answer.out(Replay.last(5))).messages()).containsExactly("a", "b", "c");
		assertThat(read(this.answer.out(Replay.after("").orLast(1))).messages()).containsExactly("c");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "0-0", "0-9223372036854775807" })
	void whoWasElsewhereIsTold(String position) {
		read(this.answer.out());
		source(0).emit("a");
		Replay replay = Replay.after(position);
		StrictSubscriber plain = read(this.answer.out(replay));
		assertThat(plain.error()).isInstanceOf(HubResetException.class)
			.hasMessageStartingWith("Recorded source 'answer' is not the one");
		assertThat(read(this.answer.out(replay, (reset) -> "reset")).messages()).containsExactly("reset", "a");
		assertThat(read(this.answer.out(replay, (reset) -> null)).messages()).containsExactly("a");
		StrictSubscriber events = read(this.answer.events(replay));
		assertThat(events.messages()).hasSize(2).first().isInstanceOf(HubEvent.Reset.class);
		StrictSubscriber afterReset = read(this.answer.out(Replay.after(position(events.messages().get(0)))));
		assertThat(afterReset.messages()).containsExactly("a");
	}

	@Test
	void aPositionBeyondTheRecordIsElsewhere() {
		StrictSubscriber reader = read(this.answer.events(Replay.last(0)));
		source(0).emit("a");
		Position position = position(reader.messages().get(0));
		StrictSubscriber events = read(this.answer.events(Replay.after(new Position(position.epoch(), 2))));
		assertThat(events.messages()).hasSize(2).first().isInstanceOf(HubEvent.Reset.class);
	}

	@Test
	void onceForgottenItIsBegunAnewButNotByWhoOnlyWantsToGoOn() {
		StrictSubscriber first = read(this.answer.events(Replay.last(0)));
		source(0).emit("a");
		Position a = position(first.messages().get(0));
		source(0).complete();
		this.time.pass(KEEP);
		assertThat(read(this.answer.out(Replay.after(a))).error()).isInstanceOf(HubResetException.class);
		assertThat(begun()).isOne();
		StrictSubscriber again = read(this.answer.events(Replay.after(a)));
		source(1).emit("b");
		assertThat(again.messages()).hasSize(2).first().isInstanceOf(HubEvent.Reset.class);
	}

	@Test
	void thatReadersLeaveChangesNothing() {
		StrictSubscriber reader = read(this.answer.out());
		source(0).emit("a");
		reader.cancel();
		this.time.pass(Duration.ofDays(1));
		source(0).emit("b");
		assertThat(source(0).isCancelled()).isFalse();
		assertThat(read(this.answer.out()).messages()).containsExactly("a", "b");
	}

	@Test
	void aSourceThatIsAbandonedIsCancelledIfThatIsWanted() {
		Recorded<String> answer = recorded(Recording.keptFor(KEEP).withAbandonAfter(Duration.ofSeconds(30)));
		StrictSubscriber reader = read(answer.out());
		TestSource source = source(0);
		source.emit("a");
		reader.cancel();
		this.time.pass(Duration.ofSeconds(29));
		StrictSubscriber back = read(answer.out());
		this.time.pass(Duration.ofSeconds(29));
		read(answer.out()).cancel();
		this.time.pass(Duration.ofSeconds(60));
		assertThat(source.isCancelled()).as("somebody reads").isFalse();
		back.cancel();
		this.time.pass(Duration.ofSeconds(29));
		assertThat(source.isCancelled()).isFalse();
		this.time.pass(Duration.ofSeconds(1));
		source.awaitCancelled();
		StrictSubscriber late = read(answer.out());
		assertThat(late.messages()).containsExactly("a");
		assertThat(late.isCompleted()).isTrue();
	}

	@Test
	void stopCancelsTheSourceAndEndsItForAll() {
		StrictSubscriber reader = read(this.answer.out());
		TestSource source = source(0);
		source.emit("a");
		this.answer.stop();
		source.awaitCancelled();
		assertThat(reader.isCompleted()).isTrue();
		source.emit("too late");
		source.fail(new Exception("too late"));
		StrictSubscriber late = read(this.answer.out());
		assertThat(late.messages()).containsExactly("a");
		assertThat(late.isCompleted()).isTrue();
		this.answer.stop();
		this.time.pass(KEEP);
		read(this.answer.out());
		assertThat(source(1).isCancelled()).as("begun anew").isFalse();
	}

	@Test
	void stopDoesNothingToWhatDoesNotRun() {
		this.answer.stop();
		StrictSubscriber reader = read(this.answer.out());
		source(0).complete();
		this.answer.stop();
		assertThat(source(0).isCancelled()).isFalse();
		assertThat(reader.isCompleted()).isTrue();
	}

	@Test
	void stopInterruptsASourceThatBlocks() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		Recorded<String> blocking = this.hubs.recorded("blocking", String.class, () -> {
			entered.countDown();
			try {
				new CountDownLatch(1).await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return Flux.just("too late");
		}, KEEP);
		StrictSubscriber reader = read(blocking.out());
		assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
		blocking.stop();
		assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(reader.isCompleted()).isTrue();
		assertThat(reader.messages()).isEmpty();
	}

	@Test
	void aSourceThatNeverWaitsIsStoppedToo() throws Exception {
		AtomicBoolean running = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(1);
		Recorded<Long> endless = this.hubs.recorded("endless", Long.class,
				() -> Flux.<Long>generate((sink) -> sink.next(0L))
					.doOnNext((number) -> running.set(true))
					.doFinally((signal) -> ended.countDown()),
				Recording.keptFor(KEEP).withMessages(20_000_000).withBytes(Long.MAX_VALUE));
		StrictSubscriber reader = read(endless.out().filter((number) -> number != 0L));
		Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).untilTrue(running);
		endless.stop();
		assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
		reader.awaitEnd();
		assertThat(reader.isCompleted()).isTrue();
	}

	@Test
	void moreMessagesThanAreKeptFailAllAndCancelTheSource() {
		Recorded<String> answer = recorded(Recording.keptFor(KEEP).withMessages(2));
		StrictSubscriber reader = read(answer.out());
		source(0).emit("a", "b");
		assertThat(reader.isTerminated()).isFalse();
		source(0).emit("c");
		assertThat(source(0).isCancelled()).isTrue();
		for (StrictSubscriber each : List.of(reader, read(answer.out()))) {
			assertThat(each.messages()).containsExactly("a", "b");
			assertThat(each.error()).isInstanceOf(RecordingFullException.class)
				.hasMessage("Recorded source 'answer' has emitted more than is kept"
						+ " (expected: at most 2 messages and 4194304 bytes, or as its Recording says)");
		}
	}

	@Test
	void moreBytesThanAreKeptFailAllAndCancelTheSource() {
		Recorded<String> answer = recorded(Recording.keptFor(KEEP).withBytes(5));
		StrictSubscriber reader = read(answer.out());
		source(0).emit("abc", "de");
		assertThat(reader.isTerminated()).isFalse();
		source(0).emit("f");
		assertThat(source(0).isCancelled()).isTrue();
		assertThat(reader.error()).isInstanceOf(RecordingFullException.class);
	}

	@Test
	void otherMessagesCountByTheirEncodedForm() {
		Recorded<Integer> numbers = this.hubs.recorded("numbers", Integer.class, () -> Flux.range(0, 10),
				Recording.keptFor(KEEP).withBytes(2 * HubHistory.UNKNOWN_SIZE));
		StrictSubscriber reader = read(numbers.out());
		Awaitility.await().until(reader::isTerminated);
		assertThat(reader.messages()).containsExactly(0, 1);
	}

	@Test
	void aReaderThatReadsSlowlyIsNotTooSlow() {
		StrictSubscriber slow = StrictSubscriber.waiting(SMALL);
		this.answer.out().elements().subscribe(slow);
		TestSource source = source(0);
		IntStream.range(0, 1000).forEach((i) -> source.emit("message " + i));
		source.complete();
		for (int i = 0; i < 1000; i++) {
			assertThat(slow.count()).isEqualTo(i);
			slow.request(1);
		}
		assertThat(slow.isCompleted()).isTrue();
		slow.assertRulesKept();
	}

	@Test
	void whatReadersGetAtOnceIsShared() {
		StrictSubscriber one = read(this.answer.out());
		StrictSubscriber other = read(this.answer.out());
		StrictSubscriber event = read(this.answer.events(Replay.last(0)));
		StrictSubscriber otherEvent = read(this.answer.events(Replay.last(0)));
		source(0).emit("a");
		assertThat(one.received().get(0)).isInstanceOf(SharedMessage.class).isSameAs(other.received().get(0));
		assertThat(event.received().get(0)).isSameAs(otherEvent.received().get(0));
	}

	@Test
	void whatALateReaderHasMissedIsJoined() {
		Recorded<String> joined = this.answer.compact((words) -> String.join("", words));
		StrictSubscriber early = read(joined.events(Replay.last(0)));
		source(0).emit("a", "b", "c");
		StrictSubscriber late = read(joined.out());
		StrictSubscriber events = read(joined.events(Replay.after(position(early.messages().get(0)))));
		source(0).emit("d");
		assertThat(early.messages()).hasSize(4);
		assertThat(late.messages()).containsExactly("abc", "d");
		assertThat(((PublishedMessage<?>) late.received().get(0)).position())
			.isEqualTo(position(early.messages().get(2)));
		assertThat(events.messages()).containsExactly(new HubEvent.Message<>(position(early.messages().get(2)), "bc"),
				new HubEvent.Message<>(position(early.messages().get(3)), "d"));
		source(0).complete();
		StrictSubscriber last = read(joined.out());
		assertThat(last.messages()).containsExactly("abcd");
		assertThat(last.isCompleted()).isTrue();
		assertThat(read(this.answer.out()).messages()).containsExactly("a", "b", "c", "d");
	}

	@Test
	void whatIsJoinedComesAfterAReset() {
		read(this.answer.out());
		source(0).emit("a", "b");
		Recorded<String> joined = this.answer.compact((words) -> String.join("", words));
		assertThat(read(joined.out(Replay.after("elsewhere"), (reset) -> "reset")).messages()).containsExactly("reset",
				"ab");
	}

	@Test
	void aJoinerThatFailsFailsItsOwnReader() {
		StrictSubscriber other = read(this.answer.out());
		source(0).emit("a", "b");
		StrictSubscriber failing = read(this.answer.compact((words) -> {
			throw new IllegalStateException("on purpose");
		}).out());
		assertThat(failing.error()).hasMessage("on purpose");
		assertThat(read(this.answer.compact((words) -> null).out()).error()).isInstanceOf(NullPointerException.class)
			.hasMessage("A joiner returned null (expected: a message)");
		source(0).emit("c");
		assertThat(other.messages()).containsExactly("a", "b", "c");
	}

	@Test
	void aSourceThatCannotBeMadeIsAFailureForAll() {
		Recorded<String> broken = this.hubs.recorded("broken", String.class, () -> {
			throw new IllegalStateException("on purpose");
		}, KEEP);
		StrictSubscriber reader = read(broken.out());
		Awaitility.await().until(reader::isTerminated);
		assertThat(reader.error()).hasMessage("on purpose");
		assertThat(read(broken.out()).error()).isSameAs(reader.error());
		StrictSubscriber none = read(this.hubs.recorded("none", String.class, () -> null, KEEP).out());
		Awaitility.await().until(none::isTerminated);
		assertThat(none.error()).isInstanceOf(NullPointerException.class);
	}

	@Test
	void theSourceRunsInTheContextOfTheReaderThatBeganIt() {
		List<String> found = new ArrayList<>();
		Recorded<String> answer = this.hubs.recorded("whose", String.class, () -> {
			found.add("made by " + Marked.MARK.get());
			return Flux.deferContextual((context) -> {
				found.add("run by " + Marked.MARK.get() + ", " + context.get("mark"));
				return Flux.just("a");
			});
		}, KEEP);
		StrictSubscriber reader = new StrictSubscriber(Long.MAX_VALUE, null) {
			@Override
			public Context currentContext() {
				return new Marked().addTo(Context.empty());
			}
		};
		answer.out().elements().subscribe(reader);
		Awaitility.await().until(reader::isTerminated);
		assertThat(reader.messages()).containsExactly("a");
		assertThat(found).containsExactly("made by ann", "run by ann, ann");
	}

	@Test
	void whatIsRecordedCanBeFound() {
		assertThat(this.hubs.recorded("answer", String.class)).isEmpty();
		read(this.answer.out());
		source(0).emit("a");
		Optional<Recorded<String>> found = this.hubs.recorded("answer", String.class);
		assertThat(found.orElseThrow().name()).isEqualTo("answer");
		assertThat(read(found.orElseThrow().out()).messages()).containsExactly("a");
		found.orElseThrow().stop();
		source(0).awaitCancelled();
		this.time.pass(KEEP);
		assertThat(this.hubs.recorded("answer", String.class)).isEmpty();
		assertThat(read(found.orElseThrow().compact((words) -> "").out()).messages()).as("still held")
			.containsExactly("a");
		assertThat(begun()).isOne();
	}

	@Test
	void theTypeIsTheSameForAllWhoUseTheName() {
		Recorded<Integer> other = this.hubs.recorded("answer", Integer.class, Flux::empty, KEEP);
		read(this.answer.out());
		assertThat(read(other.out()).error()).hasMessage("type of recorded source 'answer': java.lang.Integer"
				+ " (expected: java.lang.String, with which it is in use)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.hubs.recorded("answer", Integer.class, Flux::empty, KEEP));
		assertThatIllegalArgumentException().isThrownBy(() -> this.hubs.recorded("answer", Integer.class));
		assertThatIllegalArgumentException().isThrownBy(other::stop);
		StrictSubscriber generic = read(this.hubs.recorded("answer", new ParameterizedTypeReference<String>() {
		}, Flux::empty, Recording.keptFor(KEEP)).out());
		source(0).emit("a");
		assertThat(generic.messages()).containsExactly("a");
	}

	@Test
	void recordingsAreChecked() {
		Recording recording = Recording.keptFor(KEEP);
		assertThatIllegalArgumentException().isThrownBy(() -> Recording.keptFor(Duration.ofSeconds(-1)))
			.withMessageStartingWith("keep: PT-1S (expected: >= 0");
		assertThatIllegalArgumentException().isThrownBy(() -> recording.withMessages(0))
			.withMessage("messages: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> recording.withBytes(0))
			.withMessage("bytes: 0 (expected: > 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> recording.withAbandonAfter(Duration.ZERO))
			.withMessageStartingWith("abandonAfter: PT0S (expected: > 0");
		assertThatIllegalArgumentException().isThrownBy(() -> this.hubs.recorded(" ", String.class, Flux::empty, KEEP))
			.withMessage("'name' must not be empty");
	}

	/** Found on the thread and in the Reactor context. */
	private static final class Marked extends CallContext {

		static final ThreadLocal<@Nullable String> MARK = new ThreadLocal<>();

		@Override
		protected Scope apply() {
			MARK.set("ann");
			return MARK::remove;
		}

		@Override
		protected Context contribute(Context context) {
			return context.put("mark", "ann");
		}

	}

}
