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

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * Between a source that does not wait and one subscriber: a queue with the limits and the
 * overflow strategy of the subscriber's {@link SendBuffer}. Messages go through the
 * {@link Step} of the {@link Out} before they are queued, and stay in the queue only
 * while there is no demand; only then they are weighed, by the subscriber's own
 * connection.
 * <p>
 * Any thread may offer, in an order that the caller sees to; which of them delivers is
 * the matter of the {@link DeliveryTurns}. The monitor of the queue guards the fields
 * alone: no foreign code runs while it is held.
 */
final class HotSubscription extends DeliveryTurns implements Subscription {

	private static final AtomicLongFieldUpdater<HotSubscription> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(HotSubscription.class, "requested");

	private final CoreSubscriber<? super Object> subscriber;

	private final SendBuffer limits;

	private final CallContext context;

	private final Step step;

	private final Runnable onEnd;

	private final HotQueue queue;

	private final @Nullable SourceQueues queues;

	private volatile @Nullable Backlog backlog;

	private volatile boolean completed;

	private @Nullable Throwable error;

	private volatile boolean ended;

	private volatile long requested;

	/**
	 * Creates a subscription.
	 * @param subscriber who gets the messages
	 * @param step what becomes of each before it is queued
	 * @param others goes on with what a thread leaves
	 * @param onEnd to run once, when no message is taken any more and none is queued
	 */
	HotSubscription(CoreSubscriber<? super Object> subscriber, Step step, Executor others, Runnable onEnd) {
		super(others);
		this.subscriber = subscriber;
		this.limits = SendBuffer.from(subscriber.currentContext());
		this.context = CallContext.from(subscriber.currentContext());
		this.step = step;
		this.onEnd = onEnd;
		this.queue = new HotQueue(this.limits);
		this.queues = SourceQueues.from(subscriber.currentContext());
		if (this.queues != null) {
			this.queues.add(this.queue);
		}
	}

	boolean isOpen() {
		synchronized (this.queue) {
			return !this.ended && !this.completed;
		}
	}

	/** Whether the subscription ends because a message did not fit. */
	boolean isOverflown() {
		synchronized (this.queue) {
			return this.error instanceof SlowConsumerException;
		}
	}

	/**
	 * Takes a message without delivering it; call {@link #deliver} afterwards.
	 * @return {@code false} if the subscription has ended
	 */
	boolean offer(Object message) {
		synchronized (this.queue) {
			if (this.ended || this.completed) {
				return false;
			}
			if (!this.queue.offer(message)) {
				overflow();
			}
			return true;
		}
	}

	/**
	 * Takes a message that comes before all others and finds room in any case.
	 */
	void keep(Object message) {
		synchronized (this.queue) {
			if (!this.ended && !this.completed) {
				this.queue.keep(message);
			}
		}
	}

	/**
	 * Sets what comes after all that is queued, until it has no more. Call
	 * {@link #deliver} afterwards.
	 */
	void readFirst(Backlog backlog) {
		this.backlog = backlog;
	}

	/** Called within the monitor. */
	private void overflow() {
		this.queue.clear();
		this.error = new SlowConsumerException(this.limits);
		this.completed = true;
	}

	/** Ends the subscription with a last element that finds room in any case. */
	void completeWith(Object last) {
		synchronized (this.queue) {
			if (!this.completed) {
				this.queue.last(last);
				this.completed = true;
			}
		}
		deliver();
	}

	/** Ends the subscription, once all that is queued was delivered. */
	void complete(@Nullable Throwable error) {
		synchronized (this.queue) {
			if (!this.completed) {
				this.completed = true;
				this.error = error;
			}
		}
		deliver();
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
		if (this.queues != null) {
			this.queues.remove(this.queue);
		}
		try {
			this.onEnd.run();
		}
		catch (Throwable ex) {
			drop(ex);
		}
		return true;
	}

	@Override
	int drain(int most) {
		int left = most;
		long delivered = 0;
		while (left > 0) {
			boolean asked = delivered != this.requested;
			Object next = next(asked);
			if (next == null) {
				break;
			}
			delivered += pass(next, asked) ? 1 : 0;
			left--;
		}
		if (delivered != 0) {
			Operators.produced(REQUESTED, this, delivered);
		}
		if (this.completed) {
			finish();
		}
		return left;
	}

	/** Returns whether the subscriber got it. */
	private boolean pass(Object next, boolean asked) {
		try (CallContext.Scope scope = this.context.enter()) {
			Object element = (next instanceof HotQueue.Waiting waiting) ? waiting.element() : prepare(next);
			if (element != null && asked) {
				emit(element);
			}
			else if (element != null) {
				hold(element);
			}
			return element != null && asked;
		}
	}

	private @Nullable Object next(boolean asked) {
		Object next = poll(asked);
		Backlog backlog = this.backlog;
		if (next == null && asked && backlog != null) {
			next = backlog.poll();
			this.backlog = (next != null || backlog.goesOn()) ? backlog : null;
		}
		return next;
	}

	/** Whether no message is to be read any more. */
	boolean isFailed() {
		synchronized (this.queue) {
			return this.ended || this.error != null;
		}
	}

	@Nullable Object poll(boolean asked) {
		synchronized (this.queue) {
			return this.ended ? null : this.queue.poll(asked);
		}
	}

	/** What the step makes of a message, or {@code null} for nothing. */
	private @Nullable Object prepare(Object message) {
		try {
			return this.step.apply(message);
		}
		catch (Throwable ex) {
			synchronized (this.queue) {
				this.queue.clearFresh();
				this.error = ex;
				this.completed = true;
			}
			return null;
		}
	}

	/** Nobody has asked for it, so it waits, and has to be weighed. */
	private void hold(Object element) {
		Object kept = this.limits.weighable(element);
		long weight = this.limits.weigh(kept);
		synchronized (this.queue) {
			if (!this.ended && !isOverflown() && !this.queue.hold(kept, weight)) {
				overflow();
			}
		}
	}

	/**
	 * Protects the source and its other subscribers from a subscriber that throws.
	 * Operators pass on what Reactor takes for fatal rather than tell their subscriber.
	 */
	private void emit(Object element) {
		try {
			this.subscriber.onNext(element);
		}
		catch (Throwable ex) {
			cancel();
			if (Exceptions.isJvmFatal(ex)) {
				terminate(ex);
			}
			else {
				drop(ex);
			}
		}
	}

	/** Logged by Reactor; the others go on though it cannot be printed. */
	private void drop(Throwable failure) {
		try {
			Operators.onErrorDropped(failure, this.subscriber.currentContext());
		}
		catch (Throwable ex) {
			// Nobody is left to tell
		}
	}

	private void finish() {
		Backlog backlog = this.backlog;
		if (backlog != null && !isFailed() && !backlog.isOver()) {
			return;
		}
		boolean over;
		Throwable error;
		synchronized (this.queue) {
			over = this.queue.isEmpty() && !this.ended;
			error = this.error;
		}
		if (over && end()) {
			terminate(error);
		}
	}

	private void terminate(@Nullable Throwable error) {
		try (CallContext.Scope scope = this.context.enter()) {
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

	/**
	 * Messages that are read on demand.
	 */
	interface Backlog {

		/**
		 * Takes what is next. Looks into the queue of the subscription first, where
		 * something may have been put meanwhile.
		 * @return the next element, or {@code null} if there is none now, and none any
		 * more unless this {@linkplain #goesOn goes on}
		 */
		@Nullable Object poll();

		/** Whether there is nothing left, of one that gets nothing new. */
		boolean isOver();

		/** Whether something may come after there was nothing. */
		default boolean goesOn() {
			return false;
		}

	}

}
