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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.halley.SendBuffer;
import dev.halley.SlowConsumerException;
import dev.halley.codec.Payload;

/**
 * The sending side of a connection: subscribes to the out, encodes, queues, and is the
 * only one who writes. All that is queued when the wire is free goes out in one write,
 * and more is asked for as far as there is room.
 * <p>
 * The monitor guards the fields alone; encoding, writing and the source run outside of
 * it.
 */
final class Outbound implements CoreSubscriber<Object> {

	/** What {@link #stuckSince} returns while no write waits for the peer. */
	static final long NOT_WAITING = Long.MIN_VALUE;

	private static final int KEPT_BATCH = 64;

	/** How many writes in a row a thread lends itself to. */
	private static final int WRITES_IN_A_ROW = 64;

	/** How many times in a row: the source may emit as often as it is asked for. */
	private static final int REQUESTS_IN_A_ROW = 4;

	private final Connection connection;

	private final PayloadEncoder encoder;

	private final SendBuffer sourceLimits;

	private final int maxMessages;

	private final long maxBytes;

	private final Demand demand;

	private final Turns writes;

	private final Turns requests;

	private List<Payload> queue = new ArrayList<>(0);

	private @Nullable List<Payload> spare;

	private long queuedBytes;

	private long sendingBytes;

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

	private @Nullable Subscription source;

	private @Nullable Subscription cancelled;

	/** Set by the source alone, which calls from one thread at a time. */
	private volatile boolean sourceDone;

	Outbound(Connection connection, PayloadEncoder encoder, ConnectionSettings settings) {
		this.connection = connection;
		this.encoder = encoder;
		this.maxMessages = settings.sendBufferMessages();
		this.maxBytes = settings.sendBufferBytes();
		this.demand = new Demand(settings);
		this.writes = new Turns(this::work, WRITES_IN_A_ROW, connection::handOver);
		this.requests = new Turns(this::request, REQUESTS_IN_A_ROW, connection::callBack);
		this.sourceLimits = new SendBuffer(this.demand.left(), this.maxBytes, settings.overflow(), encoder);
	}

	void start(Publisher<Object> out) {
		this.lastWrite = this.connection.now();
		try {
			out.subscribe(this);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	@Override
	public Context currentContext() {
		return Context.of(SendBuffer.class, this.sourceLimits);
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		boolean first;
		synchronized (this) {
			first = this.source == null && !this.over && this.closing == null;
			this.source = first ? subscription : this.source;
		}
		if (first) {
			this.requests.take();
		}
		else {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(Object element) {
		if (this.sourceDone) {
			return;
		}
		try {
			if (element instanceof CloseStatus status) {
				this.connection.close(status);
				return;
			}
			enqueue(this.encoder.encode(element), true);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	@Override
	public void onError(Throwable ex) {
		if (this.sourceDone) {
			return;
		}
		this.sourceDone = true;
		if (ex instanceof SlowConsumerException) {
			this.connection.slowConsumer();
		}
		else if (this.connection.isOpen()) {
			this.connection.report("out failed", ex);
			this.connection.close(CloseStatus.SERVER_ERROR);
		}
	}

	@Override
	public void onComplete() {
		this.sourceDone = true;
		synchronized (this) {
			this.source = Operators.cancelledSubscription();
		}
		Transport transport = this.connection.transport();
		if (transport != null && !transport.outlivesOut()) {
			this.connection.close(CloseStatus.NORMAL);
		}
	}

	/** Queues a message that is no source's. */
	void offer(Payload payload) {
		enqueue(payload, false);
	}

	/**
	 * One that nobody asked for finds the limits of the send buffer, so that a source
	 * that ignores demand cannot fill the memory.
	 */
	private void enqueue(Payload payload, boolean fromSource) {
		int size = payload.size();
		boolean full;
		boolean pressing;
		synchronized (this) {
			if (this.closing != null || this.over) {
				return;
			}
			boolean asked = fromSource && this.demand.isMetBy(size);
			full = !asked && isFull(size);
			if (!full) {
				this.queue.add(payload);
				this.queuedBytes += size;
			}
			pressing = this.demand.isExhausted() || isHalfFull();
		}
		if (full) {
			this.connection.slowConsumer();
		}
		else if (pressing) {
			takeWrite();
		}
		else {
			drain();
		}
	}

	private boolean isHalfFull() {
		return this.queue.size() > this.maxMessages / 2 || this.queuedBytes > this.maxBytes / 2;
	}

	private boolean isFull(int size) {
		return !this.queue.isEmpty()
				&& (this.queue.size() >= this.maxMessages || this.queuedBytes + size > this.maxBytes);
	}

	/** Puts a ping before all that is queued. */
	void ping(Payload ping) {
		synchronized (this) {
			if (this.closing == null && !this.over) {
				this.queue.add(0, ping);
			}
		}
		drain();
	}

	/** Asks for the end of the connection after what is queued, or without it. */
	void close(CloseStatus status, boolean discard) {
		synchronized (this) {
			if (this.closing != null || this.over) {
				return;
			}
			this.closing = status;
			if (discard) {
				this.queue.clear();
				this.queuedBytes = 0;
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
			this.queue = new ArrayList<>(0);
			this.spare = null;
		}
		cancelSource();
	}

	/**
	 * Leaves it to whoever writes: a source that is cancelled may interrupt its thread,
	 * and in the middle of a write that would break the wire.
	 */
	private void cancelSource() {
		synchronized (this) {
			this.cancelled = (this.cancelled != null) ? this.cancelled : this.source;
			this.source = Operators.cancelledSubscription();
		}
		if (isDraining()) {
			cancel();
		}
		else {
			this.writes.take();
		}
	}

	private void cancel() {
		Subscription source;
		synchronized (this) {
			source = this.cancelled;
			this.cancelled = null;
		}
		try {
			if (source != null) {
				source.cancel();
			}
		}
		catch (Throwable ex) {
			this.connection.report("cancelling out failed", ex);
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
		cancel();
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
		List<Payload> batch = this.queue;
		this.queue = (this.spare != null) ? this.spare : new ArrayList<>(4);
		this.spare = null;
		this.sendingBytes = this.queuedBytes;
		this.queuedBytes = 0;
		this.sending = true;
		this.lastWrite = this.connection.now();
		this.waitingSince = this.lastWrite;
		return batch;
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
			this.sendingBytes = 0;
			this.waitingSince = NOT_WAITING;
			keep(batch);
		}
		if (this.demand.isStepwise()) {
			this.requests.take();
		}
		synchronized (this) {
			this.sending = false;
		}
		this.requests.take();
		drain();
	}

	private void keep(List<Payload> batch) {
		if (batch.size() <= KEPT_BATCH && !this.over) {
			batch.clear();
			this.spare = batch;
		}
	}

	/**
	 * Asks the source for as many messages as there is room for. Not from within: a
	 * source that emits as it is asked would never return.
	 */
	private void request() {
		Subscription source;
		int more;
		synchronized (this) {
			source = this.source;
			if (source == null || this.closing != null || this.over) {
				return;
			}
			more = this.demand.next(this.queue.size(), this.queuedBytes + this.sendingBytes);
		}
		if (more == 0) {
			return;
		}
		try {
			source.request(more);
		}
		catch (Throwable ex) {
			onError(ex);
		}
		if (this.demand.isStepwise()) {
			this.requests.take();
		}
	}

}
