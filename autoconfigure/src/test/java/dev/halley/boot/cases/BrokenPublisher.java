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

import java.util.concurrent.atomic.AtomicBoolean;

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

	void publish(Subscriber<? super T> subscriber);

	@Override
	default void subscribe(Subscriber<? super T> subscriber) {
		publish(subscriber);
	}

	/**
	 * One of those that send text.
	 * @param run is told when the subscription is cancelled
	 */
	static BrokenPublisher<String> which(String how, Run run) {
		Deaf subscription = new Deaf(run);
		return switch (how) {
			case "completes-twice" -> (subscriber) -> sayAndEnd(subscriber, subscription);
			case "goes-on-after-the-end" -> (subscriber) -> {
				sayAndEnd(subscriber, subscription);
				subscriber.onNext("after the end");
			};
			case "goes-on-after-its-failure" -> (subscriber) -> failAndGoOn(subscriber, subscription);
			case "ignores-demand" -> (subscriber) -> sayUntilCancelled(subscriber, subscription);
			case "ignores-requests" -> (subscriber) -> subscriber.onSubscribe(subscription);
			case "emits-null" -> (subscriber) -> {
				subscriber.onSubscribe(subscription);
				subscriber.onNext(null);
			};
			case "fails-with-null" -> (subscriber) -> {
				subscriber.onSubscribe(subscription);
				subscriber.onError(null);
			};
			default -> otherwise(how, run, subscription);
		};
	}

	private static BrokenPublisher<String> otherwise(String how, Run run, Subscription subscription) {
		return switch (how) {
			case "never-subscribes" -> (subscriber) -> run.hear("cancelled");
			case "subscribes-twice" -> (subscriber) -> {
				subscriber.onSubscribe(new Deaf(new Run()));
				subscriber.onSubscribe(subscription);
				subscriber.onNext("a");
			};
			case "emits-without-subscription" -> (subscriber) -> {
				subscriber.onNext("a");
				run.hear("cancelled");
			};
			case "throws-in-subscribe" -> (subscriber) -> {
				throw new IllegalStateException("secret");
			};
			case "throws-in-request" -> (subscriber) -> subscriber.onSubscribe(new Throwing(run, true));
			case "throws-in-cancel" -> (subscriber) -> subscriber.onSubscribe(new Throwing(run, false));
			default -> throw new IllegalArgumentException(how);
		};
	}

	private static void failAndGoOn(Subscriber<? super String> subscriber, Subscription subscription) {
		subscriber.onSubscribe(subscription);
		subscriber.onError(new IllegalStateException("secret"));
		subscriber.onNext("after the failure");
		subscriber.onError(new IllegalStateException("secret"));
		subscriber.onComplete();
	}

	private static void sayAndEnd(Subscriber<? super String> subscriber, Subscription subscription) {
		subscriber.onSubscribe(subscription);
		subscriber.onNext("a");
		completeTwiceAndFail(subscriber);
	}

	private static void sayUntilCancelled(Subscriber<? super String> subscriber, Deaf subscription) {
		subscriber.onSubscribe(subscription);
		while (!subscription.cancelled.get()) {
			subscriber.onNext(SourceController.KILOBYTE);
		}
	}

	static void completeTwiceAndFail(Subscriber<?> subscriber) {
		subscriber.onComplete();
		subscriber.onComplete();
		subscriber.onError(new IllegalStateException("after the end"));
	}

	/**
	 * A subscription that does not mind how much is asked for.
	 *
	 * @param run is told of the first cancellation
	 * @param cancelled whether there was one
	 */
	record Deaf(Run run, AtomicBoolean cancelled) implements Subscription {

		Deaf(Run run) {
			this(run, new AtomicBoolean());
		}

		@Override
		public void request(long count) {
		}

		@Override
		public void cancel() {
			if (this.cancelled.compareAndSet(false, true)) {
				this.run.hear("cancelled");
			}
		}

	}

	/**
	 * A subscription that throws.
	 *
	 * @param run is told of cancellations
	 * @param inRequest whether it throws when it is asked, or else when it is cancelled
	 */
	record Throwing(Run run, boolean inRequest) implements Subscription {

		@Override
		public void request(long count) {
			if (this.inRequest) {
				throw new IllegalStateException("secret");
			}
		}

		@Override
		public void cancel() {
			this.run.hear("cancelled");
			if (!this.inRequest) {
				throw new IllegalStateException("secret");
			}
		}

	}

}
