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

package dev.halley.connection;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A source that emits when a test says so, whatever it was asked for, and remembers that.
 *
 * @param <T> the type of the messages
 */
final class ManualSource<T> implements Publisher<T>, Subscription {

	final List<Long> requests = new ArrayList<>();

	int cancels;

	Runnable onRequest = () -> {
	};

	@Nullable RuntimeException requestFailure;

	@Nullable RuntimeException cancelFailure;

	private final List<Subscriber<? super T>> subscribers = new ArrayList<>();

	Subscriber<? super T> subscriber() {
		return this.subscribers.get(0);
	}

	void emit(T message) {
		subscriber().onNext(message);
	}

	void complete() {
		subscriber().onComplete();
	}

	void fail() {
		subscriber().onError(new IllegalStateException("boom"));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	Publisher<Object> erased() {
		return (Publisher) this;
	}

	@Override
	public void subscribe(Subscriber<? super T> subscriber) {
		this.subscribers.add(subscriber);
		subscriber.onSubscribe(this);
	}

	@Override
	public void request(long n) {
		this.requests.add(n);
		this.onRequest.run();
		if (this.requestFailure != null) {
			throw this.requestFailure;
		}
	}

	@Override
	public void cancel() {
		this.cancels++;
		if (this.cancelFailure != null) {
			throw this.cancelFailure;
		}
	}

}
