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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A reader with a handler that records, for tests that say what goes in and what comes
 * out. A protocol error is an event too, the last one.
 */
final class ReaderProbe {

	private final RecordingHandler handler;

	private final FrameReader reader;

	private @Nullable WebSocketProtocolException failure;

	private ReaderProbe(Role role, int limit, @Nullable MessageInflater inflater, RecordingHandler handler) {
		this.handler = handler;
		this.reader = new FrameReader(role, limit, inflater, handler);
	}

	static ReaderProbe server() {
		return server(1 << 20);
	}

	static ReaderProbe server(int limit) {
		return server(limit, null);
	}

	static ReaderProbe server(int limit, @Nullable MessageInflater inflater) {
		return server(limit, inflater, new RecordingHandler());
	}

	static ReaderProbe server(int limit, @Nullable MessageInflater inflater, RecordingHandler handler) {
		return new ReaderProbe(Role.SERVER, limit, inflater, handler);
	}

	static ReaderProbe client() {
		return client(null);
	}

	static ReaderProbe client(@Nullable MessageInflater inflater) {
		return new ReaderProbe(Role.CLIENT, 1 << 20, inflater, new RecordingHandler());
	}

	/**
	 * Feed pieces to a server's reader, and give its events.
	 */
	static List<String> read(byte[]... pieces) {
		return server().feed(pieces).events();
	}

	ReaderProbe feed(byte[]... pieces) {
		for (byte[] piece : pieces) {
			feed(piece, 0, piece.length);
		}
		return this;
	}

	int feed(byte[] bytes, int from, int count) {
		try {
			return this.reader.read(bytes, from, count);
		}
		catch (WebSocketProtocolException ex) {
			this.failure = ex;
			this.handler.add("error " + ex.code());
			return count;
		}
	}

	/**
	 * Feed bytes one by one.
	 */
	ReaderProbe feedEach(byte[] bytes) {
		for (int i = 0; i < bytes.length; i++) {
			feed(bytes, i, 1);
		}
		return this;
	}

	FrameReader reader() {
		return this.reader;
	}

	List<String> events() {
		return this.handler.events();
	}

	List<byte[]> messages() {
		return this.handler.messages();
	}

	WebSocketProtocolException failure() {
		if (this.failure == null) {
			throw new AssertionError("no failure, events: " + this.handler.events());
		}
		return this.failure;
	}

}
