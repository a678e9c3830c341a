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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;

/**
 * A client of the soak that listens to an event stream: until the server ends it in good
 * order, or it leaves, or it breaks.
 */
final class SoakStream extends SoakClient {

	private static final String EVENT = "data: ";

	private static final String HEARTBEAT = ":";

	private static final String LAST_CHUNK = "0";

	private static final int ENDED = 0;

	private static final int RESET = 1;

	private static final int WAYS_TO_END = 3;

	private final StringBuilder line = new StringBuilder();

	private final int end;

	private final boolean silent;

	private boolean streaming;

	private boolean ended;

	SoakStream(SoakLoad load, SelectionKey key) {
		super(load, key);
		this.end = load.random().nextInt(WAYS_TO_END);
		this.silent = load.random().nextInt(4) == 0;
	}

	@Override
	void connected() throws IOException {
		this.channel.write(ByteBuffer.wrap(request()));
		this.key.interestOps(SelectionKey.OP_READ);
	}

	@Override
	void transfer(ByteBuffer buffer) throws IOException {
		if (this.key.isReadable()) {
			read(buffer);
		}
	}

	/** Small enough to be written at once. */
	private byte[] request() {
		String path = (this.end == ENDED) ? "/some-ticks" : this.silent ? "/silence" : "/ticks";
		return ("GET " + path
				+ " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	private void read(ByteBuffer buffer) throws IOException {
		buffer.clear();
		int count = this.channel.read(buffer);
		this.lastProgress = System.nanoTime();
		buffer.flip();
		while (buffer.hasRemaining() && !this.over) {
			char next = (char) buffer.get();
			if (next == '\n') {
				read(this.line.toString().stripTrailing());
				this.line.setLength(0);
			}
			else {
				this.line.append(next);
			}
		}
		if (count < 0 && !this.over) {
			if (!this.ended) {
				failed("ended without a last chunk, after tick " + this.lastTick);
			}
			this.load.count(SoakEvent.STREAMS_ENDED, 1);
			end();
		}
	}

	/** The lengths of chunks and empty lines go by. */
	private void read(String line) {
		if (!this.opened) {
			open(line, "HTTP/1.1 200");
		}
		else if (!this.streaming) {
			this.streaming = line.isEmpty();
		}
		else if (line.startsWith(EVENT)) {
			tick(line.substring(EVENT.length()), SoakEvent.STREAMED_TICKS);
		}
		else if (line.equals(HEARTBEAT)) {
			this.load.count(SoakEvent.HEARTBEATS, 1);
		}
		else if (line.equals(LAST_CHUNK)) {
			this.ended = true;
		}
	}

	@Override
	void wake() {
		if (this.life-- > 0) {
			this.load.wakeLater(this);
		}
		else if (this.end != ENDED) {
			finish();
		}
	}

	@Override
	void finish() {
		if (this.end == RESET) {
			reset(SoakEvent.STREAMS_RESET);
		}
		else if (this.end != ENDED) {
			this.load.count(SoakEvent.STREAMS_LEFT, 1);
			end();
		}
	}

	@Override
	void check(long since) {
		if (this.lastProgress - since < 0) {
			failed("nothing comes any more, after tick " + this.lastTick);
		}
	}

	@Override
	public String toString() {
		return "stream[opened=" + this.opened + ", end=" + this.end + "]";
	}

}
