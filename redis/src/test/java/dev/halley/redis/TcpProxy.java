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

package dev.halley.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Stands between a node and a server, and does to their connections what networks do.
 */
final class TcpProxy implements AutoCloseable {

	private final int target;

	private final ServerSocket server;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile Mode mode = Mode.PASS;

	private volatile UnaryOperator<String> answers = UnaryOperator.identity();

	TcpProxy(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Changes what becomes of connections. With {@link Mode#CUT} those that are open are
	 * closed; after {@link Mode#STALL} and {@link Mode#DEAF} those that were open then
	 * are.
	 */
	void set(Mode mode) {
		boolean close = mode == Mode.CUT || (mode == Mode.PASS && this.mode != Mode.PASS);
		this.mode = mode;
		if (close) {
			this.sockets.forEach(TcpProxy::close);
		}
	}

	/** Changes what the server says, in Latin 1. */
	void change(UnaryOperator<String> answers) {
		this.answers = answers;
	}

	private byte[] changed(byte[] buffer, int read) {
		String said = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
		return this.answers.apply(said).getBytes(StandardCharsets.ISO_8859_1);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				if (this.mode == Mode.CUT) {
					client.close();
					continue;
				}
				Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
				client.setTcpNoDelay(true);
				upstream.setTcpNoDelay(true);
				this.sockets.add(client);
				this.sockets.add(upstream);
				start(() -> copy(client, upstream, Mode.STALL));
				start(() -> copy(upstream, client, Mode.DEAF));
			}
			catch (IOException ex) {
				// The server is not there, or this is closed
				LockSupport.parkNanos(1_000_000);
			}
		}
	}

	private void copy(Socket from, Socket to, Mode stops) {
		byte[] buffer = new byte[65536];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				if (this.mode == Mode.PASS || (this.mode != stops && this.mode == Mode.DEAF)) {
					out.write((stops == Mode.DEAF) ? changed(buffer, read) : Arrays.copyOf(buffer, read));
				}
			}
		}
		catch (IOException ex) {
			// One of them is closed, and so is the other
		}
		finally {
			close(from);
			close(to);
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.sockets.forEach(TcpProxy::close);
	}

	enum Mode {

		/** All goes through. */
		PASS,

		/** Connections are closed, new ones too. */
		CUT,

		/** Nothing goes through, in either direction, and nobody is told. */
		STALL,

		/** What the server sends is lost. */
		DEAF

	}

}
