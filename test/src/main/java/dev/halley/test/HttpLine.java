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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A TCP connection on which one request of HTTP/1.1 is sent, and what is answered. Its
 * buffer is small, so that who stops reading is noticed soon.
 */
final class HttpLine implements AutoCloseable {

	private static final int RECEIVE_BUFFER = 16 * 1024;

	private static final int LONGEST_HEAD = 64 * 1024;

	private static final int LONGEST_BODY = 1024 * 1024;

	private final Socket socket;

	private final InputStream input;

	private final int status;

	private final HttpHeaders headers = new HttpHeaders();

	private HttpLine(Socket socket, InputStream input) throws IOException {
		this.socket = socket;
		this.input = input;
		String[] statusLine = readLine().split(" ", 3);
		if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.")) {
			throw new IOException("status line: " + String.join(" ", statusLine) + " (expected: HTTP/1.1)");
		}
		this.status = Integer.parseInt(statusLine[1]);
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			this.headers.add(line.substring(0, Math.max(0, colon)), line.substring(colon + 1).strip());
		}
	}

	/**
	 * Sends a request, and waits for the head of its answer.
	 * @param uri what to ask for; {@code ws} is {@code http}
	 * @param headers what to send, besides {@code Host} and {@code Content-Length}
	 * @param body what to POST, or {@code null} to GET
	 * @param ssl what trusts the server, or {@code null} for what the JDK trusts
	 * @param timeout the most time for each step
	 */
	static HttpLine open(URI uri, HttpHeaders headers, byte @Nullable [] body, @Nullable SSLContext ssl,
			Duration timeout) throws IOException {
		Socket socket = connect(uri, ssl, timeout);
		try {
			socket.getOutputStream().write(request(uri, headers, body));
			return new HttpLine(socket, new BufferedInputStream(socket.getInputStream(), 1024));
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	private static Socket connect(URI uri, @Nullable SSLContext ssl, Duration timeout) throws IOException {
		boolean secure = uri.getScheme().equals("https") || uri.getScheme().equals("wss");
		int port = (uri.getPort() >= 0) ? uri.getPort() : (secure ? 443 : 80);
		int millis = Math.toIntExact(Math.max(1, timeout.toMillis()));
		Socket socket = new Socket();
		try {
			socket.setReceiveBufferSize(RECEIVE_BUFFER);
			socket.setTcpNoDelay(true);
			socket.setSoTimeout(millis);
			socket.connect(new InetSocketAddress(uri.getHost(), port), millis);
			return secure ? secure(socket, uri.getHost(), port, ssl) : socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	private static Socket secure(Socket socket, String host, int port, @Nullable SSLContext ssl) throws IOException {
		SSLContext context = (ssl != null) ? ssl : defaultContext();
		SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
		secured.startHandshake();
		return secured;
	}

	private static SSLContext defaultContext() throws IOException {
		try {
			return SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IOException("There is no TLS", ex);
		}
	}

	private static byte[] request(URI uri, HttpHeaders headers, byte @Nullable [] body) {
		String query = (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
		String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
		StringBuilder request = new StringBuilder((body != null) ? "POST " : "GET ").append(path)
			.append(query)
			.append(" HTTP/1.1\r\nHost: ");
		request.append(uri.getRawAuthority()).append("\r\n");
		headers.forEach((name, values) -> values
			.forEach((value) -> request.append(name).append(": ").append(value).append("\r\n")));
		if (body != null) {
			request.append("Content-Length: ").append(body.length).append("\r\n");
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
		bytes.writeBytes((body != null) ? body : new byte[0]);
		return bytes.toByteArray();
	}

	private String readLine() throws IOException {
		return readLine(this.input);
	}

	/** Reads a line of a head or of a chunk. */
	static String readLine(InputStream input) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = input.read(); next != '\n'; next = input.read()) {
			if (next < 0) {
				throw new EOFException("The server has closed the connection");
			}
			if (line.size() == LONGEST_HEAD) {
				throw new IOException("line: more than " + LONGEST_HEAD + " bytes");
			}
			line.write(next);
		}
		return line.toString(StandardCharsets.UTF_8).strip();
	}

	int status() {
		return this.status;
	}

	HttpHeaders headers() {
		return this.headers;
	}

	/** Returns what follows the head, without the form that it is transferred in. */
	InputStream body() {
		boolean chunked = "chunked".equalsIgnoreCase(this.headers.getFirst(HttpHeaders.TRANSFER_ENCODING));
		return chunked ? new ChunkedInput(this.input) : this.input;
	}

	/**
	 * Reads the answer to a request that was refused, and closes. Of a body that does not
	 * end in time, such as a stream's, it has what came.
	 */
	HttpAnswer answer() throws IOException {
		try (this) {
			boolean chunked = this.headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
			long length = chunked ? LONGEST_BODY : Math.min(LONGEST_BODY, this.headers.getContentLength());
			return new HttpAnswer(this.status, this.headers, readText(body(), length));
		}
	}

	private String readText(InputStream body, long length) throws IOException {
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		long start = System.nanoTime();
		long timeout = TimeUnit.MILLISECONDS.toNanos(this.socket.getSoTimeout());
		try {
			byte[] part = new byte[1024];
			for (int count = 0; count >= 0 && System.nanoTime() - start < timeout;) {
				text.write(part, 0, count);
				int wanted = (int) Math.min(part.length, length - text.size());
				count = (wanted > 0) ? body.read(part, 0, wanted) : -1;
			}
		}
		catch (SocketTimeoutException ex) {
			// What came is the answer
		}
		return text.toString(StandardCharsets.UTF_8);
	}

	/** What follows may come at any time. */
	void goLive() throws IOException {
		this.socket.setSoTimeout(0);
	}

	InputStream input() {
		return this.input;
	}

	void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
	}

	/** Cuts the connection, so that the other side learns of it at once. */
	void cut() {
		try {
			this.socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// Closed already
		}
		close();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// Nobody needs it any more
		}
	}

	/**
	 * A body in chunks, whose end is known from an end that is none.
	 */
	private static final class ChunkedInput extends InputStream {

		private final InputStream input;

		private int left;

		private boolean started;

		private boolean ended;

		ChunkedInput(InputStream input) {
			this.input = input;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			if (this.left == 0 && !this.ended) {
				nextChunk();
			}
			if (this.ended) {
				return -1;
			}
			int read = this.input.read(bytes, offset, Math.min(length, this.left));
			if (read < 0) {
				throw new EOFException("The server has closed the connection within a message");
			}
			this.left -= read;
			return read;
		}

		private void nextChunk() throws IOException {
			if (this.started) {
				readLine(this.input);
			}
			this.started = true;
			this.left = Integer.parseInt(readLine(this.input).split(";")[0], 16);
			this.ended = this.left == 0;
		}

	}

}
