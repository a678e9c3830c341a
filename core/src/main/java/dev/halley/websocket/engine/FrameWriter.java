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

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Writes RFC 6455 frames: behind each other into a {@link ByteSink}, or as an array of
 * their own. Each method writes one whole frame.
 * <p>
 * A writer has no state but its deflater's. If {@link #sharesFrames()}, it may be used by
 * all threads at once and by all connections that agreed on the same parameters, and the
 * arrays of {@link #textFrame} and {@link #binaryFrame} may be sent to any of them.
 * Otherwise it belongs to one connection, and frames must leave in the order in which
 * they were made.
 */
final class FrameWriter {

	/**
	 * The writer of every connection of a server without compression.
	 */
	static final FrameWriter PLAIN = new FrameWriter(null);

	private static final int MAX_16 = 0xFFFF;

	private final @Nullable MessageDeflater deflater;

	private final @Nullable IntSupplier keys;

	private FrameWriter(@Nullable MessageDeflater deflater, @Nullable IntSupplier keys) {
		this.deflater = deflater;
		this.keys = keys;
	}

	/**
	 * Make a server's writer.
	 * @param deflater compresses messages; {@code null} for none
	 */
	FrameWriter(@Nullable MessageDeflater deflater) {
		this(deflater, null);
	}

	/**
	 * Make a writer that masks with random keys. They are not unpredictable enough for a
	 * browser, which runs foreign scripts (RFC 6455 section 10.3).
	 * @param deflater compresses messages; {@code null} for none
	 * @return a client's writer
	 */
	static FrameWriter client(@Nullable MessageDeflater deflater) {
		return client(deflater, () -> ThreadLocalRandom.current().nextInt());
	}

	static FrameWriter client(@Nullable MessageDeflater deflater, IntSupplier keys) {
		return new FrameWriter(deflater, keys);
	}

	/**
	 * Whether frames may be sent to several connections: they are not masked and do not
	 * depend on the messages before them.
	 * @return whether frames can be shared
	 */
	boolean sharesFrames() {
		return this.keys == null && (this.deflater == null || !this.deflater.isContextTakenOver());
	}

	void text(byte[] utf8, ByteSink sink) {
		message(Opcodes.TEXT, utf8, sink);
	}

	void binary(byte[] data, ByteSink sink) {
		message(Opcodes.BINARY, data, sink);
	}

	/**
	 * Write a fragment of a message, never compressed. All of a message's bytes that have
	 * to be UTF-8 are so together: a fragment may end within a character.
	 * @param opcode {@link Opcodes#TEXT} or {@link Opcodes#BINARY} for the first one,
	 * else {@link Opcodes#CONTINUATION}
	 * @param last whether it is the message's last one
	 * @param data the bytes
	 * @param sink where to write
	 */
	void fragment(int opcode, boolean last, byte[] data, ByteSink sink) {
		frame(last ? Opcodes.FIN | opcode : opcode, data, sink);
	}

	void ping(byte[] payload, ByteSink sink) {
		control(Opcodes.PING, payload, sink);
	}

	void pong(byte[] payload, ByteSink sink) {
		control(Opcodes.PONG, payload, sink);
	}

	/**
	 * Write a close frame.
	 * @param code a code that may be on the wire, or 1005 for a frame without one
	 * @param reason the reason, cut to 123 bytes
	 * @param sink where to write
	 */
	void close(int code, String reason, ByteSink sink) {
		control(Opcodes.CLOSE, CloseCodes.payload(code, reason), sink);
	}

	/**
	 * Make a text message's frame, in an array of just its size.
	 * @param utf8 the message
	 * @return the frame
	 */
	byte[] textFrame(byte[] utf8) {
		return messageFrame(Opcodes.TEXT, utf8);
	}

	/**
	 * Make a binary message's frame, in an array of just its size.
	 * @param data the message
	 * @return the frame
	 */
	byte[] binaryFrame(byte[] data) {
		return messageFrame(Opcodes.BINARY, data);
	}

	/**
	 * Give back what the deflater holds for this connection. Has to be called when the
	 * connection ends, after the last frame, unless the writer {@link #sharesFrames()}:
	 * then it does nothing.
	 */
	void release() {
		if (this.deflater != null) {
			this.deflater.close();
		}
	}

	private void control(int opcode, byte[] payload, ByteSink sink) {
		if (payload.length > Opcodes.MAX_SHORT) {
			throw new IllegalArgumentException("length: " + payload.length + " (expected: <= 125)");
		}
		frame(Opcodes.FIN | opcode, payload, sink);
	}

	private void message(int opcode, byte[] data, ByteSink sink) {
		byte[] compressed = compress(data);
		if (compressed != null) {
			frame(Opcodes.FIN | Opcodes.RSV1 | opcode, compressed, sink);
		}
		else {
			frame(Opcodes.FIN | opcode, data, sink);
		}
	}

	private byte[] messageFrame(int opcode, byte[] data) {
		byte[] compressed = compress(data);
		return (compressed != null) ? frame(Opcodes.FIN | Opcodes.RSV1 | opcode, compressed)
				: frame(Opcodes.FIN | opcode, data);
	}

	private byte @Nullable [] compress(byte[] data) {
		return (this.deflater != null) ? this.deflater.deflate(data) : null;
	}

	private byte[] frame(int first, byte[] payload) {
		byte[] frame = new byte[size(payload.length)];
		put(first, payload, frame, 0);
		return frame;
	}

	private void frame(int first, byte[] payload, ByteSink sink) {
		int start = sink.extend(size(payload.length));
		put(first, payload, sink.array(), start);
	}

	private int size(int length) {
		int header = (length <= Opcodes.MAX_SHORT) ? 2 : (length <= MAX_16) ? 4 : 10;
		return Math.addExact(length, (this.keys != null) ? header + Integer.BYTES : header);
	}

	private void put(int first, byte[] payload, byte[] target, int start) {
		target[start] = (byte) first;
		int at = putLength(payload.length, target, start + 1);
		int key = 0;
		if (this.keys != null) {
			target[start + 1] |= (byte) Opcodes.MASKED;
			key = this.keys.getAsInt();
			at = putKey(key, target, at);
		}
		FrameMask.copy(payload, 0, target, at, payload.length, key);
	}

	private static int putLength(int length, byte[] target, int at) {
		if (length <= Opcodes.MAX_SHORT) {
			target[at] = (byte) length;
			return at + 1;
		}
		boolean wide = length > MAX_16;
		target[at] = (byte) (wide ? Opcodes.LENGTH_64 : Opcodes.LENGTH_16);
		return putBigEndian(length, wide ? Long.BYTES : Short.BYTES, target, at + 1);
	}

	private static int putBigEndian(long value, int size, byte[] target, int at) {
		for (int i = 0; i < size; i++) {
			target[at + i] = (byte) (value >>> (Byte.SIZE * (size - 1 - i)));
		}
		return at + size;
	}

	private static int putKey(int key, byte[] target, int at) {
		for (int i = 0; i < Integer.BYTES; i++) {
			target[at + i] = (byte) (key >>> (Byte.SIZE * i));
		}
		return at + Integer.BYTES;
	}

}
