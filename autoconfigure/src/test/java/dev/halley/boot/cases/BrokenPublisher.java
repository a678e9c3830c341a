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

package dev.halley.boot.cases;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A publisher that breaks the rules of Reactive Streams.
 *
 * @param <T> the type of its elements
 */
@FunctionalInterface
interface BrokenPublisher<T> extends Publisher<T> {

	/** A subscription that does as it likes. */
	Subscription DEAF = new Subscription() {

		@Override
		public void request(long count) {
		}

		@Override
		public void cancel() {
		}

	};

	void publish(Subscriber<? super T> subscriber);

	@Override
	default void subscribe(Subscriber<? super T> subscriber) {
		publish(subscriber);
	}

	static void completeTwiceAndFail(Subscriber<?> subscriber) {
		subscriber.onSubscribe(DEAF);
		subscriber.onComplete();
		subscriber.onComplete();
		subscriber.onError(new IllegalStateException("after the end"));
	}

}
