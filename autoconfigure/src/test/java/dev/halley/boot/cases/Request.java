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

package dev.halley.boot.cases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A handshake to be, of which everything can be made wrong.
 */
final class Request {

	private static final int READ_TIMEOUT = CaseTests.PATIENCE_SECONDS * 1000;

	private final int port;

	private final List<String> lines = new ArrayList<>();

	private String requestLine;

	private int receiveBuffer;

	private Request(int port, String path) {
		this.port = port;
		this.requestLine = "GET " + path + " HTTP/1.1";
	}

	/** A handshake that nothing is wrong with. */
	static Request handshake(int port, String path) {
		return plain(port, path).header("Upgrade", "websocket")
			.header("Connection", "Upgrade")
			.header("Sec-WebSocket-Version", "13")
			.header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
	}

	/** A request that asks for no upgrade. */
	static Request plain(int port, String path) {
		return new Request(port, path).header("Host", "localhost:" + port);
	}

	Request method(String method) {
		this.requestLine = method + this.requestLine.substring(this.requestLine.indexOf(' '));
		return this;
	}

	Request header(String name, String value) {
		this.lines.add(name + ": " + value);
		return this;
	}

	Request without(String name) {
		this.lines.removeIf((line) -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"));
		return this;
	}

	Request with(String name, String value) {
		return without(name).header(name, value);
	}

	/** Makes the kernel take little for a peer that does not read. */
	Request receiveBuffer(int size) {
		this.receiveBuffer = size;
		return this;
	}

	/** Sends it, with frames right behind it in the same segment. */
	Peer send(Frame... frames) throws IOException {
		Socket socket = new Socket();
		if (this.receiveBuffer > 0) {
			socket.setReceiveBufferSize(this.receiveBuffer);
		}
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		return send(socket, frames);
	}

	/** Sends it and resets the connection, whether there is an answer or not. */
	void sendAndVanish() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoLinger(true, 0);
			socket.getOutputStream().write(bytes());
		}
	}

	/** Sends it over a connection that is there. */
	Peer send(Socket socket, Frame... frames) throws IOException {
		socket.setSoTimeout(READ_TIMEOUT);
		socket.setTcpNoDelay(true);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(bytes());
		bytes.writeBytes(Frame.masked(frames));
		socket.getOutputStream().write(bytes.toByteArray());
		return new Peer(socket);
	}

	private byte[] bytes() {
		return (this.requestLine + "\r\n" + String.join("\r\n", this.lines) + "\r\n\r\n")
			.getBytes(StandardCharsets.ISO_8859_1);
	}

}
