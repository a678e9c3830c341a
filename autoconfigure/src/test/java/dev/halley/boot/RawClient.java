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

package dev.halley.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A TCP connection that speaks just as much WebSocket as a test tells it to.
 */
final class RawClient implements AutoCloseable {

	private static final int READ_TIMEOUT = 30_000;

	private final Socket socket;

	RawClient(int port) throws IOException {
		this.socket = new Socket("localhost", port);
		this.socket.setSoTimeout(READ_TIMEOUT);
	}

	/**
	 * Sends a handshake.
	 * @param path the path
	 * @return the head of the answer
	 */
	String handshake(String path) throws IOException {
		write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
			head.write(this.socket.getInputStream().read());
		}
		return head.toString(StandardCharsets.US_ASCII);
	}

	/** Sends bytes, given in hex. */
	void send(String hex) throws IOException {
		write(HexFormat.ofDelimiter(" ").parseHex(hex));
	}

	private void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
	}

	/** Reads so many bytes, or fewer if the stream ends, and returns them in hex. */
	String read(int count) throws IOException {
		InputStream in = this.socket.getInputStream();
		return HexFormat.ofDelimiter(" ").formatHex(in.readNBytes(count));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
