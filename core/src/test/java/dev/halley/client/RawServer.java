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

package dev.halley.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that says byte by byte what a test wants, be it right or wrong.
 */
final class RawServer implements AutoCloseable {

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private final ServerSocket server;

	private final Script[] scripts;

	private final List<Peer> peers = new CopyOnWriteArrayList<>();

	private RawServer(int port, Script... scripts) throws IOException {
		this.server = new ServerSocket(port, 600, InetAddress.getLoopbackAddress());
		this.scripts = scripts;
		daemon(this::acceptAll);
	}

	/** Each connection runs a script of its own, those beyond the last one the last. */
	static RawServer start(Script... scripts) throws IOException {
		return new RawServer(0, scripts);
	}

	static RawServer startAgain(int port, Script... scripts) throws IOException {
		return new RawServer(port, scripts);
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "raw-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void acceptAll() {
		try {
			while (true) {
				Peer peer = new Peer(this.server.accept());
				Script script = this.scripts[Math.min(this.peers.size(), this.scripts.length - 1)];
				this.peers.add(peer);
				daemon(() -> peer.run(script));
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	int port() {
		return this.server.getLocalPort();
	}

	String ws() {
		return "ws://127.0.0.1:" + port() + "/raw";
	}

	String http() {
		return "http://127.0.0.1:" + port() + "/raw";
	}

	List<Peer> peers() {
		return this.peers;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Peer peer : this.peers) {
			peer.socket.close();
		}
	}

	/**
	 * What a connection does after the head of the request has come.
	 */
	@FunctionalInterface
	interface Script {

		void run(Peer peer) throws Exception;

	}

	/**
	 * The server's end of a connection.
	 */
	static final class Peer {

		private final Socket socket;

		private volatile String head = "";

		private volatile boolean gone;

		Peer(Socket socket) {
			this.socket = socket;
		}

		void run(Script script) {
			try (this.socket) {
				readHead();
				script.run(this);
			}
			catch (Exception ex) {
				// The client is gone, or the test is over
			}
			this.gone = true;
		}

		private void readHead() throws IOException {
			StringBuilder head = new StringBuilder();
			InputStream in = this.socket.getInputStream();
			while (head.indexOf("\r\n\r\n") < 0) {
				int next = in.read();
				if (next < 0) {
					throw new IOException("gone");
				}
				head.append((char) next);
			}
			this.head = head.toString();
		}

		String head() {
			return this.head;
		}

		/** Drops the connection. */
		void end() throws IOException {
			this.socket.close();
		}

		/** Whether the script is over, which those are that wait for the client's end. */
		boolean isGone() {
			return this.gone;
		}

		String header(String name) {
			Matcher matcher = Pattern.compile("(?im)^" + name + ": (.*)$").matcher(this.head.replace("\r", ""));
			return matcher.find() ? matcher.group(1) : null;
		}

		void write(String text) throws IOException {
			write(text.getBytes(StandardCharsets.UTF_8));
		}

		void write(byte... bytes) throws IOException {
			OutputStream out = this.socket.getOutputStream();
			out.write(bytes);
			out.flush();
		}

		/** Accepts the WebSocket. */
		void accept() throws Exception {
			byte[] digest = MessageDigest.getInstance("SHA-1")
				.digest((header("Sec-WebSocket-Key") + GUID).getBytes(StandardCharsets.US_ASCII));
			write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
		}

		/** Starts an event stream that ends with its connection. */
		void stream() throws IOException {
			write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
		}

		/** Answers without a body. */
		void answer(String status, String... headers) throws IOException {
			write("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n"
					+ ((headers.length > 0) ? String.join("\r\n", headers) + "\r\n" : "") + "\r\n");
		}

		void frame(int first, byte... payload) throws IOException {
			byte[] frame = new byte[payload.length + 2];
			frame[0] = (byte) first;
			frame[1] = (byte) payload.length;
			System.arraycopy(payload, 0, frame, 2, payload.length);
			write(frame);
		}

		void text(String text) throws IOException {
			frame(0x81, text.getBytes(StandardCharsets.UTF_8));
		}

		void close(int code) throws IOException {
			frame(0x88, (byte) (code >> 8), (byte) code);
		}

		/** Reads all, until the client is gone. */
		void drain() throws IOException {
			InputStream in = this.socket.getInputStream();
			while (in.read() >= 0) {
				continue;
			}
		}

	}

}
