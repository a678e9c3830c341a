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
import dev.halley.SourceQueues;
import dev.halley.StackReserve;
import dev.halley.codec.MessageCodec;
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

	private final boolean timing;

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

	private volatile boolean cancelling;

	private volatile boolean fetchDue;

	private volatile @Nullable Thread corked;

	/** How often the application has called on the corked thread. That thread's alone. */
	private int corkedCalls;

	private volatile @Nullable Thread drainer;

	private volatile long lastWrite;

	private volatile boolean writeDue;

	Outbound(Connection connection, PayloadEncoder encoder, ConnectionSettings settings) {
		this.connection = connection;
		this.encoder = encoder;
		this.timing = connection.count().isTiming();
		this.queue = new SendQueue(settings.sendBufferMessages(), settings.sendBufferBytes(), settings.overflow());
		this.demand = new Demand(settings);
		this.writes = new Turns(this::work, WRITES_IN_A_ROW, this::goOnElsewhere, this::isEndangered);
		IdentifyingEncoder ids = IdentifyingEncoder.of(encoder);
		SendBuffer limits = new SendBuffer(this.demand.sourceShare(), settings.sendBufferBytes(), settings.overflow(),
				(ids != null) ? ids : encoder);
		this.source = new SourceSubscriber(this, connection, encoder, ids, limits, this.demand.isStepwise());
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

	/** The source calls on this thread. */
	synchronized void emitting() {
		this.emitter = Thread.currentThread();
	}

	/** Encodes what goes out. */
	MessageCodec<Object> codec() {
		return this.encoder.codec();
	}

	/** Queues a message that is sent beside the source, to be written by a drain. */
	synchronized LiveConnection.Sending addBeside(Payload payload) {
		return isTaking() ? this.queue.addBeside(payload) : LiveConnection.Sending.CLOSED;
	}

	/** Whether what this thread holds back must be written before so many bytes come. */
	synchronized boolean isHoldingTooMuch(int size) {
		return isCorked() && (this.queue.isHalfFull() || !this.queue.fits(size));
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
	void enqueue(Payload payload, boolean fromSource) {
		int size = payload.size();
		boolean full;
		boolean starting;
		boolean pressing;
		synchronized (this) {
			if (!isTaking()) {
				return;
			}
			this.emitter = fromSource ? Thread.currentThread() : this.emitter;
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
		else if (starting ? askForMore() : pressing) {
			takeWrite();
		}
		else {
			drain();
		}
	}

	/** Asks for more, now that a size is known. Returns what {@link #isPressing} does. */
	private boolean askForMore() {
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
				this.fetching = false;
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
			this.fetching = false;
			if (discard) {
				this.queue.clear();
			}
		}
		this.source.detach();
		if (!isCorked()) {
			this.writeDue = true;
		}
		takeTurn();
	}

	/** The wire is gone. */
	void end() {
		synchronized (this) {
			this.over = true;
			this.waitingSince = NOT_WAITING;
			this.queue.dispose();
		}
		this.source.detach();
		takeTurn();
	}

	/**
	 * Cancels the source if the turn that has it cancelled is still to come. Called back
	 * when the wire is gone.
	 */
	void cancelNow() {
		this.source.cancelNow();
	}

	/**
	 * Holds back what this thread's handlers send, until {@link #uncork} or until so much
	 * waits that the peer would be taken for a slow one.
	 */
	void cork() {
		this.corkedCalls = 0;
		this.corked = this.demand.isStepwise() ? null : Thread.currentThread();
	}

	/**
	 * Sees to it that the stack of this thread does not end here: the application calls.
	 */
	void requireStack() {
		if (!isStackFresh()) {
			StackReserve.require();
		}
	}

	/** Whether the application was called only now, and its handler's end is awaited. */
	boolean isStackFresh() {
		return isCorked() && this.corkedCalls++ < StackReserve.SAFE_CALLS;
	}

	void uncork() {
		this.corked = null;
		drain();
	}

	/** Since when a write waits for the peer, or {@link #NOT_WAITING}. */
	synchronized long stuckSince() {
		return this.waitingSince;
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

	/** When something was written last. */
	long lastWrite() {
		return this.lastWrite;
	}

	synchronized void progress() {
		if (this.waitingSince != NOT_WAITING) {
			this.waitingSince = this.connection.now();
		}
	}

	synchronized boolean isSending() {
		return this.sending;
	}

	/** Whether something waits though the wire is free: held back for long. */
	synchronized boolean isHeldBack() {
		return !this.sending && !this.queue.isEmpty();
	}

	/** Writes what was held back. */
	void release() {
		synchronized (this) {
			this.fetching = false;
		}
		drain();
	}

	private boolean isCorked() {
		return this.corked == Thread.currentThread();
	}

	/** Writes what there is to write. One thread at a time; others leave it to it. */
	void drain() {
		if (!isCorked()) {
			takeWrite();
		}
	}

	void takeWrite() {
		this.writeDue = true;
		takeTurn();
	}

	/** The source is asked for more after the turn: it may block whoever asks. */
	private void takeTurn() {
		this.writes.take();
		fetchIfDue();
	}

	private void fetchIfDue() {
		if (this.fetchDue) {
			this.fetchDue = false;
			fetch();
		}
	}

	/** None of the threads of the wires runs the application's code. */
	private void goOnElsewhere(Runnable turns) {
		this.connection.handOver(() -> {
			turns.run();
			fetchIfDue();
		});
	}

	/**
	 * Whether this thread must not write. A source that is cancelled may interrupt the
	 * thread on which it emitted, and in the middle of a write that would break the wire.
	 * So it is cancelled between writes, and from then on others do what is left to do.
	 */
	private boolean isEndangered() {
		if (!this.cancelling) {
			return false;
		}
		synchronized (this) {
			return this.emitter == Thread.currentThread() && !this.over;
		}
	}

	/** What was interrupted before must not break the wire either. */
	private void work() {
		boolean interrupted = Thread.interrupted();
		if (this.writeDue) {
			this.writeDue = false;
			write();
		}
		if (!this.writeDue && !this.cancelling && this.source.isDetached()) {
			this.cancelling = true;
			this.source.cancelDetached();
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
			if (this.fetching && !this.queue.isEmpty()) {
				this.connection.wake();
			}
			if (isWireBusy() || this.queue.isEmpty()) {
				return false;
			}
			this.sending = true;
			this.lastWrite = this.connection.now();
			this.waitingSince = this.lastWrite;
			batch = this.queue.takeAll();
			round = ++this.round;
		}
		this.connection.count().sending(batch);
		transport.send(batch, () -> sent(batch, round));
		return true;
	}

	private boolean isWireBusy() {
		return this.sending || this.fetching || this.over;
	}

	private void writeClose(Transport transport) {
		CloseStatus status;
		synchronized (this) {
			status = this.closing;
			if (status == null || isWireBusy() || this.closeSent || !this.queue.isEmpty()) {
				return;
			}
			this.closeSent = true;
		}
		this.connection.startCloseTimeout();
		transport.close(status);
	}

	/** A write is out, on the thread that does it or on another. */
	private void sent(List<Payload> batch, int round) {
		synchronized (this) {
			if (round != this.round) {
				return;
			}
			this.round++;
			this.waitingSince = NOT_WAITING;
			this.queue.written(batch, this.timing ? this.connection.now() - this.lastWrite : 0);
			this.sending = false;
			this.fetching = this.demand.isStepwise() && isTaking();
		}
		if (this.drainer == Thread.currentThread()) {
			this.fetchDue = true;
		}
		else {
			fetch();
		}
	}

	private void fetch() {
		if (this.connection.isOnWireThread()) {
			this.connection.callBack(this::fetchNow);
		}
		else {
			fetchNow();
		}
	}

	/**
	 * Asks the source for more. Where messages wait there, they are fetched before the
	 * wire is used again, so that they share a write; a Close or a ping does not wait.
	 */
	private void fetchNow() {
		if (this.demand.isStepwise()) {
			this.source.ask();
			synchronized (this) {
				this.fetching = false;
			}
		}
		this.source.ask();
		drain();
	}

}
