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

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

/**
 * Reads the frames of a WebSocket.
 */
final class WebSocketReader implements LineReader {

	private final DataInputStream input;

	private final Gate gate;

	private final Events events;

	private final ByteArrayOutputStream message = new ByteArrayOutputStream();

	private final @Nullable MessageDeflate deflate;

	private int opcode;

	private boolean compressed;

	WebSocketReader(InputStream input, @Nullable MessageDeflate deflate, Gate gate, Events events) {
		this.deflate = deflate;
		this.input = new DataInputStream(input);
		this.gate = gate;
		this.events = events;
	}

	@Override
	public void read() throws IOException, InterruptedException {
		boolean closed = false;
		while (!closed) {
			this.gate.pass();
			WebSocketFrame frame = WebSocketFrame.read(this.input,
					(this.deflate != null) ? WebSocketFrame.COMPRESSED : 0);
			// One that was on its way when the peer stopped reading is not read
			this.gate.pass();
			closed = take(frame);
		}
	}

	private boolean take(WebSocketFrame frame) throws IOException {
		switch (frame.opcode()) {
			case 0, WebSocketFrame.TEXT, WebSocketFrame.BINARY -> append(frame);
			case WebSocketFrame.CLOSE -> this.events.closed(status(frame.data()), frame.data());
			case WebSocketFrame.PING -> this.events.ping(frame.data());
			case WebSocketFrame.PONG -> this.events.pong(frame.data());
			default -> throw new IOException("opcode: " + frame.opcode());
		}
		return frame.opcode() == WebSocketFrame.CLOSE;
	}

	private void append(WebSocketFrame frame) throws IOException {
		if (frame.opcode() != 0) {
			this.opcode = frame.opcode();
			this.compressed = frame.isCompressed();
		}
		this.message.writeBytes(frame.data());
		if (frame.isLast()) {
			byte[] bytes = inflated(this.message.toByteArray());
			this.message.reset();
			this.events.message((this.opcode == WebSocketFrame.TEXT) ? Payload.text(bytes) : Payload.binary(bytes));
		}
	}

	private byte[] inflated(byte[] bytes) throws IOException {
		if (this.deflate == null || !this.compressed) {
			return bytes;
		}
		byte[] inflated = this.deflate.inflate(bytes);
		this.events.compressed(bytes.length, inflated.length);
		return inflated;
	}

	private static CloseStatus status(byte[] data) {
		if (data.length < 2) {
			return CloseStatus.NO_STATUS_CODE;
		}
		String reason = new String(Arrays.copyOfRange(data, 2, data.length), StandardCharsets.UTF_8);
		return new CloseStatus(ByteBuffer.wrap(data).getShort() & 0xFFFF, reason.isEmpty() ? null : reason);
	}

	/**
	 * What comes in.
	 */
	interface Events {

		void message(Payload payload);

		/** The message that follows came compressed. */
		void compressed(int bytes, int inflated);

		void ping(byte[] data) throws IOException;

		void pong(byte[] data);

		void closed(CloseStatus status, byte[] data) throws IOException;

	}

}
