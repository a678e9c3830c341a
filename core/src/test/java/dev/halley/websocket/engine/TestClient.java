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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.springframework.web.socket.CloseStatus;

/**
 * A connection of somebody else's client: what to do with it, and what it has received.
 */
abstract class TestClient implements AutoCloseable {

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private volatile String extensions = "";

	/** Tells bytes by their number and a hash. */
	static String describe(byte[] bytes) {
		return bytes.length + " bytes " + Arrays.hashCode(bytes);
	}

	static String describe(int code, String reason) {
		return ("close " + code + " " + reason).stripTrailing();
	}

	/** Bytes of a buffer, which is read. */
	static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

	abstract void send(String message);

	abstract void send(byte[] message);

	abstract void close(CloseStatus status);

	/** Sends the message in as many fragments. */
	void send(String... fragments) {
		throw new UnsupportedOperationException("This client has no API for fragments");
	}

	void ping(String payload) {
		throw new UnsupportedOperationException("This client has no API for pings");
	}

	/** Ends the connection, however it is, and what runs it. */
	@Override
	public abstract void close();

	final void opened(String agreed) {
		this.extensions = agreed;
	}

	final void receive(String event) {
		this.received.add(event);
	}

	final void receivePong(ByteBuffer payload) {
		receive("pong " + StandardCharsets.UTF_8.decode(payload));
	}

	/** The extensions that were agreed on, as the client tells them. */
	final String extensions() {
		return this.extensions;
	}

	/**
	 * What comes next: a text as it is, bytes and a close as they are described here, or
	 * {@code null} if nothing comes.
	 */
	final String next() throws InterruptedException {
		return this.received.poll(30, TimeUnit.SECONDS);
	}

}
