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

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A slow reader as an oracle: looks at all of the input at once, goes from frame to frame
 * as RFC 6455 describes them, and shares no code with the reader under test. Gives the
 * same lines as {@link RecordingHandler}.
 */
final class ModelReader {

	private final boolean compression;

	private final int limit;

	private final byte[] input;

	private final List<String> events = new ArrayList<>();

	private int at;

	private int type;

	private boolean compressed;

	private byte[] message = {};

	private boolean over;

	private ModelReader(byte[] input, int limit, boolean compression) {
		this.input = input;
		this.limit = limit;
		this.compression = compression;
	}

	static List<String> read(byte[] input, int limit, boolean compression) {
		ModelReader reader = new ModelReader(input, limit, compression);
		while (!reader.over) {
			reader.frame();
		}
		return reader.events;
	}

	private void frame() {
		if (left() < 2) {
			this.over = true;
			return;
		}
		int first = this.input[this.at] & 0xFF;
		int second = this.input[this.at + 1] & 0xFF;
		if (!isStartAllowed(first, second)) {
			fail(1002);
			return;
		}
		int lengthSize = ((second & 0x7F) == 127) ? 8 : ((second & 0x7F) == 126) ? 2 : 0;
		if (left() < 2 + lengthSize + 4) {
			this.over = true;
			return;
		}
		BigInteger length = length(second & 0x7F, lengthSize);
		byte[] key = Arrays.copyOfRange(this.input, this.at + 2 + lengthSize, this.at + 6 + lengthSize);
		this.at += 6 + lengthSize;
		if (!isLengthAllowed(length, lengthSize)) {
			fail(1002);
		}
		else if ((first & 0x08) != 0) {
			control(first & 0x0F, length.intValue(), key);
		}
		else {
			data(first, length, key);
		}
	}

	private boolean isStartAllowed(int first, int second) {
		int opcode = first & 0x0F;
		boolean control = opcode == 8 || opcode == 9 || opcode == 10;
		boolean data = opcode == 1 || opcode == 2;
		boolean reserved = (first & 0x30) != 0 || ((first & 0x40) != 0 && !(this.compression && data));
		boolean controlRules = !control || ((first & 0x80) != 0 && (second & 0x7F) < 126);
		return !reserved && (control || data || opcode == 0) && controlRules && (second & 0x80) != 0;
	}

	private BigInteger length(int code, int size) {
		return (size == 0) ? BigInteger.valueOf(code)
				: new BigInteger(1, Arrays.copyOfRange(this.input, this.at + 2, this.at + 2 + size));
	}

	private static boolean isLengthAllowed(BigInteger length, int size) {
		BigInteger least = BigInteger.valueOf((size == 0) ? 0 : (size == 2) ? 126 : 65536);
		return length.bitLength() <= 63 && length.compareTo(least) >= 0;
	}

	private void control(int opcode, int length, byte[] key) {
		if (left() < length) {
			this.over = true;
			return;
		}
		byte[] payload = payload(length, key);
		if (opcode == 8) {
			close(payload);
		}
		else {
			this.events.add(((opcode == 9) ? "ping " : "pong ") + HexFormat.of().formatHex(payload));
		}
	}

	private void close(byte[] payload) {
		int code = (payload.length == 0) ? 1005
				: (payload.length == 1) ? -1 : new BigInteger(1, Arrays.copyOf(payload, 2)).intValue();
		boolean known = List.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014).contains(code);
		byte[] reason = (payload.length > 2) ? Arrays.copyOfRange(payload, 2, payload.length) : new byte[0];
		if (!known && (code < 3000 || code > 4999) && payload.length != 0) {
			fail(1002);
		}
		else if (ModelUtf8.judge(reason) != ModelUtf8.Verdict.COMPLETE) {
			fail(1007);
		}
		else {
			this.events.add("close " + code + " " + new String(reason, StandardCharsets.UTF_8));
			this.over = true;
		}
	}

	private void data(int first, BigInteger length, byte[] key) {
		boolean continuation = (first & 0x0F) == 0;
		if (continuation == (this.type == 0)) {
			fail(1002);
			return;
		}
		if (!continuation) {
			this.type = first & 0x0F;
			this.compressed = (first & 0x40) != 0;
			this.message = new byte[0];
		}
		int most = this.compressed ? this.limit + this.limit / 1024 + 64 : this.limit;
		if (length.add(BigInteger.valueOf(this.message.length)).compareTo(BigInteger.valueOf(most)) > 0) {
			fail(1009);
			return;
		}
		boolean whole = left() >= length.intValue();
		this.message = Frames.join(this.message, payload(Math.min(left(), length.intValue()), key));
		boolean ends = whole && (first & 0x80) != 0;
		if (isTextBroken(ends)) {
			fail(1007);
		}
		else if (ends) {
			deliver();
		}
		this.over |= !whole;
	}

	private boolean isTextBroken(boolean ends) {
		return this.type == 1 && !this.compressed && isBroken(this.message, ends);
	}

	private static boolean isBroken(byte[] text, boolean ends) {
		ModelUtf8.Verdict verdict = ModelUtf8.judge(text);
		return verdict == ModelUtf8.Verdict.INVALID || (ends && verdict == ModelUtf8.Verdict.INCOMPLETE);
	}

	private void deliver() {
		byte[] whole = this.message;
		if (this.compressed && whole.length > 0) {
			whole = inflate(Frames.join(whole, Frames.hex("00 00 ff ff")));
		}
		if (this.over) {
			return;
		}
		if (this.type == 1 && isBroken(whole, true)) {
			fail(1007);
			return;
		}
		this.events.add((this.type == 1) ? "text " + new String(whole, StandardCharsets.UTF_8)
				: "binary " + HexFormat.of().formatHex(whole));
		this.type = 0;
	}

	private byte[] inflate(byte[] payload) {
		byte[] inflated = new byte[this.limit + 1];
		int size = 0;
		int from = 0;
		while (from < payload.length) {
			Inflater inflater = new Inflater(true);
			inflater.setInput(payload, from, payload.length - from);
			try {
				for (int n = 1; n > 0; size += n) {
					n = inflater.inflate(inflated, size, inflated.length - size);
				}
				from = payload.length - (inflater.finished() ? inflater.getRemaining() : 0);
			}
			catch (DataFormatException ex) {
				fail(1007);
				return inflated;
			}
			finally {
				inflater.end();
			}
			if (size > this.limit) {
				fail(1009);
				return inflated;
			}
		}
		return Arrays.copyOf(inflated, size);
	}

	private byte[] payload(int length, byte[] key) {
		byte[] payload = Frames.xor(Arrays.copyOfRange(this.input, this.at, this.at + length), key);
		this.at += length;
		return payload;
	}

	private int left() {
		return this.input.length - this.at;
	}

	private void fail(int code) {
		this.events.add("error " + code);
		this.over = true;
	}

}
