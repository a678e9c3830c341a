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

import org.jspecify.annotations.Nullable;

/**
 * Reads the header of one frame after the other, cut anywhere, and checks all that a
 * header says by itself (RFC 6455 section 5.2, 5.5 and RFC 7692 section 6): reserved
 * bits, opcode, masking, the limits of control frames, lengths. The order of frames is
 * the reader's matter.
 */
final class FrameHeader {

	private static final int START = 2;

	private static final int KEY = 4;

	private static final int MAX_SIZE = START + Long.BYTES + KEY;

	private final boolean masked;

	private final boolean compression;

	private byte @Nullable [] partial;

	private int partialLength;

	private boolean complete;

	private int first;

	private long length;

	private int key;

	/**
	 * Make a header for one connection.
	 * @param masked whether the peer has to mask
	 * @param compression whether the peer may set RSV1
	 */
	FrameHeader(boolean masked, boolean compression) {
		this.masked = masked;
		this.compression = compression;
	}

	/**
	 * Read on. Afterwards {@link #isComplete()} tells whether the header is whole; if it
	 * is not, all bytes were consumed.
	 * @param buffer the array
	 * @param position where to start
	 * @param end where the input ends
	 * @return the position after the bytes that were consumed
	 * @throws WebSocketProtocolException if the header breaks a rule; as soon as the
	 * bytes that break it are there
	 */
	int read(byte[] buffer, int position, int end) throws WebSocketProtocolException {
		this.complete = false;
		int available = end - position;
		if (this.partial == null && available >= START && available >= size(buffer[position + 1])) {
			checkStart(buffer[position], buffer[position + 1]);
			parse(buffer, position);
			return position + size(buffer[position + 1]);
		}
		return collect(buffer, position, end);
	}

	private int collect(byte[] buffer, int position, int end) throws WebSocketProtocolException {
		byte[] header = (this.partial != null) ? this.partial : new byte[MAX_SIZE];
		this.partial = header;
		int at = position;
		while (at < end && this.partialLength < needed(header)) {
			header[this.partialLength++] = buffer[at++];
			if (this.partialLength == START) {
				checkStart(header[0], header[1]);
			}
		}
		if (this.partialLength >= START && this.partialLength == needed(header)) {
			this.partial = null;
			this.partialLength = 0;
			parse(header, 0);
		}
		return at;
	}

	private int needed(byte[] header) {
		return (this.partialLength < START) ? START : size(header[1]);
	}

	private static int size(int second) {
		return START + lengthSize(second & Opcodes.LENGTH) + (((second & Opcodes.MASKED) != 0) ? KEY : 0);
	}

	private static int lengthSize(int code) {
		return (code <= Opcodes.MAX_SHORT) ? 0 : (code == Opcodes.LENGTH_16) ? Short.BYTES : Long.BYTES;
	}

	private void checkStart(byte first, byte second) throws WebSocketProtocolException {
		int opcode = first & Opcodes.OPCODE;
		int reserved = first & Opcodes.RSV;
		if (reserved != 0 && reserved != allowedReserved(opcode)) {
			throw WebSocketProtocolException.protocolError("Reserved bits set",
					"bits: 0x" + Integer.toHexString(reserved) + " (expected: 0x0)");
		}
		if (!Opcodes.isKnown(opcode)) {
			throw WebSocketProtocolException.protocolError("Unknown opcode",
					"opcode: " + opcode + " (expected: 0-2, 8-10)");
		}
		if (Opcodes.isControl(opcode)) {
			checkControl(first, second & Opcodes.LENGTH);
		}
		if (this.masked != ((second & Opcodes.MASKED) != 0)) {
			throw WebSocketProtocolException.protocolError("Wrong masking",
					"masked: " + !this.masked + " (expected: " + this.masked + ")");
		}
	}

	private int allowedReserved(int opcode) {
		return (this.compression && (opcode == Opcodes.TEXT || opcode == Opcodes.BINARY)) ? Opcodes.RSV1 : 0;
	}

	private static void checkControl(int first, int lengthCode) throws WebSocketProtocolException {
		if ((first & Opcodes.FIN) == 0) {
			throw WebSocketProtocolException.protocolError("Fragmented control frame", "FIN: 0 (expected: 1)");
		}
		if (lengthCode > Opcodes.MAX_SHORT) {
			throw WebSocketProtocolException.protocolError("Control frame too long",
					"length code: " + lengthCode + " (expected: <= 125)");
		}
	}

	private void parse(byte[] header, int start) throws WebSocketProtocolException {
		int second = header[start + 1];
		int code = second & Opcodes.LENGTH;
		int keyAt = start + START + lengthSize(code);
		this.first = header[start];
		this.length = (code <= Opcodes.MAX_SHORT) ? code : bigEndian(header, start + START, keyAt);
		checkLength(code);
		this.key = ((second & Opcodes.MASKED) != 0) ? littleEndian(header, keyAt) : 0;
		this.complete = true;
	}

	private void checkLength(int code) throws WebSocketProtocolException {
		if (this.length < 0) {
			throw WebSocketProtocolException.protocolError("Length out of range",
					"length: " + Long.toUnsignedString(this.length) + " (expected: <= " + Long.MAX_VALUE + ")");
		}
		long least = (code <= Opcodes.MAX_SHORT) ? 0 : (code == Opcodes.LENGTH_16) ? Opcodes.LENGTH_16 : 0x10000;
		if (this.length < least) {
			throw WebSocketProtocolException.protocolError("Length not minimal",
					"length: " + this.length + " (expected: >= " + least + ")");
		}
	}

	private static long bigEndian(byte[] header, int from, int to) {
		long value = 0;
		for (int i = from; i < to; i++) {
			value = value << Byte.SIZE | (header[i] & 0xFF);
		}
		return value;
	}

	private static int littleEndian(byte[] header, int at) {
		return (header[at] & 0xFF) | (header[at + 1] & 0xFF) << 8 | (header[at + 2] & 0xFF) << 16
				| header[at + 3] << 24;
	}

	boolean isComplete() {
		return this.complete;
	}

	/**
	 * Whether bytes of a header that is not yet whole are held.
	 * @return whether a header has begun
	 */
	boolean isPartial() {
		return this.partial != null;
	}

	boolean isLast() {
		return (this.first & Opcodes.FIN) != 0;
	}

	boolean isCompressed() {
		return (this.first & Opcodes.RSV1) != 0;
	}

	int opcode() {
		return this.first & Opcodes.OPCODE;
	}

	long length() {
		return this.length;
	}

	/**
	 * The masking key, its lowest byte first on the wire; 0 for none.
	 * @return the key
	 */
	int key() {
		return this.key;
	}

}
