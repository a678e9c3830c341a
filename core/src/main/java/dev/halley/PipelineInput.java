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

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/**
 * The messages of one connection as the input of a pipeline. What is fed goes on at once
 * if the pipeline has asked for it; otherwise one message is held, and whoever feeds is
 * told to wait until the next is asked for. That is how the pipeline's demand reaches the
 * socket.
 * <p>
 * {@link #feed} and {@link #complete} are called serially; the pipeline may ask on any
 * thread. The monitor guards the fields alone.
 *
 * @param <T> the type of the messages
 */
final class PipelineInput<T> extends Flux<T> implements Subscription {

	private @Nullable CoreSubscriber<? super T> subscriber;

	private long requested;

	private @Nullable T held;

	private Sinks.@Nullable Empty<Void> waiting;

	private boolean emitting;

	private boolean completed;

	private boolean over;

	@Override
	public void subscribe(CoreSubscriber<? super T> subscriber) {
		boolean first;
		synchronized (this) {
			first = this.subscriber == null;
			if (first) {
				this.subscriber = subscriber;
				this.emitting = true;
			}
		}
		if (first) {
			start(subscriber);
		}
		else {
			Operators.error(subscriber,
					new IllegalStateException("The input of a pipeline can be subscribed to only once"));
		}
	}

	/** Counts as emitting, so that no other thread signals before this has returned. */
	private void start(CoreSubscriber<? super T> subscriber) {
		subscriber.onSubscribe(this);
		synchronized (this) {
			this.emitting = false;
		}
		emit();
	}

	/**
	 * Takes the next message.
	 * @return {@code null} if the pipeline asks for more, otherwise a publisher that
	 * completes when it does
	 */
	@Nullable Publisher<?> feed(T message) {
		synchronized (this) {
			if (this.over) {
				return null;
			}
			this.held = message;
		}
		emit();
		synchronized (this) {
			if (this.over || (this.held == null && this.requested > 0)) {
				return null;
			}
			this.waiting = Sinks.empty();
			return this.waiting.asMono();
		}
	}

	/**
	 * Completes the input, after the message that may be held. Whoever waits for demand
	 * then is released.
	 */
	void complete() {
		synchronized (this) {
			this.completed = true;
		}
		emit();
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			synchronized (this) {
				requireStack();
				this.requested = Operators.addCap(this.requested, n);
			}
			emit();
		}
	}

	/** Who waits for demand goes on here, and may have to have the socket read on. */
	private void requireStack() {
		if (this.waiting != null) {
			StackReserve.require();
		}
	}

	@Override
	public void cancel() {
		Sinks.Empty<Void> waiting;
		synchronized (this) {
			this.over = true;
			this.held = null;
			waiting = this.waiting;
		}
		goOn(waiting);
	}

	/** Hands on what may be handed on; one thread at a time, and never from within. */
	private void emit() {
		while (true) {
			CoreSubscriber<? super T> target;
			T next = null;
			boolean last = false;
			Sinks.Empty<Void> waiting = null;
			synchronized (this) {
				target = this.subscriber;
				if (this.emitting || this.over || target == null) {
					return;
				}
				if (this.held != null && this.requested > 0) {
					next = this.held;
					this.held = null;
					this.requested -= (this.requested != Long.MAX_VALUE) ? 1 : 0;
				}
				else if (this.held == null && (this.completed || this.requested > 0)) {
					last = this.completed;
					this.over = last;
					waiting = this.waiting;
					this.waiting = null;
				}
				this.emitting = next != null;
			}
			if (next == null) {
				end(target, last, waiting);
				return;
			}
			hand(target, next);
			synchronized (this) {
				this.emitting = false;
			}
		}
	}

	/** A pipeline that throws, which it must not, gets no more. */
	private void hand(CoreSubscriber<? super T> target, T next) {
		try {
			target.onNext(next);
		}
		catch (Throwable ex) {
			cancel();
			throw ex;
		}
	}

	private static void end(CoreSubscriber<?> target, boolean last, Sinks.@Nullable Empty<Void> waiting) {
		if (last) {
			target.onComplete();
		}
		goOn(waiting);
	}

	private static void goOn(Sinks.@Nullable Empty<Void> waiting) {
		if (waiting != null) {
			waiting.tryEmitEmpty();
		}
	}

}
