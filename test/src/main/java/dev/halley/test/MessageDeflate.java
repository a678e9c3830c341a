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
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What a client has agreed on with its server about permessage-deflate (RFC 7692). One
 * thread compresses, and one decompresses.
 */
final class MessageDeflate {

	static final String NAME = "permessage-deflate";

	/** What each compressed message ends with, and what is left out of it. */
	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final byte[] EMPTY = { 0 };

	private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

	private final Inflater inflater = new Inflater(true);

	private final boolean forgetting;

	/**
	 * Creates what an answer asks for.
	 * @param answer the extension and its parameters, as the server names them
	 */
	MessageDeflate(String answer) {
		this.forgetting = answer.toLowerCase(Locale.ROOT).contains("client_no_context_takeover");
	}

	/** Returns a message as it goes over the wire. */
	byte[] deflate(byte[] message) {
		if (message.length == 0) {
			return EMPTY;
		}
		if (this.forgetting) {
			this.deflater.reset();
		}
		this.deflater.setInput(message);
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		byte[] part = new byte[1024];
		for (int count = part.length; count == part.length;) {
			count = this.deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
			compressed.write(part, 0, count);
		}
		byte[] bytes = compressed.toByteArray();
		return Arrays.copyOf(bytes, bytes.length - TAIL.length);
	}

	/** Returns a message as it was before it was compressed. */
	byte[] inflate(byte[] compressed) throws IOException {
		byte[] input = Arrays.copyOf(compressed, compressed.length + TAIL.length);
		System.arraycopy(TAIL, 0, input, compressed.length, TAIL.length);
		this.inflater.setInput(input);
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		byte[] part = new byte[1024];
		try {
			for (int count = this.inflater.inflate(part); count > 0; count = this.inflater.inflate(part)) {
				message.write(part, 0, count);
			}
			return message.toByteArray();
		}
		catch (DataFormatException ex) {
			throw new IOException("message: not compressed as permessage-deflate says", ex);
		}
	}

}
