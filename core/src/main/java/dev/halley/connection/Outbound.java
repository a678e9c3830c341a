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
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.halley.Overflow;
import dev.halley.SendBuffer;
import dev.halley.SlowConsumerException;
import dev.halley.codec.Payload;

/**
 * The sending side of a connection: subscribes to the out, encodes, queues, and is the
 * only one who writes. All that is queued when the wire is free goes out in one write,
 * and more is asked for as far as there is room.
 * <p>
 * The monitor guards the queue alone; encoding, writing and the source run outside of it.
 */
final class Outbound implements CoreSubscriber<Object> {

	/** The most messages that a source is asked for in advance. */
	private static final int WINDOW = 64;

	private static final int KEPT_BATCH = 64;

	private final Connection connection;

	private final PayloadEncoder encoder;

	private final SendBuffer limits;

	private final int window;

	private final AtomicInteger drains = new AtomicInteger();

	private List<Payload> queue = new ArrayList<>(0);

	private @Nullable List<Payload> spare;

	private long queuedBytes;

	private long sendingBytes;

	private boolean sending;

	private @Nullable CloseStatus closing;

	private boolean closeSent;

	private boolean over;

	private volatile @Nullable Thread corked;

	private volatile long progressed;

	private @Nullable Subscription source;

	private int outstanding;

	/** The size of large messages, lately. */
	private int largest = 1;

	Outbound(Connection connection, PayloadEncoder encoder, ConnectionSettings settings) {
		this.connection = connection;
		this.encoder = encoder;
		this.limits = new SendBuffer(settings.sendBufferMessages(), settings.sendBufferBytes(), settings.overflow(),
				encoder);
		this.window = (settings.overflow() == Overflow.LATEST) ? 1 : Math.min(WINDOW, this.limits.messages());
	}

	void start(Publisher<Object> out) {
		try {
			out.subscribe(this);
		}
		catch (Throwable ex) {
			Exceptions.throwIfJvmFatal(ex);
			onError(ex);
		}
	}

	@Override
	public Context currentContext() {
		return Context.of(SendBuffer.class, this.limits);
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		boolean first;
		synchronized (this) {
			first = this.source == null && !this.over && this.closing == null;
			this.source = first ? subscription : this.source;
		}
		if (first) {
			askForMore();
		}
		else {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(Object element) {
		if (element instanceof CloseStatus status) {
			this.connection.close(status);
			return;
		}
		try {
			Payload payload = this.encoder.encode(element);
			synchronized (this) {
				this.outstanding = Math.max(0, this.outstanding - 1);
				this.largest = Math.max(payload.size(), this.largest - this.largest / WINDOW);
			}
			offer(payload);
		}
		catch (Throwable ex) {
			Exceptions.throwIfJvmFatal(ex);
			onError(ex);
		}
	}

	@Override
	public void onError(Throwable ex) {
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
		if (!this.connection.transport().outlivesOut()) {
			this.connection.close(CloseStatus.NORMAL);
		}
	}

	/**
	 * Queues a message. One that nobody asked for finds the same limits as all others, so
	 * that a source that ignores demand cannot fill the memory.
	 */
	void offer(Payload payload) {
		boolean full;
		synchronized (this) {
			if (this.closing != null || this.over) {
				return;
			}
			full = this.queue.size() >= this.limits.messages() + this.window;
			if (!full) {
				this.queue.add(payload);
				this.queuedBytes += payload.size();
			}
		}
		if (full) {
			this.connection.slowConsumer();
		}
		else {
			drain();
		}
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

	/**
	 * Asks for the end of the connection after what is queued, or without it.
	 * @return {@code false} if that was asked for before
	 */
	boolean close(CloseStatus status, boolean discard) {
		synchronized (this) {
			if (this.closing != null || this.over) {
				return false;
			}
			this.closing = status;
			if (discard) {
				this.queue.clear();
			}
		}
		cancelSource();
		drain();
		return true;
	}

	/** The wire is gone. */
	void end() {
		synchronized (this) {
			this.over = true;
			this.queue = new ArrayList<>(0);
			this.spare = null;
		}
		cancelSource();
	}

	private void cancelSource() {
		Subscription source;
		synchronized (this) {
			source = this.source;
			this.source = Operators.cancelledSubscription();
		}
		if (source != null) {
			source.cancel();
		}
	}

	/** Holds back what this thread's handlers send, until {@link #uncork}. */
	void cork() {
		this.corked = Thread.currentThread();
	}

	void uncork() {
		this.corked = null;
		drain();
	}

	/** Since when a write waits for the peer, or {@code Long.MIN_VALUE} if none does. */
	long stuckSince() {
		synchronized (this) {
			return this.sending ? this.progressed : Long.MIN_VALUE;
		}
	}

	void progress() {
		this.progressed = this.connection.now();
	}

	boolean isCloseSent() {
		synchronized (this) {
			return this.closeSent;
		}
	}

	/**
	 * Writes what there is to write. One thread at a time; others leave it to that one.
	 */
	void drain() {
		if (this.corked == Thread.currentThread() || this.drains.getAndIncrement() != 0) {
			return;
		}
		int missed = 1;
		do {
			write();
			missed = this.drains.addAndGet(-missed);
		}
		while (missed != 0);
	}

	private void write() {
		List<Payload> batch = null;
		CloseStatus status = null;
		synchronized (this) {
			if (this.sending || this.over || this.closeSent) {
				return;
			}
			if (!this.queue.isEmpty()) {
				batch = takeAll();
			}
			else if (this.closing != null) {
				this.closeSent = true;
				status = this.closing;
			}
		}
		if (batch != null) {
			progress();
			List<Payload> writing = batch;
			this.connection.transport().send(batch, () -> sent(writing));
		}
		else if (status != null) {
			this.connection.closeSent();
			this.connection.transport().close(status);
		}
	}

	private List<Payload> takeAll() {
		List<Payload> batch = this.queue;
		this.queue = (this.spare != null) ? this.spare : new ArrayList<>(4);
		this.spare = null;
		this.sendingBytes = this.queuedBytes;
		this.queuedBytes = 0;
		this.sending = true;
		return batch;
	}

	private void sent(List<Payload> batch) {
		boolean reusable = batch.size() <= KEPT_BATCH;
		batch.clear();
		synchronized (this) {
			this.sending = false;
			this.sendingBytes = 0;
			this.spare = (reusable && !this.over) ? batch : null;
		}
		askForMore();
		drain();
	}

	/** Asks the source for as many messages as there is room for. */
	private void askForMore() {
		Subscription source;
		int more;
		synchronized (this) {
			source = this.source;
			more = room() - this.outstanding;
			if (source == null || this.closing != null || more <= 0
					|| (more < this.window / 4 && this.outstanding > 0)) {
				return;
			}
			this.outstanding += more;
		}
		source.request(more);
	}

	/** How many messages of the largest size seen have room; one if nothing waits. */
	private int room() {
		long used = this.queuedBytes + this.sendingBytes;
		long fitting = (this.limits.bytes() - used) / Math.max(1, this.largest);
		int least = (used == 0) ? 1 : 0;
		return (int) Math.max(least, Math.min(fitting, this.window - this.queue.size()));
	}

}
