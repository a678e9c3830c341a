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
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FrameMaskTests {

	private static final byte[] KEY = { 1, (byte) 0x82, 0x73, (byte) 0xF4 };

	private static final int PACKED = 0xF47382_01;

	@Test
	void appliesTheKeyByteByByteForAnyLength() {
		for (int length = 0; length < 50; length++) {
			byte[] source = random(length);
			byte[] target = new byte[length];
			FrameMask.copy(source, 0, target, 0, length, PACKED);
			assertThat(target).isEqualTo(Frames.xor(source, KEY));
		}
	}

	@Test
	void goesOnWithTheKeyThatItReturns() {
		byte[] source = random(40);
		for (int cut = 0; cut <= source.length; cut++) {
			byte[] target = new byte[40];
			int key = FrameMask.copy(source, 0, target, 0, cut, PACKED);
			FrameMask.copy(source, cut, target, cut, source.length - cut, key);
			assertThat(target).isEqualTo(Frames.xor(source, KEY));
		}
	}

	@Test
	void writesNothingAroundTheTarget() {
		byte[] target = new byte[30];
		Arrays.fill(target, (byte) 0x55);
		FrameMask.copy(random(40), 3, target, 5, 19, PACKED);
		assertThat(Arrays.copyOf(target, 5)).containsOnly(0x55);
		assertThat(Arrays.copyOfRange(target, 24, 30)).containsOnly(0x55);
	}

	@Test
	void readsFromTheGivenPlace() {
		byte[] source = random(40);
		byte[] target = new byte[19];
		FrameMask.copy(source, 3, target, 0, 19, PACKED);
		assertThat(target).isEqualTo(Frames.xor(Arrays.copyOfRange(source, 3, 22), KEY));
	}

	@Test
	void aKeyOfZeroCopies() {
		byte[] source = random(33);
		byte[] target = new byte[33];
		assertThat(FrameMask.copy(source, 0, target, 0, 33, 0)).isZero();
		assertThat(target).isEqualTo(source);
	}

	@Test
	void maskingTwiceGivesTheSame() {
		byte[] source = random(77);
		byte[] bytes = source.clone();
		FrameMask.copy(bytes, 0, bytes, 0, bytes.length, PACKED);
		assertThat(bytes).isNotEqualTo(source);
		FrameMask.copy(bytes, 0, bytes, 0, bytes.length, PACKED);
		assertThat(bytes).isEqualTo(source);
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

}
