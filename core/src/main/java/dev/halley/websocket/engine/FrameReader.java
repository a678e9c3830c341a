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
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.halley.CloseStatuses;

/**
 * Reads RFC 6455 frames from bytes that may be cut anywhere, and calls a
 * {@link FrameHandler}:
 * <ul>
 * <li>a message in one frame or in many: a single call when its last byte has come;</li>
 * <li>a control frame, between fragments too: a single call at its place;</li>
 * <li>the peer's close frame: a single call, the last one.</li>
 * </ul>
 * What breaks the protocol throws, once. After that and after the close frame the reader
 * has ended: it takes all further bytes and discards them, as RFC 6455 section 1.4 asks.
 * <p>
 * The input stays the caller's. The reader never changes it and keeps no reference to it,
 * so that connections can share one read buffer for each thread. What {@link #read} does
 * not consume, because the handler stopped it, the caller has to keep (that is, to copy
 * if the buffer is shared) and to give again, before any newer bytes, when there is
 * demand. Without such a stop everything is consumed, a broken-off header too.
 * <p>
 * Not thread-safe: one thread at a time, with a happens-before between two of them. Holds
 * bytes only while a frame or a message has begun, and never more than the message limit
 * and what has really come.
 */
final class FrameReader {

	private static final int CHUNK = 8 * 1024;

	private static final byte[] NOTHING = {};

	private final FrameHandler handler;

	private final FrameHeader header;

	private final MessageAssembler message;

	private byte @Nullable [] control;

	private boolean inFrame;

	private long remaining;

	private int key;

	private boolean goOn = true;

	private boolean ended;

	/**
	 * Make a reader for one connection.
	 * @param role the end that reads: a server's reader insists on masked frames, a
	 * client's on plain ones
	 * @param limit the most bytes of a message, after inflating
	 * @param inflater inflates messages with RSV1; {@code null} if compression was not
	 * negotiated, RSV1 is an error then
	 * @param handler what to call
	 */
	FrameReader(Role role, int limit, @Nullable MessageInflater inflater, FrameHandler handler) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
		}
		this.handler = handler;
		this.header = new FrameHeader(role == Role.SERVER, inflater != null);
		this.message = new MessageAssembler(Math.min(limit, ByteSink.MAX_CAPACITY), inflater);
	}

	/**
	 * Set another limit, which counts from the next frame on.
	 * @param limit the most bytes of a message
	 */
	void limit(int limit) {
		this.message.limit(Math.min(limit, ByteSink.MAX_CAPACITY));
	}

	/**
	 * Read on.
	 * @param buffer the array with the next bytes
	 * @param offset where they start
	 * @param length how many they are
	 * @return how many were consumed: all, unless the handler stopped the reader
	 * @throws WebSocketProtocolException if the peer broke the protocol or a limit
	 */
	int read(byte[] buffer, int offset, int length) throws WebSocketProtocolException {
		Objects.checkFromIndexSize(offset, length, buffer.length);
		int end = offset + length;
		int position = offset;
		this.goOn = true;
		try {
			while (position < end && this.goOn && !this.ended) {
				position = step(buffer, position, end);
			}
		}
		catch (WebSocketProtocolException ex) {
			end();
			throw ex;
		}
		return this.ended ? length : position - offset;
	}

	/**
	 * Read on from a buffer, and advance its position over what was consumed. A buffer
	 * without an accessible array is copied in pieces.
	 * @param input the next bytes
	 * @throws WebSocketProtocolException if the peer broke the protocol or a limit
	 */
	void read(ByteBuffer input) throws WebSocketProtocolException {
		if (input.hasArray()) {
			int consumed = read(input.array(), input.arrayOffset() + input.position(), input.remaining());
			input.position(input.position() + consumed);
		}
		else {
			readCopies(input);
		}
	}

	private void readCopies(ByteBuffer input) throws WebSocketProtocolException {
		byte[] chunk = new byte[Math.min(CHUNK, input.remaining())];
		this.goOn = true;
		while (input.hasRemaining() && this.goOn) {
			int count = Math.min(chunk.length, input.remaining());
			input.get(input.position(), chunk, 0, count);
			input.position(input.position() + read(chunk, 0, count));
		}
	}

	private int step(byte[] buffer, int position, int end) throws WebSocketProtocolException {
		int at = position;
		if (!this.inFrame) {
			at = this.header.read(buffer, at, end);
			if (!this.header.isComplete()) {
				return at;
			}
			begin(end - at);
		}
		int count = (int) Math.min(this.remaining, end - at);
		append(buffer, at, count);
		this.remaining -= count;
		if (this.remaining == 0) {
			this.inFrame = false;
			finish();
		}
		return at + count;
	}

	private void begin(int available) throws WebSocketProtocolException {
		this.inFrame = true;
		this.remaining = this.header.length();
		this.key = this.header.key();
		if (Opcodes.isControl(this.header.opcode())) {
			this.control = (this.remaining > 0) ? new byte[(int) this.remaining] : NOTHING;
		}
		else {
			this.message.begin(this.header, available);
		}
	}

	private void append(byte[] buffer, int from, int count) throws WebSocketProtocolException {
		if (count == 0) {
			return;
		}
		if (this.control == null) {
			this.key = this.message.append(buffer, from, count, this.key);
		}
		else {
			int start = (int) (this.control.length - this.remaining);
			this.key = FrameMask.copy(buffer, from, this.control, start, count, this.key);
		}
	}

	private void finish() throws WebSocketProtocolException {
		byte[] payload = this.control;
		if (payload != null) {
			this.control = null;
			this.goOn = control(payload);
		}
		else if (this.header.isLast()) {
			this.goOn = this.message.deliver(this.handler);
		}
	}

	private boolean control(byte[] payload) throws WebSocketProtocolException {
		return switch (this.header.opcode()) {
			case Opcodes.PING -> this.handler.onPing(payload);
			case Opcodes.PONG -> this.handler.onPong(payload);
			default -> close(payload);
		};
	}

	private boolean close(byte[] payload) throws WebSocketProtocolException {
		int code = closeCode(payload);
		String reason = closeReason(payload);
		end();
		this.handler.onClose(code, reason);
		return false;
	}

	private static int closeCode(byte[] payload) throws WebSocketProtocolException {
		if (payload.length == 0) {
			return CloseCodes.NO_STATUS;
		}
		if (payload.length == 1) {
			throw WebSocketProtocolException.protocolError("Invalid close frame", "length: 1 (expected: 0, >= 2)");
		}
		int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
		if (!CloseStatuses.isSendable(code)) {
			throw WebSocketProtocolException.protocolError("Invalid close code",
					"code: " + code + " (expected: 1000-1003, 1007-1014, 3000-4999)");
		}
		return code;
	}

	private static String closeReason(byte[] payload) throws WebSocketProtocolException {
		if (payload.length <= 2) {
			return "";
		}
		if (Utf8.validate(Utf8.COMPLETE, payload, 2, payload.length) != Utf8.COMPLETE) {
			throw WebSocketProtocolException.badData("Invalid UTF-8 in a close reason");
		}
		return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
	}

	/**
	 * Take no more: discard what is held, give the inflater back, and discard all that
	 * still comes. Has to be called, by the thread that reads or after it, when the
	 * connection ends without a close frame or an exception; more than once does no harm.
	 */
	void end() {
		this.ended = true;
		this.control = null;
		this.message.discard();
	}

	/**
	 * Whether the reader has ended: after the peer's close frame, after an exception, or
	 * by {@link #end()}.
	 * @return whether all further bytes are discarded
	 */
	boolean isEnded() {
		return this.ended;
	}

	/**
	 * Whether no frame and no message has begun, so that no byte is held.
	 * @return whether the reader stands between two messages
	 */
	boolean isIdle() {
		return !this.inFrame && !this.header.isPartial() && this.message.isEmpty();
	}

	/**
	 * How many bytes of payload the reader has room for at the moment: none between two
	 * messages.
	 * @return the sum of its arrays' lengths
	 */
	int heldBytes() {
		return this.message.heldBytes() + ((this.control != null) ? this.control.length : 0);
	}

}
