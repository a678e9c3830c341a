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

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who reads sources that outlive the connection that asked for them: from where, how
 * fast, and how it ends.
 */
@Timeout(60)
class RecordedReadingTests extends RecordedInMemory {

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

}
