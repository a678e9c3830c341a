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

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * Subscribed to a source that is recorded, on a thread of its own, and asks for all that
 * it has.
 * <p>
 * Thread-safe. The monitor guards the fields; no foreign code runs while it is held.
 *
 * @param <T> the type of the messages
 */
final class SourceRun<T> implements CoreSubscriber<T> {

	private final Target<T> target;

	private final Context context;

	private boolean over;

	private boolean cancelled;

	private @Nullable Subscription subscription;

	private @Nullable Disposable subscribing;

	/**
	 * Creates one that has not begun.
	 * @param target gets what comes
	 * @param context of the reader for which the source is begun
	 */
	SourceRun(Target<T> target, CallContext context) {
		this.target = target;
		this.context = context.addTo(Context.empty());
	}

	/** Called once. */
	void start(Supplier<? extends Publisher<? extends T>> publishers) {
		Flux<T> flux = new ContextFlux<>(Flux.defer(() -> Flux.from(publishers.get())));
		try {
			begun(SourceThreads.SCHEDULER.schedule(() -> subscribeTo(flux)));
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			end(ex);
		}
	}

	/** It may have ended meanwhile, and if it was cancelled, it may wait still. */
	private void begun(Disposable subscribing) {
		boolean cancelled;
		synchronized (this) {
			this.subscribing = this.over ? null : subscribing;
			cancelled = this.cancelled;
		}
		if (cancelled) {
			subscribing.dispose();
		}
	}

	private void subscribeTo(Flux<T> flux) {
		try {
			flux.subscribe(this);
		}
		catch (Throwable ex) {
			end(ex);
		}
	}

	/** Cancels the source: code of the application, which may wait. */
	void cancel() {
		Subscription subscription;
		Disposable subscribing;
		synchronized (this) {
			this.cancelled |= !this.over;
			subscribing = this.subscribing;
			subscription = finish();
		}
		if (subscription == null && subscribing == null) {
			return;
		}
		try {
			SourceThreads.SCHEDULER.schedule(() -> cancel(subscription, subscribing));
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			cancel(subscription, subscribing);
		}
	}

	private static void cancel(@Nullable Subscription subscription, @Nullable Disposable subscribing) {
		try {
			if (subscription != null) {
				subscription.cancel();
			}
		}
		finally {
			if (subscribing != null) {
				subscribing.dispose();
			}
		}
	}

	/** Called within the monitor. */
	private @Nullable Subscription finish() {
		Subscription subscription = this.subscription;
		this.over = true;
		this.subscription = null;
		this.subscribing = null;
		return subscription;
	}

	private void end(@Nullable Throwable failure) {
		synchronized (this) {
			if (this.over) {
				return;
			}
			finish();
		}
		this.target.end(failure);
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		boolean first;
		synchronized (this) {
			first = !this.over && this.subscription == null;
			this.subscription = first ? subscription : this.subscription;
		}
		if (first) {
			subscription.request(Long.MAX_VALUE);
		}
		else {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(T message) {
		if (isOver() || this.target.add(message)) {
			return;
		}
		Subscription subscription;
		synchronized (this) {
			subscription = finish();
		}
		if (subscription != null) {
			subscription.cancel();
		}
	}

	private synchronized boolean isOver() {
		return this.over;
	}

	@Override
	public void onError(Throwable ex) {
		end(ex);
	}

	@Override
	public void onComplete() {
		end(null);
	}

	/**
	 * What is done with what comes. Called by the source, and never after it was
	 * cancelled but for what was under way.
	 *
	 * @param <T> the type of the messages
	 */
	interface Target<T> {

		/**
		 * Takes a message.
		 * @return whether more is wanted: if not, the source is cancelled
		 */
		boolean add(T message);

		/** The source has ended, or failed. */
		void end(@Nullable Throwable failure);

	}

}
