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
 * Puts one message after the other together from its frames (RFC 6455 section 5.4 and
 * 8.1). Checks the order of fragments, the message limit before a byte is stored, and
 * UTF-8 as the bytes come in, or after inflating if the message is compressed.
 */
final class MessageAssembler {

	/**
	 * The most that is allocated because a header announces it: a peer could let many
	 * connections wait for what never comes. Beyond, the array grows with the bytes that
	 * have really come.
	 */
	private static final int MAX_TRUST = 2 * 1024;

	/**
	 * The most fragments of a message. Autobahn sends 65,536.
	 */
	static final int MAX_FRAGMENTS = 128 * 1024;

	private static final int NO_MESSAGE = 0;

	private volatile int limit;

	private final @Nullable MessageInflater inflater;

	private final ByteSink data = new ByteSink();

	private int opcode = NO_MESSAGE;

	private boolean compressed;

	private int utf8 = Utf8.COMPLETE;

	private int fragments;

	private int ceiling;

	MessageAssembler(int limit, @Nullable MessageInflater inflater) {
		this.limit = limit;
		this.inflater = inflater;
	}

	void limit(int limit) {
		this.limit = limit;
	}

	/**
	 * Begin a data frame.
	 * @param header its header
	 * @param available how many bytes of the input are at hand behind the header
	 * @throws WebSocketProtocolException if the frame must not come now, or if the
	 * message would be too big
	 */
	void begin(FrameHeader header, int available) throws WebSocketProtocolException {
		if (header.opcode() != Opcodes.CONTINUATION) {
			beginMessage(header);
		}
		else if (this.opcode == NO_MESSAGE) {
			throw WebSocketProtocolException.protocolError("Continuation of nothing", "opcode: 0 (expected: 1, 2)");
		}
		checkSize(header.length());
		int length = (int) header.length();
		this.ceiling = header.isLast() ? this.data.length() + length : mostBytes();
		this.data.ensureRoom(Math.min(length, Math.max(available, MAX_TRUST)), this.ceiling);
	}

	private void beginMessage(FrameHeader header) throws WebSocketProtocolException {
		if (this.opcode != NO_MESSAGE) {
			throw WebSocketProtocolException.protocolError("Message within a message",
					"opcode: " + header.opcode() + " (expected: 0)");
		}
		this.opcode = header.opcode();
		this.compressed = header.isCompressed();
		this.fragments = 0;
	}

	private void checkSize(long length) throws WebSocketProtocolException {
		int most = mostBytes();
		if (length > most - this.data.length()) {
			throw WebSocketProtocolException.tooBig("message too big",
					"size: " + this.data.length() + " + " + length + " (expected: <= " + most + ")");
		}
		if (++this.fragments > MAX_FRAGMENTS) {
			throw WebSocketProtocolException.tooBig("Too many fragments",
					"fragments: " + this.fragments + " (expected: <= " + MAX_FRAGMENTS + ")");
		}
	}

	// What does not compress grows by a few bytes for each stored block.
	private int mostBytes() {
		long most = this.compressed ? this.limit * 1025L / 1024 + 64 : this.limit;
		return (int) Math.min(most, ByteSink.MAX_CAPACITY);
	}

	/**
	 * Append some bytes of the frame's payload.
	 * @param buffer the array
	 * @param from where they start
	 * @param count how many, at most as many as the frame still lacks
	 * @param key the masking key at the first of them
	 * @return the masking key after the last of them
	 * @throws WebSocketProtocolException if a byte is not UTF-8 in a text message
	 */
	int append(byte[] buffer, int from, int count, int key) throws WebSocketProtocolException {
		this.data.ensureRoom(count, this.ceiling);
		int start = this.data.extend(count);
		int nextKey = FrameMask.copy(buffer, from, this.data.array(), start, count, key);
		if (this.opcode == Opcodes.TEXT && !this.compressed) {
			this.utf8 = Utf8.validate(this.utf8, this.data.array(), start, start + count);
			checkUtf8(this.utf8 != Utf8.INVALID);
		}
		return nextKey;
	}

	/**
	 * End the message, and hand it over.
	 * @param handler where to
	 * @return whether the handler lets the reader go on
	 * @throws WebSocketProtocolException if a text ends within a character, or if a
	 * compressed message is broken or too big
	 */
	boolean deliver(FrameHandler handler) throws WebSocketProtocolException {
		boolean text = this.opcode == Opcodes.TEXT;
		byte[] message = message(text);
		checkUtf8(!text || this.utf8 == Utf8.COMPLETE);
		this.opcode = NO_MESSAGE;
		return text ? handler.onText(message) : handler.onBinary(message);
	}

	private byte[] message(boolean text) throws WebSocketProtocolException {
		if (!this.compressed || this.inflater == null) {
			return this.data.take();
		}
		byte[] message = this.inflater.inflate(this.data.array(), this.data.length(), this.limit);
		this.data.release();
		this.utf8 = text ? Utf8.validate(Utf8.COMPLETE, message, 0, message.length) : Utf8.COMPLETE;
		return message;
	}

	private static void checkUtf8(boolean valid) throws WebSocketProtocolException {
		if (!valid) {
			throw WebSocketProtocolException.badData("Invalid UTF-8");
		}
	}

	boolean isEmpty() {
		return this.opcode == NO_MESSAGE;
	}

	int heldBytes() {
		return this.data.capacity();
	}

	/**
	 * Give up the message and the connection's inflater.
	 */
	void discard() {
		if (this.inflater != null) {
			this.inflater.close();
		}
		this.data.release();
		this.opcode = NO_MESSAGE;
	}

}
