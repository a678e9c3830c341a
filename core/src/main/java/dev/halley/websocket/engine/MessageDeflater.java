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

import java.util.zip.Deflater;

import org.jspecify.annotations.Nullable;

/**
 * Compresses whole messages (RFC 7692 section 7.2.1). Without context takeover it has no
 * state, and all connections with the same parameters share it; with it, it belongs to
 * one connection, which closes it.
 */
final class MessageDeflater implements AutoCloseable {

	private static final int TAIL = 4;

	// Room for a few bytes more than a flush marker needs, or zlib may write it twice.
	private static final int SPARE = 32;

	private final Lease<Deflater> deflaters;

	private final int threshold;

	private final int most;

	/**
	 * Make a deflater.
	 * @param pool lends deflaters
	 * @param contextTakeover whether messages refer to those before them
	 * @param threshold the least bytes of a message that is compressed
	 * @param most the most bytes of a message that is compressed
	 */
	MessageDeflater(Pool<Deflater> pool, boolean contextTakeover, int threshold, int most) {
		this.deflaters = new Lease<>(pool, contextTakeover);
		this.threshold = threshold;
		this.most = most;
	}

	boolean isContextTakenOver() {
		return this.deflaters.isKept();
	}

	/**
	 * Compress a message.
	 * @param message the message
	 * @return the payload, or {@code null} if the message should go as it is: it is empty
	 * or under the threshold, does not fit the window, or would not shrink
	 */
	byte @Nullable [] deflate(byte[] message) {
		if (message.length == 0 || message.length < this.threshold || message.length > this.most) {
			return null;
		}
		Deflater deflater = this.deflaters.take();
		try {
			ByteSink sink = deflate(deflater, message);
			// A context that was taken over has this message in it: the peer must see it.
			return (sink.length() < message.length || isContextTakenOver()) ? sink.take() : null;
		}
		finally {
			this.deflaters.done(deflater);
		}
	}

	private static ByteSink deflate(Deflater deflater, byte[] message) {
		ByteSink sink = new ByteSink();
		sink.ensureRoom(message.length / 2 + SPARE, ByteSink.MAX_CAPACITY);
		deflater.setInput(message);
		int room;
		int count;
		do {
			sink.ensureRoom(SPARE, ByteSink.MAX_CAPACITY);
			room = sink.capacity() - sink.length();
			count = deflater.deflate(sink.array(), sink.length(), room, Deflater.SYNC_FLUSH);
			sink.extend(count);
		}
		while (count == room);
		sink.retract(TAIL);
		return sink;
	}

	/**
	 * Give back what the connection held.
	 */
	@Override
	public void close() {
		this.deflaters.close();
	}

}
