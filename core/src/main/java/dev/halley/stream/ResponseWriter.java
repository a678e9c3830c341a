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

package dev.halley.stream;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import jakarta.servlet.ServletOutputStream;

/**
 * What is still to be written to a response, and as much writing as does not wait. Not
 * thread-safe.
 */
final class ResponseWriter {

	private static final byte[] FLUSH = new byte[0];

	private final ServletOutputStream output;

	private final WriteShare share;

	private final Deque<byte[]> pending = new ArrayDeque<>();

	/** How much of the first pending array is written. */
	private int position;

	/** How much was written since the last flush. */
	private int unflushed;

	/** Whether what was written last may still be in the container's buffer. */
	private boolean draining;

	ResponseWriter(ServletOutputStream output, WriteShare share) {
		this.output = output;
		this.share = share;
	}

	void add(byte[] bytes) {
		if (bytes.length > 0) {
			this.pending.add(bytes);
		}
	}

	void flush() {
		if (this.pending.peekLast() != FLUSH) {
			this.pending.add(FLUSH);
		}
	}

	boolean isIdle() {
		return this.pending.isEmpty() && !this.draining;
	}

	/**
	 * Writes until all is out or the container has to wait for the peer.
	 * @return whether all is out
	 */
	boolean write() throws IOException {
		while (!isIdle() && this.output.isReady()) {
			this.draining = !this.pending.isEmpty();
			if (this.draining) {
				writeNext(this.pending.getFirst());
			}
		}
		return isIdle();
	}

	private void writeNext(byte[] next) throws IOException {
		if (next == FLUSH) {
			this.pending.removeFirst();
			this.unflushed = 0;
			this.output.flush();
			return;
		}
		int length = Math.min(next.length - this.position, this.share.next(this.unflushed));
		int from = this.position;
		this.position += length;
		if (this.position == next.length) {
			this.pending.removeFirst();
			this.position = 0;
		}
		this.unflushed += length;
		if (this.share.isUsedUp(this.unflushed)) {
			this.pending.addFirst(FLUSH);
		}
		this.output.write(next, from, length);
	}

}
