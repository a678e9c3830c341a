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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.springframework.http.HttpHeaders;

/**
 * A handshake written by hand, to say what no client library says.
 */
final class RawHandshake {

	private final int port;

	private final List<String> lines = new ArrayList<>();

	private String requestLine;

	private RawHandshake(int port, String requestLine) {
		this.port = port;
		this.requestLine = requestLine;
	}

	/** A handshake that nothing is wrong with. */
	static RawHandshake to(TestServer server, String path) {
		return plain(server, path).add("Upgrade", "websocket")
			.add("Connection", "Upgrade")
			.add("Sec-WebSocket-Version", "13")
			.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
	}

	/** A request that asks for no upgrade. */
	static RawHandshake plain(TestServer server, String path) {
		return new RawHandshake(server.port(), "GET " + path + " HTTP/1.1").add("Host", "localhost:" + server.port());
	}

	RawHandshake method(String method) {
		this.requestLine = method + this.requestLine.substring(this.requestLine.indexOf(' '));
		return this;
	}

	RawHandshake protocol(String protocol) {
		this.requestLine = this.requestLine.substring(0, this.requestLine.lastIndexOf(' ') + 1) + protocol;
		return this;
	}

	RawHandshake add(String name, String value) {
		this.lines.add(name + ": " + value);
		return this;
	}

	RawHandshake without(String name) {
		this.lines.removeIf((line) -> line.startsWith(name + ":"));
		return this;
	}

	RawHandshake set(String name, String value) {
		return without(name).add(name, value);
	}

	/** Sends it and leaves the connection open. */
	Socket open() {
		try {
			Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port);
			socket.setSoTimeout(30_000);
			String head = this.requestLine + "\r\n" + String.join("\r\n", this.lines) + "\r\n\r\n";
			socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Sends it, reads the head of the answer and drops the connection. */
	Answer send() {
		try (Socket socket = open()) {
			return Answer.read(socket);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Answer(int status, HttpHeaders headers, String body) {

		static Answer read(Socket socket) throws IOException {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
			int status = Integer.parseInt(reader.readLine().split(" ")[1]);
			HttpHeaders headers = new HttpHeaders();
			for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
				headers.add(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).trim());
			}
			StringBuilder body = new StringBuilder();
			if ("chunked".equals(headers.getFirst("Transfer-Encoding"))) {
				for (int size = chunk(reader); size > 0; size = chunk(reader)) {
					append(reader, size, body);
					reader.readLine();
				}
			}
			else {
				append(reader, headers.getContentLength(), body);
			}
			return new Answer(status, headers, body.toString());
		}

		private static int chunk(BufferedReader reader) throws IOException {
			return Integer.parseInt(reader.readLine(), 16);
		}

		private static void append(BufferedReader reader, long length, StringBuilder body) throws IOException {
			for (long i = 0; i < length; i++) {
				body.append((char) reader.read());
			}
		}

	}

}
