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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request and its streaming response as it comes over the wire, down to the chunk.
 */
public final class RawStream implements Closeable {

	private static final int READ_TIMEOUT = 30_000;

	private final Socket socket;

	private final InputStream input;

	private final String statusLine;

	private final HttpHeaders headers = new HttpHeaders();

	/** Whether a chunk was read, but not the line end after it. */
	private boolean inChunk;

	private RawStream(Socket socket, InputStream input) throws IOException {
		this.socket = socket;
		this.input = input;
		this.statusLine = readLine();
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			this.headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
		}
	}

	public static RawStream get(int port, String path, String... headers) throws IOException {
		return request(port, "GET " + path + " HTTP/1.1", headers);
	}

	public static RawStream request(int port, String requestLine, String... headers) throws IOException {
		return of(send(port, requestLine, 0, headers));
	}

	/** A request with a body. */
	public static RawStream post(int port, String path, String type, String body, String... headers)
			throws IOException {
		List<String> lines = new ArrayList<>(List.of(headers));
		lines.add("Content-Type: " + type);
		lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
		Socket socket = send(port, "POST " + path + " HTTP/1.1", 0, lines.toArray(String[]::new));
		socket.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
		return of(socket);
	}

	private static RawStream of(Socket socket) throws IOException {
		return new RawStream(socket, new BufferedInputStream(socket.getInputStream()));
	}

	/** Sends a request; a receive buffer of 0 is the system's. */
	public static Socket send(int port, String requestLine, int receiveBuffer, String... headers) throws IOException {
		Socket socket = new Socket();
		if (receiveBuffer > 0) {
			socket.setReceiveBufferSize(receiveBuffer);
		}
		socket.setSoTimeout(READ_TIMEOUT);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		List<String> lines = new ArrayList<>(List.of(requestLine, "Host: localhost:" + port));
		lines.addAll(List.of(headers));
		socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
		return socket;
	}

	public int status() {
		return Integer.parseInt(this.statusLine.split(" ")[1]);
	}

	public HttpHeaders headers() {
		return this.headers;
	}

	/** The next chunk; an empty one is the end. Its line end may come with the next. */
	public String chunk() throws IOException {
		endChunk();
		int size = Integer.parseInt(readLine(), 16);
		String chunk = new String(this.input.readNBytes(size), StandardCharsets.UTF_8);
		this.inChunk = true;
		if (size == 0) {
			endChunk();
		}
		return chunk;
	}

	private void endChunk() throws IOException {
		if (this.inChunk) {
			this.inChunk = false;
			assertThat(readLine()).isEmpty();
		}
	}

	/** All of the body up to the end. */
	public String body() throws IOException {
		return String.join("", chunks());
	}

	/** All chunks up to the end, which is in good order. */
	public List<String> chunks() throws IOException {
		List<String> chunks = new ArrayList<>();
		for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
			chunks.add(chunk);
		}
		return chunks;
	}

	/** Chunks until they contain a text. */
	public String until(String text) throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			read.append(chunk());
		}
		return read.toString();
	}

	/** Another request on the same connection, once this response has ended. */
	public RawStream again(String path, String accept) throws IOException {
		String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n";
		this.socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
		return new RawStream(this.socket, this.input);
	}

	/** All that comes until the peer closes. */
	public String rest() throws IOException {
		String rest = new String(this.input.readAllBytes(), StandardCharsets.UTF_8);
		return (this.inChunk && rest.startsWith("\r\n")) ? rest.substring(2) : rest;
	}

	private String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
			if (next < 0) {
				throw new IOException("end of stream (expected: a line), after: " + line);
			}
			line.write(next);
		}
		return line.toString(StandardCharsets.ISO_8859_1).strip();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
