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

package dev.halley.websocket.engine;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ByteSinkTests {

	private final ByteSink sink = new ByteSink();

	@Test
	void holdsNothingAtFirst() {
		assertThat(this.sink.length()).isZero();
		assertThat(this.sink.capacity()).isZero();
		assertThat(this.sink.take()).isEmpty();
	}

	@Test
	void keepsWhatIsWrittenInOrder() {
		this.sink.write(1);
		this.sink.write(Frames.bytes(2, 3));
		this.sink.write(Frames.bytes(0, 4, 5, 0), 1, 2);
		assertThat(this.sink.length()).isEqualTo(5);
		assertThat(this.sink.take()).containsExactly(1, 2, 3, 4, 5);
	}

	@Test
	void growsByDoublingAndKeepsTheBytes() {
		int arrays = 0;
		byte[] last = this.sink.array();
		for (int i = 0; i < 100_000; i++) {
			this.sink.write(i);
			if (this.sink.array() != last) {
				last = this.sink.array();
				arrays++;
			}
		}
		assertThat(arrays).isLessThan(12);
		byte[] bytes = this.sink.take();
		for (int i = 0; i < bytes.length; i++) {
			assertThat(bytes[i]).isEqualTo((byte) i);
		}
	}

	@Test
	void doublingStopsAtTheGivenMost() {
		this.sink.ensureRoom(300, 1000);
		this.sink.extend(300);
		this.sink.ensureRoom(1, 500);
		assertThat(this.sink.capacity()).isEqualTo(500);
	}

	@Test
	void theCountGoesBeforeTheMost() {
		this.sink.ensureRoom(300, 10);
		assertThat(this.sink.capacity()).isEqualTo(300);
	}

	@Test
	void aSmallMostGivesASmallArray() {
		this.sink.ensureRoom(5, 5);
		assertThat(this.sink.capacity()).isEqualTo(5);
	}

	@Test
	void givesAwayAnArrayOfJustTheSizeWithoutCopying() {
		this.sink.ensureRoom(5, 5);
		this.sink.extend(5);
		byte[] array = this.sink.array();
		assertThat(this.sink.take()).isSameAs(array);
	}

	@Test
	void holdsNothingAfterTake() {
		this.sink.write(new byte[1000]);
		this.sink.take();
		assertThat(this.sink.capacity()).isZero();
		assertThat(this.sink.length()).isZero();
	}

	@Test
	void clearKeepsTheArray() {
		this.sink.write(new byte[1000]);
		byte[] array = this.sink.array();
		this.sink.clear();
		assertThat(this.sink.length()).isZero();
		assertThat(this.sink.array()).isSameAs(array);
	}

	@Test
	void clearDropsAnArrayThatIsTooLongToKeep() {
		this.sink.write(new byte[1000]);
		this.sink.clear(1000);
		assertThat(this.sink.capacity()).isEqualTo(1000);
		this.sink.write(new byte[1001]);
		this.sink.clear(1000);
		assertThat(this.sink.capacity()).isZero();
		assertThat(this.sink.length()).isZero();
	}

	@Test
	void retractTakesTheLastBytesBack() {
		this.sink.write(Frames.bytes(1, 2, 3, 4));
		this.sink.retract(2);
		this.sink.write(9);
		assertThat(this.sink.take()).containsExactly(1, 2, 9);
	}

	@Test
	void extendTellsWhereToWrite() {
		this.sink.write(Frames.bytes(1, 2));
		int start = this.sink.extend(3);
		assertThat(start).isEqualTo(2);
		Arrays.fill(this.sink.array(), start, start + 3, (byte) 7);
		assertThat(this.sink.take()).containsExactly(1, 2, 7, 7, 7);
	}

	@Test
	void moreThanAnArrayCanHoldIsRefused() {
		this.sink.write(1);
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> this.sink.extend(Integer.MAX_VALUE));
	}

}
