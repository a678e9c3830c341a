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

import java.nio.ByteBuffer;

/**
 * Bytes that a client of the soak sends: a head, and perhaps a masked slice of the
 * pattern.
 */
final class SoakPiece {

	private final byte[] head;

	private final int offset;

	private final int length;

	private final byte[] mask;

	private int sent;

	private SoakPiece(byte[] head, int offset, int length, byte[] mask) {
		this.head = head;
		this.offset = offset;
		this.length = length;
		this.mask = mask;
	}

	static SoakPiece of(byte[] bytes) {
		return new SoakPiece(bytes, 0, 0, new byte[0]);
	}

	static SoakPiece message(int offset, int length, int mask) {
		byte[] key = ByteBuffer.allocate(4).putInt(mask).array();
		return new SoakPiece(Frames.join(Frames.header(Frames.FIN_BINARY, 0x80, length), key), offset, length, key);
	}

	int offset() {
		return this.offset;
	}

	int length() {
		return this.length;
	}

	/** Returns whether all of it found room. */
	boolean fill(ByteBuffer buffer, byte[] pattern) {
		int position = this.sent;
		if (position < this.head.length) {
			int count = Math.min(this.head.length - position, buffer.remaining());
			buffer.put(this.head, position, count);
			position += count;
		}
		int at = position - this.head.length;
		while (position >= this.head.length && at < this.length && buffer.hasRemaining()) {
			buffer.put((byte) (pattern[this.offset + at] ^ this.mask[at & 3]));
			at++;
		}
		return at == this.length;
	}

	/** Takes note that so many bytes are out, and returns how many are not of this. */
	int advance(int written) {
		int count = Math.min(written, this.head.length + this.length - this.sent);
		this.sent += count;
		return written - count;
	}

	boolean isDone() {
		return this.sent == this.head.length + this.length;
	}

	@Override
	public String toString() {
		return this.length + " bytes from " + this.offset;
	}

}
