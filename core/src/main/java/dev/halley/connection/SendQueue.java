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

package dev.halley.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.Overflow;
import dev.halley.SourceQueues;
import dev.halley.codec.Payload;
import dev.halley.connection.LiveConnection.Sending;

/**
 * What waits for the wire, and how much of it is being written. Two lists take turns as
 * long as they stay small, so that a message costs none. Not thread-safe: the monitor of
 * the {@link OutboundState} guards it.
 */
final class SendQueue {

	private static final int KEPT_BATCH = 64;

	private final int maxMessages;

	private final long maxBytes;

	private final Overflow overflow;

	private List<Payload> queue = new ArrayList<>(0);

	private @Nullable List<Payload> spare;

	/** Those in the queue that did not come from the source, from the oldest on. */
	private @Nullable Deque<Payload> beside;

	private boolean disposed;

	private long queuedBytes;

	private int sendingMessages;

	private long sendingBytes;

	/** Which of the messages are none: pings, of which there are few. */
	private int queuedPings;

	private int sendingPings;

	private long sentMessages;

	private long sentBytes;

	private long writes;

	private long writing;

	/** Of those that did not come from the source. */
	private long dropped;

	SendQueue(int maxMessages, long maxBytes, Overflow overflow) {
		this.maxMessages = maxMessages;
		this.maxBytes = maxBytes;
		this.overflow = overflow;
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	boolean isHalfFull() {
		return this.queue.size() > this.maxMessages / 2 || this.queuedBytes > this.maxBytes / 2;
	}

	/** Whether there is room for one more; a single one fits however large it is. */
	boolean fits(int size) {
		return this.queue.isEmpty()
				|| (this.queue.size() < this.maxMessages && this.queuedBytes + size <= this.maxBytes);
	}

	/** How many messages are queued or being written. */
	int waitingMessages() {
		return this.queue.size() + this.sendingMessages;
	}

	/** How many bytes are queued or being written. */
	long waitingBytes() {
		return this.queuedBytes + this.sendingBytes;
	}

	void add(Payload payload, int size) {
		this.queue.add(payload);
		this.queuedBytes += size;
	}

	/**
	 * Adds one that does not come from the source. What makes room, if there is none, has
	 * come in the same way, and stays if that would not be enough.
	 */
	Sending addBeside(Payload payload) {
		int size = payload.size();
		boolean only = this.overflow == Overflow.LATEST;
		if ((only || this.overflow == Overflow.DROP_OLDEST) && fitsInPlaceOfOthers(size)) {
			while ((only || !fits(size)) && dropBeside()) {
				// One less waits
			}
		}
		if (!fits(size)) {
			return drop();
		}
		this.beside = (this.beside != null) ? this.beside : new ArrayDeque<>(2);
		this.beside.add(payload);
		add(payload, size);
		return Sending.QUEUED;
	}

	/** Whether there were room if nothing waited but what came from the source. */
	private boolean fitsInPlaceOfOthers(int size) {
		int messages = this.queue.size();
		long bytes = this.queuedBytes;
		if (this.beside != null) {
			messages -= this.beside.size();
			for (Payload payload : this.beside) {
				bytes -= payload.size();
			}
		}
		return messages == 0 || (messages < this.maxMessages && bytes + size <= this.maxBytes);
	}

	private Sending drop() {
		if (this.overflow == Overflow.CLOSE) {
			return Sending.CLOSED;
		}
		this.dropped++;
		return Sending.DROPPED;
	}

	private boolean dropBeside() {
		Payload oldest = (this.beside != null) ? this.beside.poll() : null;
		for (int i = 0; oldest != null && i < this.queue.size(); i++) {
			if (this.queue.get(i) == oldest) {
				this.queue.remove(i);
				this.queuedBytes -= oldest.size();
				this.dropped++;
				return true;
			}
		}
		return false;
	}

	/** Puts a small one, whose bytes do not count, before all others. */
	void addFirst(Payload payload) {
		this.queue.add(0, payload);
		this.queuedPings++;
	}

	void clear() {
		this.beside = null;
		this.queue.clear();
		this.queuedBytes = 0;
		this.queuedPings = 0;
	}

	/** Empties the queue to write all of it, until {@link #written}. */
	List<Payload> takeAll() {
		List<Payload> batch = this.queue;
		this.beside = null;
		this.queue = (this.spare != null) ? this.spare : new ArrayList<>(4);
		this.spare = null;
		this.sendingMessages = batch.size();
		this.sendingBytes = this.queuedBytes;
		this.sendingPings = this.queuedPings;
		this.queuedBytes = 0;
		this.queuedPings = 0;
		return batch;
	}

	/** How many messages were written, without pings. */
	long sentMessages() {
		return this.sentMessages;
	}

	/** All that is counted, together with what waits and was dropped at the source. */
	Totals totals(SourceQueues.Size source) {
		return new Totals(this.sentMessages, this.sentBytes, this.dropped + source.dropped(),
				waitingMessages() + source.messages(), waitingBytes() + source.bytes(), this.writes, this.writing);
	}

	/**
	 * Takes back the list of a batch that nobody reads any more.
	 * @param batch the messages
	 * @param nanos how long the write took
	 */
	void written(List<Payload> batch, long nanos) {
		this.writes++;
		this.writing += nanos;
		this.sentMessages += this.sendingMessages - this.sendingPings;
		this.sentBytes += this.sendingBytes;
		this.sendingPings = 0;
		this.sendingMessages = 0;
		this.sendingBytes = 0;
		if (batch.size() <= KEPT_BATCH && !this.disposed) {
			batch.clear();
			this.spare = batch;
		}
	}

	/** Lets go of all memory. */
	void dispose() {
		this.disposed = true;
		this.beside = null;
		this.queue = new ArrayList<>(0);
		this.queuedBytes = 0;
		this.queuedPings = 0;
		this.spare = null;
	}

	/**
	 * What {@link ConnectionTraffic} tells of what goes out.
	 */
	record Totals(long messages, long bytes, long dropped, int waitingMessages, long waitingBytes, long writes,
			long writing) {
	}

}
