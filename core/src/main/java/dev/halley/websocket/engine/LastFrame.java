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
 * Tells whether bytes that are no longer parsed, because the peer broke the protocol, end
 * with a client's close frame. It is the last that a client sends: the connection can
 * then be closed without cutting off our own close frame. A mistake either way only ends
 * the connection earlier or later.
 */
final class LastFrame {

	private static final int HEADER = 6;

	private static final int LONG_HEADER = 8;

	private LastFrame() {
	}

	static boolean isClose(byte[] bytes, int length) {
		for (int payload = 0; payload <= length - HEADER; payload++) {
			boolean small = payload <= Opcodes.MAX_SHORT;
			int start = length - payload - (small ? HEADER : LONG_HEADER);
			if (start >= 0 && bytes[start] == (byte) (Opcodes.FIN | Opcodes.CLOSE)
					&& (small ? isShort(bytes, start, payload) : isLong(bytes, start, payload))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isShort(byte[] bytes, int start, int payload) {
		return bytes[start + 1] == (byte) (Opcodes.MASKED | payload);
	}

	private static boolean isLong(byte[] bytes, int start, int payload) {
		return bytes[start + 1] == (byte) (Opcodes.MASKED | Opcodes.LENGTH_16)
				&& ((bytes[start + 2] & 0xFF) << 8 | (bytes[start + 3] & 0xFF)) == payload;
	}

}
