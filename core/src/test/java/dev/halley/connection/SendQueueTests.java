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

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.halley.Overflow;
import dev.halley.codec.Payload;
import dev.halley.connection.LiveConnection.Sending;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SendQueue}.
 */
class SendQueueTests {

	private static final Payload MESSAGE = Payload.text("x");

	private final SendQueue queue = new SendQueue(4, 100, Overflow.CLOSE);

	private void add(int count, int size) {
		for (int i = 0; i < count; i++) {
			this.queue.add(MESSAGE, size);
		}
	}

	@Test
	void moreThanHalfOfTheMessagesAreHalfOfIt() {
		add(2, 1);
		assertThat(this.queue.isHalfFull()).isFalse();
		add(1, 1);
		assertThat(this.queue.isHalfFull()).isTrue();
	}

	@Test
	void moreThanHalfOfTheBytesAreHalfOfIt() {
		add(1, 50);
		assertThat(this.queue.isHalfFull()).isFalse();
		add(1, 1);
		assertThat(this.queue.isHalfFull()).isTrue();
	}

	@Test
	void oneFitsHoweverLargeItIs() {
		assertThat(this.queue.fits(1000)).isTrue();
	}

	@Test
	void noMoreMessagesFitThanTheMost() {
		add(3, 1);
		assertThat(this.queue.fits(1)).isTrue();
		add(1, 1);
		assertThat(this.queue.fits(1)).isFalse();
	}

	@Test
	void noMoreBytesFitThanTheMost() {
		add(1, 60);
		assertThat(this.queue.fits(40)).isTrue();
		assertThat(this.queue.fits(41)).isFalse();
	}

	@Test
	void whatIsBeingWrittenWaitsStill() {
		add(2, 10);
		List<Payload> batch = this.queue.takeAll();
		assertThat(this.queue.isEmpty()).isTrue();
		add(1, 5);
		assertThat(this.queue.waitingMessages()).isEqualTo(3);
		assertThat(this.queue.waitingBytes()).isEqualTo(25);
		this.queue.written(batch, 0);
		assertThat(this.queue.waitingMessages()).isEqualTo(1);
		assertThat(this.queue.waitingBytes()).isEqualTo(5);
	}

	@Test
	void whatIsBeingWrittenLeavesAllTheRoom() {
		add(4, 25);
		this.queue.takeAll();
		add(3, 25);
		assertThat(this.queue.fits(25)).isTrue();
	}

	@Test
	void nothingIsDroppedInVain() {
		for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.LATEST)) {
			SendQueue full = new SendQueue(4, 100, overflow);
			Payload first = Payload.text("first");
			assertThat(full.addBeside(first)).isEqualTo(Sending.QUEUED);
			full.add(MESSAGE, 98);
			assertThat(full.addBeside(Payload.text("late"))).isEqualTo(Sending.DROPPED);
			assertThat(full.addBeside(Payload.text("12"))).isEqualTo(Sending.QUEUED);
			assertThat(full.takeAll()).extracting(Payload::text).containsExactly("x", "12");
		}
	}

	@Test
	void aMessageStaysThatWouldNotMakeEnoughRoom() {
		for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.LATEST)) {
			SendQueue full = new SendQueue(2, 100, overflow);
			full.add(MESSAGE, 1);
			assertThat(full.addBeside(Payload.text("kept"))).isEqualTo(Sending.QUEUED);
			full.add(MESSAGE, 1);
			assertThat(full.addBeside(Payload.text("late"))).isEqualTo(Sending.DROPPED);
			assertThat(full.takeAll()).extracting(Payload::text).containsExactly("x", "kept", "x");
		}
	}

	@Test
	void aSmallListIsUsedAgain() {
		add(4, 1);
		List<Payload> batch = this.queue.takeAll();
		this.queue.written(batch, 0);
		assertThat(batch).isEmpty();
		add(1, 1);
		assertThat(this.queue.takeAll()).isNotSameAs(batch);
		add(1, 1);
		assertThat(this.queue.takeAll()).isSameAs(batch).containsExactly(MESSAGE);
	}

	@Test
	void aListOfSixtyFourIsKeptAndALargerOneIsNot() {
		SendQueue large = new SendQueue(1000, 1000, Overflow.CLOSE);
		for (int i = 0; i < 64; i++) {
			large.add(MESSAGE, 1);
		}
		List<Payload> kept = large.takeAll();
		large.written(kept, 0);
		assertThat(kept).isEmpty();
		for (int i = 0; i < 65; i++) {
			large.add(MESSAGE, 1);
		}
		List<Payload> left = large.takeAll();
		large.written(left, 0);
		assertThat(left).hasSize(65);
	}

	@Test
	void nothingIsKeptOfWhatWasBeingWrittenAtTheEnd() {
		add(1, 1);
		List<Payload> batch = this.queue.takeAll();
		add(1, 1);
		this.queue.dispose();
		assertThat(this.queue.isEmpty()).isTrue();
		this.queue.written(batch, 0);
		assertThat(batch).containsExactly(MESSAGE);
	}

	@Test
	void whatIsClearedTakesNoRoom() {
		add(4, 25);
		this.queue.clear();
		assertThat(this.queue.isEmpty()).isTrue();
		assertThat(this.queue.waitingBytes()).isZero();
	}

	@Test
	void aSmallOneComesFirstAndCountsNoBytes() {
		Payload first = Payload.text("first");
		add(1, 10);
		this.queue.addFirst(first);
		assertThat(this.queue.waitingBytes()).isEqualTo(10);
		assertThat(this.queue.takeAll()).containsExactly(first, MESSAGE);
	}

	@Test
	void isEmptyUntilSomethingComes() {
		assertThat(this.queue.isEmpty()).isTrue();
		add(1, 1);
		assertThat(this.queue.isEmpty()).isFalse();
	}

}
