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
 * The opcodes and the bits of a frame's first two bytes, as RFC 6455 section 5.2 numbers
 * them.
 */
final class Opcodes {

	static final int CONTINUATION = 0x0;

	static final int TEXT = 0x1;

	static final int BINARY = 0x2;

	static final int CLOSE = 0x8;

	static final int PING = 0x9;

	static final int PONG = 0xA;

	static final int FIN = 0x80;

	static final int RSV = 0x70;

	static final int RSV1 = 0x40;

	static final int OPCODE = 0x0F;

	static final int MASKED = 0x80;

	static final int LENGTH = 0x7F;

	static final int CONTROL = 0x8;

	/**
	 * The length code that announces two bytes of length.
	 */
	static final int LENGTH_16 = 126;

	/**
	 * The length code that announces eight bytes of length.
	 */
	static final int LENGTH_64 = 127;

	/**
	 * The longest payload of a control frame, and the longest whose length needs no more
	 * than the second byte.
	 */
	static final int MAX_SHORT = 125;

	private Opcodes() {
	}

	static boolean isControl(int opcode) {
		return (opcode & CONTROL) != 0;
	}

	static boolean isKnown(int opcode) {
		return opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
	}

}
