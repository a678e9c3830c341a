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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A source that a test plays, and that records what is done to it.
 */
final class TestSource implements Publisher<String> {

	final AtomicInteger subscriptions = new AtomicInteger();

	final AtomicLong demand = new AtomicLong();

	final CountDownLatch cancelled = new CountDownLatch(1);

	private final CountDownLatch subscribed = new CountDownLatch(1);

	private volatile @Nullable Subscriber<? super String> subscriber;

	@Override
	public void subscribe(Subscriber<? super String> subscriber) {
		this.subscriptions.incrementAndGet();
		this.subscriber = subscriber;
		subscriber.onSubscribe(new Subscription() {

			@Override
			public void request(long n) {
				TestSource.this.demand.addAndGet(n);
			}

			@Override
			public void cancel() {
				TestSource.this.cancelled.countDown();
			}

		});
		this.subscribed.countDown();
	}

	private Subscriber<? super String> subscriber() {
		await(this.subscribed);
		Subscriber<? super String> subscriber = this.subscriber;
		assertThat(subscriber).isNotNull();
		return subscriber;
	}

	void awaitSubscribed() {
		await(this.subscribed);
	}

	void awaitCancelled() {
		await(this.cancelled);
	}

	boolean isCancelled() {
		return this.cancelled.getCount() == 0;
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void emit(String... messages) {
		for (String message : messages) {
			subscriber().onNext(message);
		}
	}

	void complete() {
		subscriber().onComplete();
	}

	void fail(Throwable failure) {
		subscriber().onError(failure);
	}

}
