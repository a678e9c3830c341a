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

/**
 * A slow judge of UTF-8: asks of each character, whole or begun, which code points it can
 * still become, and whether one of them is allowed in that many bytes.
 */
final class ModelUtf8 {

	private static final int[] LEAST = { 0, 0, 0x80, 0x800, 0x10000 };

	private static final int[] MOST = { 0, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF };

	enum Verdict {

		COMPLETE, INCOMPLETE, INVALID

	}

	private ModelUtf8() {
	}

	static Verdict judge(byte[] bytes) {
		int index = 0;
		while (index < bytes.length) {
			int size = size(bytes[index] & 0xFF);
			int present = Math.min(size, bytes.length - index);
			if (size == 0 || !canBeCharacter(bytes, index, size, present)) {
				return Verdict.INVALID;
			}
			if (present < size) {
				return Verdict.INCOMPLETE;
			}
			index += size;
		}
		return Verdict.COMPLETE;
	}

	private static int size(int lead) {
		int ones = Integer.numberOfLeadingZeros(~(lead << 24));
		return (ones == 0) ? 1 : (ones >= 2 && ones <= 4) ? ones : 0;
	}

	private static boolean canBeCharacter(byte[] bytes, int index, int size, int present) {
		long lowest = (size == 1) ? bytes[index] : bytes[index] & (0xFF >> (size + 1));
		for (int i = 1; i < present; i++) {
			if ((bytes[index + i] & 0xC0) != 0x80) {
				return false;
			}
			lowest = lowest << 6 | (bytes[index + i] & 0x3F);
		}
		int open = 6 * (size - present);
		lowest <<= open;
		return hasAllowed(lowest, lowest + (1L << open) - 1, size);
	}

	private static boolean hasAllowed(long lowest, long highest, int size) {
		long from = Math.max(lowest, LEAST[size]);
		long to = Math.min(highest, MOST[size]);
		boolean onlySurrogates = from >= 0xD800 && to <= 0xDFFF;
		return from <= to && !onlySurrogates;
	}

}
