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

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates whole messages (RFC 7692 section 7.2.2), and never to more than a limit.
 * Without context takeover it has no state, and all connections share it; with it, it
 * belongs to one connection, which closes it.
 */
final class MessageInflater implements AutoCloseable {

	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final byte[] NOTHING = {};

	private static final int FIRST_ROOM = 1024;

	private static final int GUESSED_RATIO = 4;

	/** As far back as DEFLATE can refer (RFC 1951). */
	private static final int WINDOW = 1 << 15;

	private final Pool<Inflater> inflaters;

	private final boolean contextTakeover;

	/** The last bytes of the messages before, as far as there were that many. */
	private byte[] window = NOTHING;

	private int windowLength;

	MessageInflater(Pool<Inflater> pool, boolean contextTakeover) {
		this.inflaters = pool;
		this.contextTakeover = contextTakeover;
	}

	/**
	 * Inflate a message.
	 * @param data an array with its payload, without the tail that the sender removed
	 * @param length the payload's length
	 * @param limit the most bytes of the message
	 * @return the message
	 * @throws WebSocketProtocolException 1009 as soon as the message exceeds the limit,
	 * 1007 if the payload cannot be inflated
	 */
	byte[] inflate(byte[] data, int length, int limit) throws WebSocketProtocolException {
		if (length == 0) {
			return NOTHING;
		}
		Inflater inflater = this.inflaters.borrow();
		try {
			inflater.setDictionary(this.window, 0, this.windowLength);
			ByteSink sink = new ByteSink();
			inflate(inflater, data, length, sink, limit);
			inflate(inflater, TAIL, TAIL.length, sink, limit);
			byte[] message = sink.take();
			remember(message);
			return message;
		}
		catch (DataFormatException ex) {
			throw WebSocketProtocolException.badData("Invalid compressed data");
		}
		finally {
			this.inflaters.giveBack(inflater);
		}
	}

	/** What later messages may refer to. It grows with what there is. */
	private void remember(byte[] message) {
		if (!this.contextTakeover) {
			return;
		}
		int fresh = Math.min(message.length, WINDOW);
		int kept = Math.min(this.windowLength, WINDOW - fresh);
		byte[] from = this.window;
		if (this.window.length < kept + fresh) {
			this.window = new byte[Math.min(WINDOW, Math.max(kept + fresh, 2 * from.length))];
		}
		System.arraycopy(from, this.windowLength - kept, this.window, 0, kept);
		System.arraycopy(message, message.length - fresh, this.window, kept, fresh);
		this.windowLength = kept + fresh;
	}

	private static void inflate(Inflater inflater, byte[] data, int length, ByteSink sink, int limit)
			throws DataFormatException, WebSocketProtocolException {
		inflater.setInput(data, 0, length);
		while (inflateSome(inflater, sink, limit) > 0 || goOnAfterFinalBlock(inflater, data, length)) {
			if (sink.length() > limit) {
				throw WebSocketProtocolException.tooBig("message too big",
						"inflated size: > " + limit + " (expected: <= " + limit + ")");
			}
		}
	}

	// One byte more than the limit is asked for, to tell a message of just that size from
	// a bigger one.
	private static int inflateSome(Inflater inflater, ByteSink sink, int limit) throws DataFormatException {
		int most = (int) Math.min(limit + 1L, ByteSink.MAX_CAPACITY);
		if (sink.capacity() == sink.length()) {
			int guess = Math.max(FIRST_ROOM, GUESSED_RATIO * Math.min(inflater.getRemaining(), most / GUESSED_RATIO));
			sink.ensureRoom(Math.min(guess, most - sink.length()), most);
		}
		int count = inflater.inflate(sink.array(), sink.length(), sink.capacity() - sink.length());
		sink.extend(count);
		return count;
	}

	// A block with BFINAL ends a DEFLATE stream, but not the message (RFC 7692 section
	// 7.2.3.4).
	private static boolean goOnAfterFinalBlock(Inflater inflater, byte[] data, int length) throws DataFormatException {
		int rest = inflater.getRemaining();
		if (inflater.finished()) {
			inflater.reset();
			inflater.setInput(data, length - rest, rest);
			return rest > 0;
		}
		if (rest > 0) {
			throw new DataFormatException();
		}
		return false;
	}

	/**
	 * Let go of what the connection held.
	 */
	@Override
	public void close() {
		this.window = NOTHING;
		this.windowLength = 0;
	}

}
