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

package dev.halley.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A frame of RFC 6455, section 5.2.
 *
 * @param first the first byte: FIN, the reserved bits and the opcode
 * @param data the application data
 */
record WebSocketFrame(int first, byte[] data) {

	static final int FIN = 0x80;

	/** RSV1, the first frame of a compressed message: RFC 7692, section 6. */
	static final int COMPRESSED = 0x40;

	static final int TEXT = 1;

	static final int BINARY = 2;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	private static final int MASK = 0x80;

	boolean isLast() {
		return (this.first & FIN) != 0;
	}

	boolean isCompressed() {
		return (this.first & COMPRESSED) != 0;
	}

	int opcode() {
		return this.first & 0x0F;
	}

	/**
	 * Reads a server's frame, which is not masked.
	 * @param input where it comes from
	 * @param reserved which of the reserved bits may be set
	 */
	static WebSocketFrame read(DataInputStream input, int reserved) throws IOException {
		int first = input.readUnsignedByte();
		int second = input.readUnsignedByte();
		if ((second & MASK) != 0) {
			throw new IOException("frame: masked (expected: not, since it comes from a server)");
		}
		if ((first & 0x70 & ~reserved) != 0) {
			throw new IOException(
					"frame: reserved bits are set (expected: none but those that an extension was agreed " + "on for)");
		}
		long length = switch (second) {
			case 126 -> input.readUnsignedShort();
			case 127 -> input.readLong();
			default -> second;
		};
		byte[] data = new byte[Math.toIntExact(length)];
		input.readFully(data);
		return new WebSocketFrame(first, data);
	}

	/** Returns the bytes of a client's frame, which is masked. */
	byte[] toBytes() {
		int length = this.data.length;
		ByteBuffer bytes = ByteBuffer.allocate(length + 14);
		bytes.put((byte) this.first);
		if (length < 126) {
			bytes.put((byte) (MASK | length));
		}
		else if (length <= 0xFFFF) {
			bytes.put((byte) (MASK | 126)).putShort((short) length);
		}
		else {
			bytes.put((byte) (MASK | 127)).putLong(length);
		}
		byte[] key = new byte[4];
		ThreadLocalRandom.current().nextBytes(key);
		bytes.put(key);
		for (int i = 0; i < length; i++) {
			bytes.put((byte) (this.data[i] ^ key[i % 4]));
		}
		byte[] frame = new byte[bytes.position()];
		bytes.flip().get(frame);
		return frame;
	}

}
