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
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;

import dev.halley.SendBuffer;
import dev.halley.codec.Payload;

/**
 * The sending side of a connection: queues what the {@link SourceSubscriber} and others
 * have to send, and is the only one who writes. All that is queued when the wire is free
 * goes out in one write, and the source is asked for more as far as there is room.
 * <p>
 * The monitor guards the fields alone, those of the {@link SourceSubscriber} too;
 * encoding, writing and the source run outside of it.
 */
final class Outbound {

	/** What {@link #stuckSince} returns while no write waits for the peer. */
	static final long NOT_WAITING = Long.MIN_VALUE;

	/** How many writes in a row a thread lends itself to. */
	private static final int WRITES_IN_A_ROW = 64;

	private final Connection connection;

	private final PayloadEncoder encoder;

	private final SendQueue queue;

	private final Demand demand;

	private final SourceSubscriber source;

	private final Turns writes;

	private boolean sending;

	/** Counts the writes and their ends, so that a second end of one is known. */
	private int round;

	private long waitingSince = NOT_WAITING;

	private @Nullable CloseStatus closing;

	private boolean closeSent;

	private boolean over;

	private volatile @Nullable Thread corked;

	private volatile @Nullable Thread drainer;

	private volatile long lastWrite;

	private volatile boolean writeDue;

	Outbound(Connection connection, PayloadEncoder encoder, ConnectionSettings settings) {
		this.connection = connection;
		this.encoder = encoder;
		this.queue = new SendQueue(settings.sendBufferMessages(), settings.sendBufferBytes());
		this.demand = new Demand(settings);
		this.writes = new Turns(this::work, WRITES_IN_A_ROW, connection::handOver);
		SendBuffer limits = new SendBuffer(this.demand.left(), settings.sendBufferBytes(), settings.overflow(),
				encoder);
		this.source = new SourceSubscriber(this, connection, encoder, limits, this.demand.isStepwise());
	}

	void start(Publisher<Object> out) {
		this.lastWrite = this.connection.now();
		this.source.subscribeTo(this.encoder.select(out));
	}

	/**
	 * How many messages there is room for, which count as asked for from now on. Called
	 * within the monitor.
	 */
	int takeDemand() {
		return isTaking() ? this.demand.next(this.queue.waitingMessages(), this.queue.waitingBytes()) : 0;
	}

	/** Whether messages are taken still. Called within the monitor. */
	boolean isTaking() {
		return this.closing == null && !this.over;
	}

	/** Queues a message of the source's. */
	void emitted(Payload payload) {
		enqueue(payload, true);
	}

	/** Queues a message that is no source's. */
	void offer(Payload payload) {
		enqueue(payload, false);
	}

	/** Queues the last message, which there is always room for. */
	void offerLast(Payload payload) {
		int size = payload.size();
		synchronized (this) {
			if (isTaking()) {
				this.queue.add(payload, size);
			}
		}
		drain();
	}

	/**
	 * One that nobody asked for finds the limits of the send buffer, so that a source
	 * that ignores demand cannot fill the memory.
	 */
	private void enqueue(Payload payload, boolean fromSource) {
		int size = payload.size();
		boolean full;
		boolean starting;
		boolean pressing;
		synchronized (this) {
			if (!isTaking()) {
				return;
			}
			boolean asked = fromSource && this.demand.isMetBy(size);
			full = !asked && !this.queue.fits(size);
			if (!full) {
				this.queue.add(payload, size);
			}
			starting = asked && this.demand.isStarting();
			pressing = isPressing();
		}
		if (full) {
			this.connection.slowConsumer();
		}
		else if (starting ? isPressingStill() : pressing) {
			takeWrite();
		}
		else {
			drain();
		}
	}

	/** Asks for more, now that a size is known, and tells whether none is to come yet. */
	private boolean isPressingStill() {
		drain();
		this.source.ask();
		synchronized (this) {
			return isPressing();
		}
	}

	/** Whether what waits must not be held back. */
	private boolean isPressing() {
		return this.demand.isExhausted() || this.queue.isHalfFull();
	}

	/** Puts a ping before all that is queued. */
	void ping(Payload ping) {
		synchronized (this) {
			if (isTaking()) {
				this.queue.addFirst(ping);
			}
		}
		drain();
	}

	/** Asks for the end of the connection after what is queued, or without it. */
	void close(CloseStatus status, boolean discard) {
		synchronized (this) {
			if (!isTaking()) {
				return;
			}
			this.closing = status;
			if (discard) {
				this.queue.clear();
			}
		}
		cancelSource();
		drain();
	}

	/** The wire is gone. */
	void end() {
		synchronized (this) {
			this.over = true;
			this.waitingSince = NOT_WAITING;
			this.queue.dispose();
		}
		cancelSource();
	}

	/**
	 * Leaves it to whoever writes: a source that is cancelled may interrupt its thread,
	 * and in the middle of a write that would break the wire.
	 */
	private void cancelSource() {
		this.source.detach();
		if (isDraining()) {
			this.source.cancelDetached();
		}
		else {
			this.writes.take();
		}
	}

	/**
	 * Holds back what this thread's handlers send, until {@link #uncork} or until so much
	 * waits that the peer would be taken for a slow one.
	 */
	void cork() {
		this.corked = this.demand.isStepwise() ? null : Thread.currentThread();
	}

	void uncork() {
		this.corked = null;
		drain();
	}

	/** Since when a write waits for the peer, or {@link #NOT_WAITING}. */
	synchronized long stuckSince() {
		return this.waitingSince;
	}

	/** When something was written last. */
	long lastWrite() {
		return this.lastWrite;
	}

	synchronized void progress() {
		if (this.waitingSince != NOT_WAITING) {
			this.waitingSince = this.connection.now();
		}
	}

	synchronized boolean isCloseSent() {
		return this.closeSent;
	}

	synchronized boolean isSending() {
		return this.sending;
	}

	/** Whether something waits though the wire is free: corked for long. */
	synchronized boolean isHeldBack() {
		return !this.sending && !this.queue.isEmpty();
	}

	/** Whether this thread is writing, and so may be anybody's. */
	boolean isDraining() {
		return this.drainer == Thread.currentThread();
	}

	/**
	 * Writes what there is to write. One thread at a time; others leave it to that one.
	 */
	void drain() {
		if (this.corked != Thread.currentThread()) {
			takeWrite();
		}
	}

	private void takeWrite() {
		this.writeDue = true;
		this.writes.take();
	}

	/** What was interrupted before must not break the wire either. */
	private void work() {
		boolean interrupted = Thread.interrupted();
		this.source.cancelDetached();
		if (this.writeDue) {
			this.writeDue = false;
			write();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void write() {
		Transport transport = this.connection.transport();
		if (transport == null) {
			return;
		}
		this.drainer = Thread.currentThread();
		try {
			if (!writeBatch(transport)) {
				writeClose(transport);
			}
		}
		catch (Throwable ex) {
			this.connection.writeFailed(ex);
		}
		finally {
			this.drainer = null;
		}
	}

	private boolean writeBatch(Transport transport) {
		List<Payload> batch;
		int round;
		synchronized (this) {
			if (this.sending || this.over || this.closeSent || this.queue.isEmpty()) {
				return false;
			}
			batch = takeAll();
			round = ++this.round;
		}
		transport.send(batch, () -> sent(batch, round));
		return true;
	}

	private List<Payload> takeAll() {
		this.sending = true;
		this.lastWrite = this.connection.now();
		this.waitingSince = this.lastWrite;
		return this.queue.takeAll();
	}

	private void writeClose(Transport transport) {
		CloseStatus status;
		synchronized (this) {
			status = this.closing;
			if (status == null || this.sending || this.over || this.closeSent || !this.queue.isEmpty()) {
				return;
			}
			this.closeSent = true;
		}
		this.connection.closeSent();
		transport.close(status);
	}

	/**
	 * A write is out. Where messages wait at the source, they are fetched before the wire
	 * is given free, so that they share a write.
	 */
	private void sent(List<Payload> batch, int round) {
		synchronized (this) {
			if (round != this.round) {
				return;
			}
			this.round++;
			this.waitingSince = NOT_WAITING;
			this.queue.written(batch);
		}
		if (this.demand.isStepwise()) {
			this.source.ask();
		}
		synchronized (this) {
			this.sending = false;
		}
		this.source.ask();
		drain();
	}

}
