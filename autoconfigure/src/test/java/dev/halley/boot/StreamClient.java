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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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
 * A request and its streaming response, down to the chunk.
 */
final class StreamClient implements AutoCloseable {

	private static final int READ_TIMEOUT = 30_000;

	private final Socket socket;

	private final InputStream input;

	private final String statusLine;

	private final HttpHeaders headers = new HttpHeaders();

	private boolean chunked;

	private StreamClient(Socket socket) throws IOException {
		this.socket = socket;
		this.input = new BufferedInputStream(socket.getInputStream());
		this.statusLine = readLine();
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			this.headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
		}
	}

	static StreamClient get(int port, String path, String... headers) throws IOException {
		return request(port, "GET " + path + " HTTP/1.1", headers);
	}

	static StreamClient request(int port, String requestLine, String... headers) throws IOException {
		return new StreamClient(send(port, requestLine, 0, headers));
	}

	/** A request with a body. */
	static StreamClient post(int port, String path, String type, String body, String... headers) throws IOException {
		List<String> all = new ArrayList<>(List.of(headers));
		all.add("Content-Type: " + type);
		all.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
		Socket socket = send(port, "POST " + path + " HTTP/1.1", 0, all.toArray(String[]::new));
		socket.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
		return new StreamClient(socket);
	}

	/** Sends a request; a receive buffer of 0 is the system's. */
	static Socket send(int port, String requestLine, int receiveBuffer, String... headers) throws IOException {
		Socket socket = new Socket();
		if (receiveBuffer > 0) {
			socket.setReceiveBufferSize(receiveBuffer);
		}
		socket.setSoTimeout(READ_TIMEOUT);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		StringBuilder request = new StringBuilder(requestLine).append("\r\nHost: localhost:").append(port);
		for (String header : headers) {
			request.append("\r\n").append(header);
		}
		socket.getOutputStream().write(request.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
		return socket;
	}

	int status() {
		return Integer.parseInt(this.statusLine.split(" ")[1]);
	}

	HttpHeaders headers() {
		return this.headers;
	}

	/** The next chunk; an empty one is the end. Its line end may come with the next. */
	String chunk() throws IOException {
		if (this.chunked) {
			assertThat(readLine()).isEmpty();
		}
		this.chunked = true;
		int size = Integer.parseInt(readLine(), 16);
		return new String(this.input.readNBytes(size), StandardCharsets.UTF_8);
	}

	/** All chunks up to the end, which is in good order. */
	List<String> chunks() throws IOException {
		List<String> chunks = new ArrayList<>();
		for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
			chunks.add(chunk);
		}
		return chunks;
	}

	/** Chunks until they contain a text. */
	String until(String text) throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			read.append(chunk());
		}
		return read.toString();
	}

	/** All that comes until the peer closes. */
	String rest() throws IOException {
		return new String(this.input.readAllBytes(), StandardCharsets.UTF_8);
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
