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

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * Has a source cancelled where its connection calls back. A merge that is cancelled while
 * one of its sources emits cancels the others on the thread of that one: a publisher's,
 * which must not wait for what the application does then.
 */
final class RelayedCancellation extends Flux<Object> {

	private final Flux<Object> source;

	RelayedCancellation(Flux<Object> source) {
		this.source = source;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Object> actual) {
		Executor callbacks = callbacks(actual.currentContext());
		this.source.subscribe((callbacks != null) ? new Relay(actual, callbacks) : actual);
	}

	/** Without a connection there is none. */
	private static @Nullable Executor callbacks(Context context) {
		return context.getOrDefault(Executor.class, null);
	}

	private record Relay(CoreSubscriber<? super Object> actual, Executor callbacks) implements CoreSubscriber<Object> {

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.actual.onSubscribe(new Relayed(subscription, this.callbacks));
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

	private record Relayed(Subscription source, Executor callbacks) implements Subscription {

		@Override
		public void request(long n) {
			this.source.request(n);
		}

		@Override
		public void cancel() {
			this.callbacks.execute(this.source::cancel);
		}

	}

}
