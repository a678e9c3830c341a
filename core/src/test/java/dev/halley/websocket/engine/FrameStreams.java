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

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;

/**
 * Makes random streams of a client's frames from a seed: mostly right ones, with rare
 * faults, and with bytes changed afterwards if asked for.
 */
final class FrameStreams {

	private static final int[] LENGTHS = { 0, 1, 2, 3, 5, 8, 13, 60, 124, 125, 126, 127, 130, 255, 256, 300 };

	private static final int[] CODES = { 1000, 1001, 1003, 1011, 3000, 4999, 1005, 1006, 2999, 5000, 0 };

	private static final int[] EDGES = { 0x00, 0x7F, 0x80, 0x81, 0x82, 0x88, 0x89, 0xC1, 0xFE, 0xFF };

	private final Random random;

	private final boolean compression;

	private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

	private FrameStreams(long seed, boolean compression) {
		this.random = new Random(seed);
		this.compression = compression;
	}

	/**
	 * A stream of frames.
	 */
	static byte[] frames(long seed, boolean compression) {
		return new FrameStreams(seed, compression).build();
	}

	/**
	 * A stream of frames in which some bytes are changed, left out, put in or repeated.
	 */
	static byte[] mutated(long seed, boolean compression) {
		FrameStreams streams = new FrameStreams(seed, compression);
		byte[] frames = streams.build();
		int changes = 1 + streams.random.nextInt(4);
		for (int i = 0; i < changes && frames.length > 0; i++) {
			frames = streams.mutate(frames);
		}
		return frames;
	}

	/**
	 * Bytes without any sense.
	 */
	static byte[] noise(long seed) {
		Random random = new Random(seed);
		byte[] noise = new byte[random.nextInt(60)];
		random.nextBytes(noise);
		if (noise.length > 1) {
			noise[0] = (byte) EDGES[random.nextInt(EDGES.length)];
			noise[1] |= (byte) 0x80;
		}
		return noise;
	}

	private byte[] build() {
		int messages = 1 + this.random.nextInt(6);
		for (int i = 0; i < messages; i++) {
			maybeControl();
			message();
		}
		if (this.random.nextInt(3) == 0) {
			close();
		}
		return this.stream.toByteArray();
	}

	private void message() {
		boolean text = this.random.nextBoolean();
		byte[] content = text ? text() : bytes();
		boolean compressed = this.compression && this.random.nextBoolean();
		byte[] payload = compressed ? deflate(content) : content;
		int first = (text ? 1 : 2) | (compressed ? 0x40 : 0);
		int from = 0;
		while (this.random.nextInt(3) == 0) {
			int to = from + this.random.nextInt(payload.length - from + 1);
			frame(first, Arrays.copyOfRange(payload, from, to));
			maybeControl();
			first = 0;
			from = to;
		}
		frame(first | 0x80, Arrays.copyOfRange(payload, from, payload.length));
	}

	private void maybeControl() {
		if (this.random.nextInt(4) == 0) {
			byte[] payload = new byte[this.random.nextInt(6) * 25];
			this.random.nextBytes(payload);
			frame(this.random.nextBoolean() ? 0x89 : 0x8A, payload);
		}
	}

	private void close() {
		byte[] reason = (this.random.nextInt(4) == 0) ? bytes() : Frames.utf8("réason €");
		byte[] payload = Frames.closePayload(CODES[this.random.nextInt(CODES.length)], reason);
		frame(0x88, Arrays.copyOf(payload, Math.min(payload.length, this.random.nextInt(126))));
		maybeControl();
	}

	private void frame(int first, byte[] payload) {
		byte[] key = new byte[4];
		this.random.nextBytes(key);
		int broken = this.random.nextInt(200);
		this.stream.writeBytes(switch (broken) {
			case 0 -> Frames.plain(first, payload);
			case 1 -> Frames.masked(first ^ 1 << this.random.nextInt(8), payload, key);
			case 2 -> Frames.join(Frames.maskedHeader(first, this.random.nextLong() >>> this.random.nextInt(64)), key);
			case 3 -> Frames.join(Frames.bytes(first, 0xFE, payload.length >> 8, payload.length), key,
					Frames.xor(payload, key));
			default -> Frames.masked(first, payload, key);
		});
	}

	private byte[] text() {
		StringBuilder text = new StringBuilder();
		int length = length();
		int highest = new int[] { 0x7F, 0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT }[this.random.nextInt(5)];
		while (text.length() < length) {
			text.appendCodePoint(this.random.nextInt(highest + 1));
		}
		byte[] bytes = Frames.utf8(text.toString());
		if (bytes.length > 0 && this.random.nextInt(12) == 0) {
			bytes[this.random.nextInt(bytes.length)] = (byte) this.random.nextInt();
		}
		return bytes;
	}

	private byte[] bytes() {
		byte[] bytes = new byte[length()];
		if (this.random.nextBoolean()) {
			this.random.nextBytes(bytes);
		}
		return bytes;
	}

	private int length() {
		return (this.random.nextInt(150) == 0) ? 65_530 + this.random.nextInt(12)
				: LENGTHS[this.random.nextInt(LENGTHS.length)];
	}

	private byte[] deflate(byte[] content) {
		Deflater deflater = new Deflater(this.random.nextInt(10), true);
		deflater.setInput(content);
		byte[] out = new byte[content.length * 2 + 100];
		int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
		deflater.end();
		return Arrays.copyOf(out, size - 4);
	}

	private byte[] mutate(byte[] frames) {
		int at = this.random.nextInt(Math.min(frames.length, 1 + this.random.nextInt(400)));
		byte[] head = Arrays.copyOf(frames, at);
		byte[] tail = Arrays.copyOfRange(frames, at, frames.length);
		return switch (this.random.nextInt(5)) {
			case 0 -> Frames.join(head, Arrays.copyOfRange(tail, Math.min(tail.length, 1), tail.length));
			case 1 -> Frames.join(head, Frames.bytes(EDGES[this.random.nextInt(EDGES.length)]), tail);
			case 2 -> Frames.join(head, Arrays.copyOf(tail, this.random.nextInt(tail.length)), tail);
			case 3 -> head;
			default -> {
				tail[0] ^= (byte) (1 << this.random.nextInt(8));
				yield Frames.join(head, tail);
			}
		};
	}

}
