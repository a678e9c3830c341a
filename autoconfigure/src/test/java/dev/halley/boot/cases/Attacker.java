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
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.Deflater;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes connections that mean harm, and holds all of them until it is closed.
 */
final class Attacker implements AutoCloseable {

	/** Of a megabyte for each kilobyte, as the payload of a compressed message. */
	static final byte[] ZIP_BOMB = deflate(new byte[48 * 1024 * 1024]);

	private static final int TIMEOUT = 30_000;

	private final int port;

	private final Collection<Socket> held = new ConcurrentLinkedQueue<>();

	Attacker(int port) {
		this.port = port;
	}

	private static byte[] deflate(byte[] bytes) {
		Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
		try {
			deflater.setInput(bytes);
			ByteArrayOutputStream deflated = new ByteArrayOutputStream();
			byte[] part = new byte[8192];
			int length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
			while (length > 0) {
				deflated.write(part, 0, length);
				length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
			}
			// The last four are not sent
			return Arrays.copyOf(deflated.toByteArray(), deflated.size() - 4);
		}
		finally {
			deflater.end();
		}
	}

	Socket connect() throws IOException {
		return connect(0);
	}

	/** One that takes no more than so much ahead, or with 0 what the system takes. */
	Socket connect(int receiveBuffer) throws IOException {
		Socket socket = new Socket();
		this.held.add(socket);
		if (receiveBuffer > 0) {
			socket.setReceiveBufferSize(receiveBuffer);
		}
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(TIMEOUT);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		return socket;
	}

	static byte[] get(String path, String... headers) {
		StringBuilder request = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	static byte[] handshake(String path) {
		return get(path, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
	}

	static byte[] handshakeWithCompression(String path) {
		return get(path, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions: permessage-deflate");
	}

	/** A WebSocket. */
	Peer open(String path) throws IOException {
		return open(connect(), handshake(path));
	}

	Peer open(Socket socket, byte[] handshake) throws IOException {
		socket.getOutputStream().write(handshake);
		Peer peer = new Peer(socket);
		assertThat(peer.status()).isEqualTo(101);
		return peer;
	}

	/** A stream of which nothing is read. */
	void openStream(String path, String accept, int receiveBuffer) throws IOException {
		connect(receiveBuffer).getOutputStream().write(get(path, "Accept: " + accept));
	}

	/** The body of an answer to a plain request, over a connection of its own. */
	String fetch(String path) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(TIMEOUT);
			socket.getOutputStream().write(get(path, "Connection: close"));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			return answer.substring(answer.indexOf("\r\n\r\n") + 4);
		}
	}

	/** The server may cut off whom it likes, but not leave anybody without an answer. */
	static void orCut(Harm harm) throws IOException {
		try {
			harm.run();
		}
		catch (SocketTimeoutException ex) {
			throw ex;
		}
		catch (IOException ex) {
			assertThat(ex).isNotNull();
		}
	}

	/** All go, whatever the server thinks of them. */
	@Override
	public void close() throws IOException {
		for (Socket socket : this.held) {
			if (!socket.isClosed()) {
				socket.setSoLinger(true, 0);
				socket.close();
			}
		}
		this.held.clear();
	}

	/** What is done to a server over a connection. */
	interface Harm {

		void run() throws IOException;

	}

}
