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

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A peer that does just what it is told, over a bare socket: it answers no pings and no
 * Close of itself.
 */
final class Peer implements AutoCloseable {

	private final Socket socket;

	private final DataInputStream in;

	private final OutputStream out;

	private final int status;

	private final Map<String, String> headers = new TreeMap<>();

	private @Nullable Frame begun;

	Peer(Socket socket) throws IOException {
		this.socket = socket;
		this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
		this.out = socket.getOutputStream();
		this.status = Integer.parseInt(line().split(" ")[1]);
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			this.headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim(),
					(one, other) -> one + ", " + other);
		}
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = this.in.readUnsignedByte(); c != '\n'; c = this.in.readUnsignedByte()) {
			line.append((char) c);
		}
		return line.toString().stripTrailing();
	}

	/** The status of the answer to the handshake. */
	int status() {
		return this.status;
	}

	/** A header of the answer, in lower case, all values joined. */
	String header(String name) {
		return this.headers.get(name);
	}

	Peer send(Frame... frames) throws IOException {
		return send(Frame.masked(frames));
	}

	Peer send(byte[] bytes) throws IOException {
		this.out.write(bytes);
		this.out.flush();
		return this;
	}

	Peer say(String text) throws IOException {
		return send(Frame.text(text));
	}

	/**
	 * Reads the next message or control frame. A server may send a message in fragments.
	 * @return what it looks like, or {@code "end"} if the connection is closed or reset
	 */
	String next() throws IOException {
		try {
			Frame next = Frame.read(this.in);
			while (next.isData() && !next.isFinal()) {
				this.begun = next.after(this.begun);
				next = Frame.read(this.in);
			}
			if (!next.isData()) {
				return next.toString();
			}
			Frame whole = next.after(this.begun);
			this.begun = null;
			return whole.toString();
		}
		catch (EOFException | SocketException ex) {
			return "end";
		}
	}

	/** Reads the next frame that is no ping, and answers those that come before. */
	String nextAnsweringPings() throws IOException {
		String next = next();
		while (next.startsWith("ping")) {
			send(Frame.pong(next.substring("ping ".length())));
			next = next();
		}
		return next;
	}

	/** Takes part in the closing handshake that the server began. */
	void answerClose(String expected) throws IOException {
		expect(expected);
		send(Frame.closeWithoutStatus());
	}

	/** Closes with 1000, and expects that to be the last that happens. */
	void closeInGoodOrder() throws IOException {
		send(Frame.close(1000, ""));
		expect("close 1000");
		expect("end");
	}

	private void expect(String expected) throws IOException {
		String next = nextAnsweringPings();
		if (!next.equals(expected)) {
			throw new AssertionError("next frame: '" + next + "' (expected: '" + expected + "')");
		}
	}

	/** Resets the connection: no Close, no FIN. */
	void vanish() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	/** Ends the stream without a Close. */
	void hangUp() throws IOException {
		this.socket.shutdownOutput();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
