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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

/**
 * Makes raw frames, right and wrong ones, without the code under test.
 */
final class Frames {

	/**
	 * The key of the examples in RFC 6455 section 5.7.
	 */
	static final byte[] KEY = { 0x37, (byte) 0xFA, 0x21, 0x3D };

	static final int FIN_TEXT = 0x81;

	static final int FIN_BINARY = 0x82;

	static final int FIN_CONTINUATION = 0x80;

	static final int FIN_CLOSE = 0x88;

	static final int FIN_PING = 0x89;

	static final int FIN_PONG = 0x8A;

	static final int TEXT = 0x01;

	static final int BINARY = 0x02;

	static final int CONTINUATION = 0x00;

	private Frames() {
	}

	static byte[] hex(String bytes) {
		return HexFormat.of().parseHex(bytes.replace(" ", ""));
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static byte[] masked(int first, String payload) {
		return masked(first, utf8(payload));
	}

	static byte[] masked(int first, byte[] payload) {
		return masked(first, payload, KEY);
	}

	static byte[] masked(int first, byte[] payload, byte[] key) {
		return join(header(first, 0x80, payload.length), key, xor(payload, key));
	}

	static byte[] plain(int first, String payload) {
		return plain(first, utf8(payload));
	}

	static byte[] plain(int first, byte[] payload) {
		return join(header(first, 0, payload.length), payload);
	}

	/**
	 * A masked frame's header whose payload does not follow.
	 */
	static byte[] maskedHeader(int first, long length) {
		return join(header(first, 0x80, length), KEY);
	}

	static byte[] header(int first, int mask, long length) {
		if (length < 126) {
			return bytes(first, mask | (int) length);
		}
		if (length < 65536) {
			return join(bytes(first, mask | 126), ByteBuffer.allocate(2).putShort((short) length).array());
		}
		return join(bytes(first, mask | 127), ByteBuffer.allocate(8).putLong(length).array());
	}

	static byte[] close(int code, String reason) {
		return masked(FIN_CLOSE, closePayload(code, utf8(reason)));
	}

	static byte[] closePayload(int code, byte[] reason) {
		return join(bytes(code >> 8, code), reason);
	}

	static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

	static byte[] xor(byte[] payload, byte[] key) {
		byte[] result = new byte[payload.length];
		for (int i = 0; i < payload.length; i++) {
			result[i] = (byte) (payload[i] ^ key[i % 4]);
		}
		return result;
	}

	static byte[] join(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

	static byte[] repeat(byte[] part, int times) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (int i = 0; i < times; i++) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

	/** What cannot be compressed, always the same. */
	static byte[] noise(int length) {
		byte[] noise = new byte[length];
		new Random(length).nextBytes(noise);
		return noise;
	}

	/** Lines of text that can be compressed well. */
	static byte[] lines(int length) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; text.length() < length; i++) {
			text.append("line ").append(i * 7919).append(": ").append(i % 7).append('\n');
		}
		return utf8(text.substring(0, length));
	}

}
