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

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Makes a member present from each subscription to its end.
 */
final class PresentFlux extends Flux<Object> {

	/** Where nothing tells why a subscription ends. */
	private static final ConnectionEnd LOST = () -> false;

	private final Flux<Object> source;

	private final HubPresence<?> presence;

	private final String member;

	private final Object data;

	PresentFlux(Flux<Object> source, HubPresence<?> presence, String member, Object data) {
		this.source = source;
		this.presence = presence;
		this.member = member;
		this.data = data;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Object> subscriber) {
		this.source.subscribe(new Present(subscriber));
	}

	private final class Present implements CoreSubscriber<Object>, Subscription {

		private final CoreSubscriber<? super Object> subscriber;

		private final ConnectionEnd end;

		private final AtomicBoolean left = new AtomicBoolean();

		private volatile @Nullable Subscription subscription;

		Present(CoreSubscriber<? super Object> subscriber) {
			this.subscriber = subscriber;
			ConnectionEnd end = subscriber.currentContext().getOrDefault(ConnectionEnd.class, null);
			this.end = (end != null) ? end : LOST;
		}

		@Override
		public Context currentContext() {
			return this.subscriber.currentContext();
		}

		/** Before the first message, and before anything that could end it. */
		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			try {
				PresentFlux.this.presence.join(PresentFlux.this.member, PresentFlux.this.data);
			}
			catch (Throwable ex) {
				subscription.cancel();
				this.left.set(true);
				Operators.error(this.subscriber, ex);
				return;
			}
			this.subscriber.onSubscribe(this);
		}

		@Override
		public void onNext(Object element) {
			this.subscriber.onNext(element);
		}

		/**
		 * After the subscriber, which may have asked for the end with the last element.
		 */
		@Override
		public void onError(Throwable ex) {
			try {
				this.subscriber.onError(ex);
			}
			finally {
				leave();
			}
		}

		@Override
		public void onComplete() {
			try {
				this.subscriber.onComplete();
			}
			finally {
				leave();
			}
		}

		@Override
		public void request(long n) {
			Subscription subscription = this.subscription;
			if (subscription != null) {
				subscription.request(n);
			}
		}

		@Override
		public void cancel() {
			Subscription subscription = this.subscription;
			try {
				if (subscription != null) {
					subscription.cancel();
				}
			}
			finally {
				leave();
			}
		}

		private void leave() {
			if (this.left.compareAndSet(false, true)) {
				PresentFlux.this.presence.leave(PresentFlux.this.member, this.end.isIntended());
			}
		}

	}

}
