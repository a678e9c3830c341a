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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class Utf8Tests {

	@Test
	void everyCodePointThatIsNoSurrogateIsValid() {
		for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
			if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
				byte[] bytes = Frames.utf8(Character.toString(codePoint));
				if (validate(bytes) != Utf8.COMPLETE) {
					assertThat(codePoint).as("valid code point refused").isNull();
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void allSequencesOfOneAndTwoBytesAreJudgedLikeTheModel(int length) {
		byte[] bytes = new byte[length];
		for (int value = 0; value < 1 << (8 * length); value++) {
			fill(bytes, value);
			assertJudgedLikeTheModel(bytes);
		}
	}

	@Test
	void allSequencesOfThreeBytesWithAHighLeadAreJudgedLikeTheModel() {
		byte[] bytes = new byte[3];
		for (int value = 0xC00000; value <= 0xFFFFFF; value++) {
			fill(bytes, value);
			if ((value & 0xFF) == 0x00 || (value & 0x3F) == 0x3F || (value & 0x7F) == 0x40) {
				assertJudgedLikeTheModel(bytes);
			}
		}
	}

	@Test
	void sequencesOfFourBytesAreJudgedLikeTheModelAtTheEdges() {
		int[] edges = { 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF };
		for (int lead = 0xE0; lead <= 0xFF; lead++) {
			for (int second : edges) {
				for (int third : edges) {
					for (int fourth : edges) {
						assertJudgedLikeTheModel(Frames.bytes(lead, second, third, fourth));
					}
				}
			}
		}
	}

	@Test
	void aBadByteIsFoundAtEveryPlaceInLongAscii() {
		for (int length = 1; length < 40; length++) {
			byte[] text = new byte[length];
			for (int bad = 0; bad < length; bad++) {
				Arrays.fill(text, (byte) 'a');
				text[bad] = (byte) 0xFF;
				assertThat(validate(text)).isEqualTo(Utf8.INVALID);
				assertThat(Utf8.validate(Utf8.COMPLETE, text, bad + 1, length)).isEqualTo(Utf8.COMPLETE);
				assertThat(Utf8.validate(Utf8.COMPLETE, text, 0, bad)).isEqualTo(Utf8.COMPLETE);
			}
		}
	}

	@Test
	void theCutDoesNotMatter() {
		Random random = new Random(8);
		for (int round = 0; round < 20_000; round++) {
			byte[] bytes = text(random);
			int cut = random.nextInt(bytes.length + 1);
			int head = Utf8.validate(Utf8.COMPLETE, bytes, 0, cut);
			assertThat(Utf8.validate(head, bytes, cut, bytes.length)).isEqualTo(validate(bytes));
		}
	}

	@Test
	void onceInvalidStaysInvalid() {
		assertThat(Utf8.validate(Utf8.INVALID, Frames.utf8("abc"), 0, 3)).isEqualTo(Utf8.INVALID);
	}

	@Test
	void anEmptyPieceKeepsTheState() {
		int within = Utf8.validate(Utf8.COMPLETE, Frames.bytes(0xE2), 0, 1);
		assertThat(Utf8.validate(within, new byte[0], 0, 0)).isEqualTo(within).isNotIn(Utf8.COMPLETE, Utf8.INVALID);
	}

	private static byte[] text(Random random) {
		byte[] bytes = Frames.utf8(random.ints(random.nextInt(1, 12), 0, Character.MAX_CODE_POINT + 1)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString());
		if (random.nextInt(3) == 0) {
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
		}
		return bytes;
	}

	private static void assertJudgedLikeTheModel(byte[] bytes) {
		int state = validate(bytes);
		ModelUtf8.Verdict verdict = (state == Utf8.COMPLETE) ? ModelUtf8.Verdict.COMPLETE
				: (state == Utf8.INVALID) ? ModelUtf8.Verdict.INVALID : ModelUtf8.Verdict.INCOMPLETE;
		if (verdict != ModelUtf8.judge(bytes)) {
			assertThat(verdict).as(Arrays.toString(bytes)).isEqualTo(ModelUtf8.judge(bytes));
		}
	}

	private static int validate(byte[] bytes) {
		return Utf8.validate(Utf8.COMPLETE, bytes, 0, bytes.length);
	}

	private static void fill(byte[] bytes, int value) {
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (value >>> (8 * (bytes.length - 1 - i)));
		}
	}

}
