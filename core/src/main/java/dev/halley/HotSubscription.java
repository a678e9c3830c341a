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

package dev.halley;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * Between a source that does not wait and one subscriber: a queue with the limits and the
 * overflow strategy of the subscriber's {@link SendBuffer}. Messages stay in the queue
 * only while there is no demand.
 * <p>
 * Any thread may offer, in an order that the caller sees to; {@link #drain} delivers on
 * one thread at a time. The monitor guards the queue alone: no foreign code runs while it
 * is held.
 */
final class HotSubscription implements Subscription {

	private static final AtomicLongFieldUpdater<HotSubscription> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(HotSubscription.class, "requested");

	private static final AtomicIntegerFieldUpdater<HotSubscription> DRAINS = AtomicIntegerFieldUpdater
		.newUpdater(HotSubscription.class, "drains");

	private final CoreSubscriber<? super Object> subscriber;

	private final SendBuffer limits;

	private final Runnable onEnd;

	private final ArrayDeque<Object> queue = new ArrayDeque<>(0);

	private long bytes;

	private boolean completed;

	private @Nullable Throwable error;

	private volatile boolean ended;

	private volatile long requested;

	private volatile int drains;

	HotSubscription(CoreSubscriber<? super Object> subscriber, Runnable onEnd) {
		this.subscriber = subscriber;
		this.limits = SendBuffer.from(subscriber.currentContext());
		this.onEnd = onEnd;
	}

	/** The weigher of the subscriber's connection, if it has one. */
	SendBuffer limits() {
		return this.limits;
	}

	boolean isOpen() {
		synchronized (this.queue) {
			return !this.ended && !this.completed;
		}
	}

	/**
	 * Queues an element without delivering it; call {@link #drain} afterwards.
	 * @return {@code false} if the subscription has ended, or ends because the element
	 * does not fit
	 */
	boolean offer(Object element) {
		long weight = weigh(element);
		synchronized (this.queue) {
			if (this.ended || this.completed) {
				return false;
			}
			if (fits(weight) || makeRoom(weight)) {
				this.queue.add(element);
				this.bytes += weight;
			}
			return !this.completed;
		}
	}

	private boolean fits(long weight) {
		return this.queue.isEmpty()
				|| (this.queue.size() < this.limits.capacity() && this.bytes + weight <= this.limits.bytes());
	}

	private boolean makeRoom(long weight) {
		return switch (this.limits.overflow()) {
			case DROP_LATEST -> false;
			case DROP_OLDEST, LATEST -> {
				while (!fits(weight)) {
					this.bytes -= weigh(this.queue.remove());
				}
				yield true;
			}
			case CLOSE -> {
				this.queue.clear();
				this.error = new SlowConsumerException(this.limits);
				this.completed = true;
				yield false;
			}
		};
	}

	/** Ends the subscription with a last element that finds room in any case. */
	void completeWith(Object last) {
		synchronized (this.queue) {
			if (!this.completed) {
				this.queue.add(last);
				this.completed = true;
			}
		}
		drain();
	}

	/** Ends the subscription, once all that is queued was delivered. */
	void complete(@Nullable Throwable error) {
		synchronized (this.queue) {
			if (!this.completed) {
				this.completed = true;
				this.error = error;
			}
		}
		drain();
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			drain();
		}
	}

	@Override
	public void cancel() {
		if (end()) {
			synchronized (this.queue) {
				this.queue.clear();
			}
		}
	}

	private boolean end() {
		synchronized (this.queue) {
			if (this.ended) {
				return false;
			}
			this.ended = true;
		}
		try {
			this.onEnd.run();
		}
		catch (Throwable ex) {
			drop(ex);
		}
		return true;
	}

	/** Delivers what is queued and asked for. */
	void drain() {
		if (DRAINS.getAndIncrement(this) != 0) {
			return;
		}
		int missed = 1;
		do {
			deliver();
			missed = DRAINS.addAndGet(this, -missed);
		}
		while (missed != 0);
	}

	private void deliver() {
		long delivered = 0;
		long demand = this.requested;
		while (delivered != demand) {
			Object next = poll();
			if (next == null) {
				break;
			}
			if (!emit(next)) {
				return;
			}
			delivered++;
		}
		if (delivered != 0) {
			Operators.produced(REQUESTED, this, delivered);
		}
		finish();
	}

	/**
	 * Protects the source and its other subscribers from a subscriber that throws.
	 * Operators pass on what Reactor takes for fatal rather than tell their subscriber.
	 */
	private boolean emit(Object next) {
		try {
			this.subscriber.onNext(next);
			return true;
		}
		catch (Throwable ex) {
			cancel();
			if (Exceptions.isJvmFatal(ex)) {
				terminate(ex);
			}
			else {
				drop(ex);
			}
			return false;
		}
	}

	private void drop(Throwable ex) {
		Operators.onErrorDropped(ex, this.subscriber.currentContext());
	}

	private @Nullable Object poll() {
		synchronized (this.queue) {
			Object next = this.ended ? null : this.queue.poll();
			if (next != null) {
				this.bytes -= weigh(next);
			}
			return next;
		}
	}

	private void finish() {
		boolean over;
		Throwable error;
		synchronized (this.queue) {
			over = this.completed && this.queue.isEmpty() && !this.ended;
			error = this.error;
		}
		if (over && end()) {
			terminate(error);
		}
	}

	private void terminate(@Nullable Throwable error) {
		try {
			if (error != null) {
				this.subscriber.onError(error);
			}
			else {
				this.subscriber.onComplete();
			}
		}
		catch (Throwable ex) {
			drop(ex);
		}
	}

	/** A size that is the same each time it is asked for: shared messages keep theirs. */
	private static long weigh(Object element) {
		if (element instanceof SharedMessage<?> shared) {
			return (shared.weight() >= 0) ? shared.weight() : shared.weigh(weigh(shared.message()));
		}
		if (element instanceof String text) {
			return text.length();
		}
		if (element instanceof byte[] bytes) {
			return bytes.length;
		}
		return 0;
	}

	/**
	 * Makes the size of a message known before it is queued, by encoding it if need be.
	 * What fails here is estimated; it fails again, and is reported, where the message is
	 * sent.
	 */
	static Object weighed(Object message, @Nullable ToLongFunction<Object> weigher) {
		if (weigher == null || message instanceof String) {
			return message;
		}
		SharedMessage<?> shared = (message instanceof SharedMessage<?> given) ? given : new SharedMessage<>(message);
		if (shared.weight() < 0) {
			try {
				shared.weigh(weigher.applyAsLong(shared));
			}
			catch (Throwable ex) {
				return shared;
			}
		}
		return shared;
	}

}
