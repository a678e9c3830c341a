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

/**
 * A client of the soak, whose thread is the only one that calls it. It lives for a few
 * wakes, ends in one way or another, and tells the load what it has seen.
 */
abstract class SoakClient {

	private static final int LONGEST_LIFE = 20;

	final SoakLoad load;

	final SelectionKey key;

	final SocketChannel channel;

	/** How often it is woken still before it ends. */
	int life;

	long lastTick = -1;

	long lastProgress = System.nanoTime();

	boolean opened;

	boolean over;

	SoakClient(SoakLoad load, SelectionKey key) {
		this.load = load;
		this.key = key;
		this.channel = (SocketChannel) key.channel();
		this.life = 1 + load.random().nextInt(LONGEST_LIFE);
	}

	/**
	 * Does what the channel is ready for.
	 * @param buffer to be used meanwhile
	 */
	final void ready(ByteBuffer buffer) {
		try {
			if (this.key.isConnectable() && this.channel.finishConnect()) {
				connected();
			}
			transfer(buffer);
		}
		catch (IOException ex) {
			failed(ex.toString());
		}
	}

	/** Sends the request. */
	abstract void connected() throws IOException;

	/** Reads and writes what can be. */
	abstract void transfer(ByteBuffer buffer) throws IOException;

	/** The request was answered. */
	final void open(String answer, String expected) {
		if (!answer.startsWith(expected)) {
			failed("answer: " + answer);
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

	/** One of the numbers that the server counts up came in. */
	final void tick(String text, SoakEvent event) {
		long tick = Long.parseLong(text);
		if (this.lastTick >= 0 && tick != this.lastTick + 1) {
			failed("tick " + tick + " (expected: " + (this.lastTick + 1) + ")");
		}
		this.lastTick = tick;
		this.load.count(event, 1);
	}

	/** Does something, and asks to be woken again if there is more to do. */
	abstract void wake();

	/** Ends, in one way or another. */
	abstract void finish();

	/** Looks whether anything has come since then, if it had to. */
	abstract void check(long since);

	/** Ends with a reset of the connection. */
	final void reset(SoakEvent event) {
		this.load.count(event, 1);
		try {
			this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
		}
		catch (IOException ex) {
			failed(ex.toString());
		}
		end();
	}

	final void failed(String failure) {
		if (!this.over) {
			this.load.failed(this, failure);
			end();
		}
	}

	void end() {
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

}
