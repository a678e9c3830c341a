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

package dev.halley.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Reads short text frames from a raw socket.
 */
final class TextFrames {

	private TextFrames() {
	}

	/** Sends a handshake that is accepted and returns the first text. */
	static String first(RawHandshake handshake) throws IOException {
		try (Socket socket = handshake.open()) {
			InputStream in = socket.getInputStream();
			ByteArrayOutputStream head = new ByteArrayOutputStream();
			while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
				head.write(in.read());
			}
			int first = in.read();
			int length = in.read();
			if (first != 0x81 || length > 125) {
				throw new IOException("frame: " + first + ", " + length + " after " + head);
			}
			return new String(in.readNBytes(length), StandardCharsets.UTF_8);
		}
	}

}
