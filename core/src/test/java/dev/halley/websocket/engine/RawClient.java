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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * A client that sends whatever bytes it is given, and reads frames.
 */
final class RawClient implements AutoCloseable {

	/** What {@link #next} returns when the server has closed the connection. */
	static final String END = "end";

	private final Socket socket;

	private final InputStream in;

	private String head = "";

	RawClient(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setSoTimeout(30_000);
		this.socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(socket.getInputStream());
	}

	static String request(String path, String... headers) {
		StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
				+ "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		return request.append("\r\n").toString();
	}

	RawClient handshake(String path, String... headers) {
		send(Frames.utf8(request(path, headers)));
		return readHead();
	}

	RawClient readHead() {
		try {
			this.head = readAnswer();
			if (!this.head.startsWith("HTTP/1.1 101 ")) {
				throw new IOException("answer: " + this.head + " (expected: 101)");
			}
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The head of an answer that may be any. */
	String refusal() {
		try {
			return readAnswer();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String readAnswer() throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
			head.write(read());
		}
		return head.toString(StandardCharsets.ISO_8859_1);
	}

	String head() {
		return this.head;
	}

	Socket socket() {
		return this.socket;
	}

	RawClient send(byte[]... frames) {
		try {
			this.socket.getOutputStream().write(Frames.join(frames));
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	RawClient text(String text) {
		return send(Frames.masked(Frames.FIN_TEXT, text));
	}

	/**
	 * The next message or control frame as a line, or {@link #END}. A reset is an end
	 * too.
	 */
	String next() {
		try {
			int first = this.in.read();
			if (first < 0) {
				return END;
			}
			byte[] payload = this.in.readNBytes(length());
			while (first == Frames.TEXT || first == Frames.BINARY) {
				int next = read();
				payload = Frames.join(payload, this.in.readNBytes(length()));
				first |= next;
			}
			return describe(first, payload);
		}
		catch (EOFException | SocketException ex) {
			return END;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String describe(int first, byte[] payload) {
		return switch (first) {
			case Frames.FIN_TEXT -> "text " + new String(payload, StandardCharsets.UTF_8);
			case Frames.FIN_BINARY -> "binary " + payload.length;
			case Frames.FIN_PING -> "ping " + new String(payload, StandardCharsets.UTF_8);
			case Frames.FIN_PONG -> "pong " + new String(payload, StandardCharsets.UTF_8);
			case Frames.FIN_CLOSE ->
				"close " + ((payload.length == 0) ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF));
			default -> Integer.toHexString(first) + " " + payload.length;
		};
	}

	private int length() throws IOException {
		int length = read();
		int more = (length == 126) ? 2 : (length == 127) ? 8 : 0;
		if (more > 0) {
			length = 0;
			for (int i = 0; i < more; i++) {
				length = length << 8 | read();
			}
		}
		return length;
	}

	private int read() throws IOException {
		int value = this.in.read();
		if (value < 0) {
			throw new EOFException();
		}
		return value;
	}

	/** Goes without a word, by RST. */
	void vanish() {
		try {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			// Over TLS a close waits for the peer's close_notify, as long as any read
			// does
			if (!this.socket.isClosed()) {
				this.socket.setSoTimeout(100);
			}
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
