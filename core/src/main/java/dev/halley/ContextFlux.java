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

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import dev.halley.CallContext.Scope;

/**
 * Between a source that may emit on any thread and the application's functions after it:
 * whatever passes here, in either direction, does so in the {@link CallContext} of the
 * connection. Not there where nothing is carried.
 */
final class ContextFlux<T> extends Flux<T> {

	private final Flux<T> source;

	ContextFlux(Flux<T> source) {
		this.source = source;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		CallContext context = CallContext.from(actual.currentContext());
		if (context == CallContext.NONE) {
			this.source.subscribe(actual);
			return;
		}
		try (Scope scope = context.enter()) {
			this.source.subscribe(new Border<>(actual, context));
		}
	}

	private static final class Border<T> implements CoreSubscriber<T> {

		private final CoreSubscriber<? super T> actual;

		private final CallContext context;

		Border(CoreSubscriber<? super T> actual, CallContext context) {
			this.actual = actual;
			this.context = context;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			try (Scope scope = this.context.enter()) {
				this.actual.onSubscribe(new Asking(subscription, this.context));
			}
		}

		@Override
		public void onNext(T element) {
			try (Scope scope = this.context.enter()) {
				this.actual.onNext(element);
			}
		}

		@Override
		public void onError(Throwable ex) {
			try (Scope scope = this.context.enter()) {
				this.actual.onError(ex);
			}
		}

		@Override
		public void onComplete() {
			try (Scope scope = this.context.enter()) {
				this.actual.onComplete();
			}
		}

	}

	private record Asking(Subscription source, CallContext context) implements Subscription {

		@Override
		public void request(long n) {
			try (Scope scope = this.context.enter()) {
				this.source.request(n);
			}
		}

		@Override
		public void cancel() {
			try (Scope scope = this.context.enter()) {
				this.source.cancel();
			}
		}

	}

}
