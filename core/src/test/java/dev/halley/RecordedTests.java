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

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.ParameterizedTypeReference;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Sources that outlive the connection that asked for them: when they begin, run, end and
 * are forgotten.
 */
@Timeout(60)
class RecordedTests extends RecordedInMemory {

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
			found.add("made by " + CarriedUser.NAME.get());
			return Flux.deferContextual((context) -> {
				found.add("run by " + CarriedUser.NAME.get() + ", " + context.get("user"));
				return Flux.just("a");
			});
		}, KEEP);
		StrictSubscriber reader = new StrictSubscriber(Long.MAX_VALUE, null) {
			@Override
			public Context currentContext() {
				return new CarriedUser("ann").addTo(Context.empty());
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

}
