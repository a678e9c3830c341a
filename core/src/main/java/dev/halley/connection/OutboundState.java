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

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.SourceQueues;
import dev.halley.codec.Payload;

/**
 * How far the sending side of a connection is: what waits for the wire, how much of the
 * source is asked for, whether a write is under way, and whether the end was asked for.
 * Each step is decided at once, and does nothing else but to wake the {@link TimeOuts}
 * where something is held back: the {@link Outbound} writes, and the
 * {@link SourceSubscriber} asks.
 * <p>
 * The monitor guards the fields, the {@link SendQueue} and the {@link Demand}.
 */
final class OutboundState {

	/** What {@link #stuckSince} returns while no write waits for the peer. */
	static final long NOT_WAITING = Long.MIN_VALUE;

	private final Connection connection;

	private final SendQueue queue;

	private final Demand demand;

	private boolean sending;

	/** What waits at the source is being fetched, to share the next write. */
	private boolean fetching;

	/** Counts the writes and their ends, so that a second end of one is known. */
	private int round;

	private long waitingSince = NOT_WAITING;

	private @Nullable CloseStatus closing;

	private boolean closeSent;

	private boolean over;

	/** The last thread on which the source emitted: one that its end may interrupt. */
	private @Nullable Thread emitter;

	/** Changed within the monitor alone. */
	private volatile long lastWrite;

	OutboundState(Connection connection, ConnectionSettings settings) {
		this.connection = connection;
		this.queue = new SendQueue(settings.sendBufferMessages(), settings.sendBufferBytes(), settings.overflow());
		this.demand = new Demand(settings);
	}

	/** Until something is written, the time of the start counts as the last write's. */
	synchronized void start() {
		this.lastWrite = this.connection.now();
	}

	/** The part of the send buffer's messages that the source may hold itself. */
	int sourceShare() {
		return this.demand.sourceShare();
	}

	/** Whether the source is asked for one message at a time. */
	boolean isStepwise() {
		return this.demand.isStepwise();
	}

	/** How many messages there is room for, which count as asked for from now on. */
	synchronized int takeDemand() {
		return isTaking() ? this.demand.next(this.queue.waitingMessages(), this.queue.waitingBytes()) : 0;
	}

	/** Whether messages are taken still. */
	synchronized boolean isTaking() {
		return this.closing == null && !this.over;
	}

	/** The source calls on this thread. */
	synchronized void emitting() {
		this.emitter = Thread.currentThread();
	}

	/** Whether this thread is the last one on which the source emitted. */
	synchronized boolean isEmitting() {
		return this.emitter == Thread.currentThread() && !this.over;
	}

	/**
	 * Queues a message. One that nobody asked for finds the limits of the send buffer, so
	 * that a source that ignores demand cannot fill the memory.
	 */
	synchronized Queued add(Payload payload, int size, boolean fromSource) {
		if (!isTaking()) {
			return Queued.NOT;
		}
		this.emitter = fromSource ? Thread.currentThread() : this.emitter;
		boolean asked = fromSource && this.demand.isMetBy(size);
		if (!asked && !this.queue.fits(size)) {
			return Queued.TOO_MUCH;
		}
		this.queue.add(payload, size);
		if (asked && this.demand.isStarting()) {
			return Queued.STARTING;
		}
		return isPressing() ? Queued.PRESSING : Queued.WAITING;
	}

	/** Queues a message that is sent beside the source. */
	synchronized LiveConnection.Sending addBeside(Payload payload) {
		return isTaking() ? this.queue.addBeside(payload) : LiveConnection.Sending.CLOSED;
	}

	/** Queues the last message, which there is always room for. */
	synchronized void addLast(Payload payload, int size) {
		if (isTaking()) {
			this.queue.add(payload, size);
		}
	}

	/** Puts a ping before all that is queued, and waits for nothing from the source. */
	synchronized void addPing(Payload ping) {
		if (isTaking()) {
			this.queue.addFirst(ping);
			this.fetching = false;
		}
	}

	/** Whether what waits must not be held back. */
	synchronized boolean isPressing() {
		return this.demand.isExhausted() || this.queue.isHalfFull();
	}

	/** Whether what waits must not be held back when so many bytes come. */
	synchronized boolean isTooMuchWith(int size) {
		return this.queue.isHalfFull() || !this.queue.fits(size);
	}

	/** Whether something waits though the wire is free: held back for long. */
	synchronized boolean isHeldBack() {
		return !this.sending && !this.queue.isEmpty();
	}

	/**
	 * Begins a write of all that waits. Ended by {@link #written}.
	 * @return what to write, or {@code null} if there is nothing, or the wire is not free
	 */
	synchronized @Nullable List<Payload> takeBatch() {
		if (this.fetching && !this.queue.isEmpty()) {
			this.connection.timeOuts().wake();
		}
		if (isWireBusy() || this.queue.isEmpty()) {
			return null;
		}
		this.sending = true;
		this.lastWrite = this.connection.now();
		this.waitingSince = this.lastWrite;
		this.round++;
		return this.queue.takeAll();
	}

	private boolean isWireBusy() {
		return this.sending || this.fetching || this.over;
	}

	/**
	 * The number of the write that has begun. For the thread that has begun it, until it
	 * hands it over: no other changes the number meanwhile.
	 */
	int round() {
		return this.round;
	}

	/** The network has taken more of what is written. */
	synchronized void progress() {
		if (this.waitingSince != NOT_WAITING) {
			this.waitingSince = this.connection.now();
		}
	}

	/**
	 * A write is out. If the source is asked for one message at a time, the wire is free
	 * once what waits there is {@linkplain #fetched() fetched}.
	 * @return {@code false} if that was known
	 */
	synchronized boolean written(List<Payload> batch, int round) {
		if (round != this.round) {
			return false;
		}
		this.round++;
		this.waitingSince = NOT_WAITING;
		this.queue.written(batch, this.connection.count().isTiming() ? this.connection.now() - this.lastWrite : 0);
		this.sending = false;
		this.fetching = isStepwise() && isTaking();
		return true;
	}

	/** The wire waits no longer for what is fetched from the source. */
	synchronized void fetched() {
		this.fetching = false;
	}

	/**
	 * The end was asked for, after what is queued or without it.
	 * @return {@code false} if it was before
	 */
	synchronized boolean close(CloseStatus status, boolean discard) {
		if (!isTaking()) {
			return false;
		}
		this.closing = status;
		this.fetching = false;
		if (discard) {
			this.queue.clear();
		}
		return true;
	}

	/**
	 * Takes the status of the Close, once all is written before it.
	 * @return the status, or {@code null} if it is not the time for a Close
	 */
	synchronized @Nullable CloseStatus takeClose() {
		if (this.closing == null || isWireBusy() || this.closeSent || !this.queue.isEmpty()) {
			return null;
		}
		this.closeSent = true;
		return this.closing;
	}

	/** The wire is gone. */
	synchronized void end() {
		this.over = true;
		this.waitingSince = NOT_WAITING;
		this.queue.dispose();
	}

	/** Whether a write is under way. */
	synchronized boolean isSending() {
		return this.sending;
	}

	/** Since when a write waits for the peer, or {@link #NOT_WAITING}. */
	synchronized long stuckSince() {
		return this.waitingSince;
	}

	/** When something was written last. */
	long lastWrite() {
		return this.lastWrite;
	}

	/** How many messages were written. */
	synchronized long sentMessages() {
		return this.queue.sentMessages();
	}

	/** How much was written, and how much waits here or at the source. */
	SendQueue.Totals totals() {
		SourceQueues.Size source = this.connection.ending().queues().size();
		synchronized (this) {
			return this.queue.totals(source);
		}
	}

	/**
	 * What has become of a message, and what it calls for.
	 */
	enum Queued {

		/** It waits for the wire, and may wait for others. */
		WAITING,

		/** It waits for the wire, and should not wait for others. */
		PRESSING,

		/** It waits, and more is to be asked of the source now that its size is known. */
		STARTING,

		/** There is no room for it, and nobody has asked for it. */
		TOO_MUCH,

		/** No message is taken any more. */
		NOT

	}

}
