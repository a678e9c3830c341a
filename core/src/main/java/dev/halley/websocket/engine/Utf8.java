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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validates UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) in
 * pieces that may be cut anywhere, and fails at the first byte that cannot be right.
 * <p>
 * The state between two pieces is an {@code int}: how many bytes the character still
 * needs, and the lowest and the highest value that the next one may have. Only the second
 * byte of a character ever has a narrower range than 80 to BF.
 */
final class Utf8 {

	/**
	 * The state between two characters, at which a text may start and end.
	 */
	static final int COMPLETE = 0;

	/**
	 * The state after a byte that cannot be right.
	 */
	static final int INVALID = -1;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final int[] AFTER_LEAD = statesAfterLead();

	private Utf8() {
	}

	/**
	 * Validate a piece.
	 * @param state the state after the piece before, {@link #COMPLETE} for the first
	 * @param bytes the array
	 * @param from where the piece starts
	 * @param to where it ends
	 * @return the new state: {@link #COMPLETE}, {@link #INVALID}, or any other within a
	 * character
	 */
	static int validate(int state, byte[] bytes, int from, int to) {
		int current = state;
		int index = from;
		while (index < to && current != INVALID) {
			if (current == COMPLETE && bytes[index] >= 0) {
				index = skipAscii(bytes, index, to);
			}
			else {
				current = next(current, bytes[index++] & 0xFF);
			}
		}
		return current;
	}

	private static int skipAscii(byte[] bytes, int from, int to) {
		int index = from;
		while (index <= to - Long.BYTES && ((long) LONGS.get(bytes, index) & HIGH_BITS) == 0) {
			index += Long.BYTES;
		}
		while (index < to && bytes[index] >= 0) {
			index++;
		}
		return index;
	}

	private static int next(int state, int value) {
		if (state == COMPLETE) {
			return AFTER_LEAD[value];
		}
		if (value < ((state >>> 8) & 0xFF) || value > (state & 0xFF)) {
			return INVALID;
		}
		return continuation((state >>> 16) - 1);
	}

	private static int continuation(int needed) {
		return (needed == 0) ? COMPLETE : state(needed, 0x80, 0xBF);
	}

	private static int state(int needed, int lowest, int highest) {
		return needed << 16 | lowest << 8 | highest;
	}

	private static int[] statesAfterLead() {
		int[] states = new int[256];
		for (int lead = 0; lead < states.length; lead++) {
			states[lead] = stateAfterLead(lead);
		}
		return states;
	}

	private static int stateAfterLead(int lead) {
		if (lead < 0x80) {
			return COMPLETE;
		}
		if (lead < 0xC2 || lead > 0xF4) {
			return INVALID;
		}
		int needed = (lead < 0xE0) ? 1 : (lead < 0xF0) ? 2 : 3;
		return switch (lead) {
			case 0xE0 -> state(needed, 0xA0, 0xBF);
			case 0xED -> state(needed, 0x80, 0x9F);
			case 0xF0 -> state(needed, 0x90, 0xBF);
			case 0xF4 -> state(needed, 0x80, 0x8F);
			default -> continuation(needed);
		};
	}

}
