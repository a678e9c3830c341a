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

package dev.halley.boot.cases;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * One WebSocket frame, legal or not.
 *
 * @param first the first byte: FIN, the reserved bits and the opcode
 * @param payload the payload, not masked
 */
record Frame(int first, byte[] payload) {

	static final int CONTINUATION = 0;

	static final int TEXT = 1;

	static final int BINARY = 2;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	private static final int FIN = 0x80;

	private static final int MASKED = 0x80;

	private static final byte[] MASK = { 0x12, 0x34, 0x56, 0x78 };

	static Frame text(String text) {
		return whole(TEXT, text);
	}

	static Frame binary(byte[] bytes) {
		return new Frame(FIN | BINARY, bytes);
	}

	static Frame whole(int opcode, String payload) {
		return new Frame(FIN | opcode, payload.getBytes(StandardCharsets.UTF_8));
	}

	/** A part of a message that is not the last. */
	static Frame part(int opcode, String payload) {
		return part(opcode, payload.getBytes(StandardCharsets.UTF_8));
	}

	static Frame part(int opcode, byte[] payload) {
		return new Frame(opcode, payload);
	}

	static Frame last(String payload) {
		return whole(CONTINUATION, payload);
	}

	static Frame ping(String payload) {
		return whole(PING, payload);
	}

	static Frame pong(String payload) {
		return whole(PONG, payload);
	}

	static Frame close(int code, String reason) {
		byte[] text = reason.getBytes(StandardCharsets.UTF_8);
		return new Frame(FIN | CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
	}

	static Frame closeWithoutStatus() {
		return new Frame(FIN | CLOSE, new byte[0]);
	}

	/** The frame as a client sends it. */
	byte[] masked() {
		ByteArrayOutputStream out = new ByteArrayOutputStream(this.payload.length + 14);
		out.write(this.first);
		writeLength(out);
		out.writeBytes(MASK);
		for (int i = 0; i < this.payload.length; i++) {
			out.write(this.payload[i] ^ MASK[i % 4]);
		}
		return out.toByteArray();
	}

	/** The frame as no client may send it. */
	byte[] unmasked() {
		return ByteBuffer.allocate(2 + this.payload.length)
			.put((byte) this.first)
			.put((byte) this.payload.length)
			.put(this.payload)
			.array();
	}

	private void writeLength(ByteArrayOutputStream out) {
		int length = this.payload.length;
		if (length < 126) {
			out.write(MASKED | length);
		}
		else if (length < 1 << 16) {
			out.write(MASKED | 126);
			out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
		}
		else {
			out.write(MASKED | 127);
			out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
		}
	}

	/** Reads a frame of a server. */
	static Frame read(DataInputStream in) throws IOException {
		int first = in.readUnsignedByte();
		int length = in.readUnsignedByte();
		if (length == 126) {
			length = in.readUnsignedShort();
		}
		else if (length == 127) {
			length = Math.toIntExact(in.readLong());
		}
		byte[] payload = new byte[length];
		in.readFully(payload);
		return new Frame(first, payload);
	}

	int opcode() {
		return this.first & 0xF;
	}

	boolean isData() {
		return opcode() < CLOSE;
	}

	boolean isFinal() {
		return (this.first & FIN) != 0;
	}

	/** Joins the fragments of a message. */
	Frame after(@Nullable Frame fragment) {
		if (fragment == null) {
			return this;
		}
		byte[] joined = Arrays.copyOf(fragment.payload, fragment.payload.length + this.payload.length);
		System.arraycopy(this.payload, 0, joined, fragment.payload.length, this.payload.length);
		return new Frame(this.first | fragment.first, joined);
	}

	/** Joins what frames look like on the wire. */
	static byte[] masked(Frame... frames) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		Arrays.stream(frames).forEach((frame) -> out.writeBytes(frame.masked()));
		return out.toByteArray();
	}

	@Override
	public String toString() {
		return switch (this.first) {
			case FIN | TEXT -> "text " + text();
			case FIN | BINARY -> "binary " + text();
			case FIN | PING -> "ping " + text();
			case FIN | PONG -> "pong " + text();
			case FIN | CLOSE -> (this.payload.length == 0) ? "close"
					: ("close " + ByteBuffer.wrap(this.payload).getShort() + " "
							+ new String(this.payload, 2, this.payload.length - 2, StandardCharsets.UTF_8))
						.stripTrailing();
			default -> "frame 0x" + Integer.toHexString(this.first) + " of " + this.payload.length + " bytes";
		};
	}

	private String text() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

}
