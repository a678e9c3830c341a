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
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A client of the soak that listens to an event stream: until the server ends it in good
 * order, or it leaves, or it breaks.
 */
final class SoakStream implements SoakClient {

	private static final String EVENT = "data: ";

	private static final String HEARTBEAT = ":";

	private static final String LAST_CHUNK = "0";

	private static final int LONGEST_LIFE = 20;

	private static final int ENDED = 0;

	private static final int RESET = 1;

	private static final int WAYS_TO_END = 3;

	private final SoakLoad load;

	private final SelectionKey key;

	private final SocketChannel channel;

	private final StringBuilder line = new StringBuilder();

	private final int end;

	private final boolean silent;

	private int life;

	private long lastTick = -1;

	private long lastProgress = System.nanoTime();

	private boolean opened;

	private boolean streaming;

	private boolean ended;

	private boolean over;

	SoakStream(SoakLoad load, SelectionKey key) {
		this.load = load;
		this.key = key;
		this.channel = (SocketChannel) key.channel();
		this.life = 1 + load.random().nextInt(LONGEST_LIFE);
		this.end = load.random().nextInt(WAYS_TO_END);
		this.silent = load.random().nextInt(4) == 0;
	}

	@Override
	public void ready(ByteBuffer buffer) {
		try {
			if (this.key.isConnectable() && this.channel.finishConnect()) {
				this.channel.write(ByteBuffer.wrap(request()));
				this.key.interestOps(SelectionKey.OP_READ);
			}
			if (this.key.isReadable()) {
				read(buffer);
			}
		}
		catch (IOException ex) {
			failed(ex.toString());
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
			open(line);
		}
		else if (!this.streaming) {
			this.streaming = line.isEmpty();
		}
		else if (line.startsWith(EVENT)) {
			tick(Long.parseLong(line.substring(EVENT.length())));
		}
		else if (line.equals(HEARTBEAT)) {
			this.load.count(SoakEvent.HEARTBEATS, 1);
		}
		else if (line.equals(LAST_CHUNK)) {
			this.ended = true;
		}
	}

	private void open(String status) {
		if (!status.startsWith("HTTP/1.1 200")) {
			failed("answer: " + status);
			return;
		}
		this.opened = true;
		this.load.opened();
		if (this.load.isEnding()) {
			finish();
		}
		else {
			this.load.wakeLater(this);
		}
	}

	private void tick(long tick) {
		if (this.lastTick >= 0 && tick != this.lastTick + 1) {
			failed("tick " + tick + " (expected: " + (this.lastTick + 1) + ")");
		}
		this.lastTick = tick;
		this.load.count(SoakEvent.STREAMED_TICKS, 1);
	}

	@Override
	public void wake() {
		if (this.life-- > 0) {
			this.load.wakeLater(this);
		}
		else if (this.end != ENDED) {
			finish();
		}
	}

	@Override
	public void finish() {
		if (this.end == ENDED) {
			return;
		}
		this.load.count((this.end == RESET) ? SoakEvent.STREAMS_RESET : SoakEvent.STREAMS_LEFT, 1);
		if (this.end == RESET) {
			try {
				this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			catch (IOException ex) {
				failed(ex.toString());
			}
		}
		end();
	}

	@Override
	public void check(long since) {
		if (this.lastProgress - since < 0) {
			failed("nothing comes any more, after tick " + this.lastTick);
		}
	}

	private void failed(String failure) {
		if (!this.over) {
			this.load.failed(this, failure);
			end();
		}
	}

	private void end() {
		if (!this.over) {
			this.over = true;
			this.load.ended(this, this.opened);
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				this.load.failed(this, ex.toString());
			}
		}
	}

	@Override
	public String toString() {
		return "stream[opened=" + this.opened + ", end=" + this.end + "]";
	}

}
