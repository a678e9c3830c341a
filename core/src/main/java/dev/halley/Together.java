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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Has hubs that are merged wait for each other: none of them is asked for anything before
 * all are subscribed to, so that whoever is cut off after the first message has a
 * position in each. In the Reactor context of connections that have {@link Positions}.
 * <p>
 * The monitor guards the fields alone.
 */
final class Together {

	private final List<Held> waiting = new ArrayList<>();

	private int missing;

	private Together(int missing) {
		this.missing = missing;
	}

	/**
	 * Returns where the sources of a merge wait, if their positions matter.
	 * @param context that of who subscribes to the merge
	 * @param sources how many there are
	 */
	static @Nullable Together of(ContextView context, int sources) {
		return (Positions.from(context) != null) ? new Together(sources) : null;
	}

	/** One of the sources. */
	Flux<Object> join(Flux<Object> source) {
		Flux<Object> joined = source
			.contextWrite((context) -> isOuterWaiting(context) ? context : context.put(Together.class, this));
		return new Flux<>() {
			@Override
			public void subscribe(CoreSubscriber<? super Object> actual) {
				joined.subscribe(actual);
				arrived();
			}
		};
	}

	/** Then all the sources of this merge are subscribed to when it goes on. */
	private static boolean isOuterWaiting(ContextView context) {
		Together outer = context.getOrDefault(Together.class, null);
		return outer != null && outer.isWaiting();
	}

	/** Returns who subscribes to a hub in place of another, and may have to wait. */
	static CoreSubscriber<? super Object> held(CoreSubscriber<? super Object> subscriber) {
		Together together = subscriber.currentContext().getOrDefault(Together.class, null);
		return (together != null && together.isWaiting()) ? together.new Held(subscriber) : subscriber;
	}

	private synchronized boolean isWaiting() {
		return this.missing > 0;
	}

	private void arrived() {
		synchronized (this) {
			if (--this.missing > 0) {
				return;
			}
		}
		this.waiting.forEach(Held::release);
	}

	private final class Held implements CoreSubscriber<Object>, Subscription {

		private final CoreSubscriber<? super Object> actual;

		private Subscription source = Operators.cancelledSubscription();

		private long requested;

		private boolean released;

		Held(CoreSubscriber<? super Object> actual) {
			this.actual = actual;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.source = subscription;
			synchronized (Together.this) {
				this.released = Together.this.missing == 0;
				if (!this.released) {
					Together.this.waiting.add(this);
				}
			}
			this.actual.onSubscribe(this);
		}

		@Override
		public void request(long n) {
			synchronized (Together.this) {
				if (!this.released) {
					this.requested = Operators.addCap(this.requested, n);
					return;
				}
			}
			this.source.request(n);
		}

		private void release() {
			long requested;
			synchronized (Together.this) {
				this.released = true;
				requested = this.requested;
			}
			if (requested > 0) {
				this.source.request(requested);
			}
		}

		@Override
		public void cancel() {
			this.source.cancel();
		}

		@Override
		public void onNext(Object element) {
			this.actual.onNext(element);
		}

		@Override
		public void onError(Throwable ex) {
			this.actual.onError(ex);
		}

		@Override
		public void onComplete() {
			this.actual.onComplete();
		}

	}

}
