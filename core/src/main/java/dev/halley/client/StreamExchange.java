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

package dev.halley.client;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A response that is read while it comes, by demand. Whoever drops it drops its
 * connection at once: the JDK does so only for an exchange that is not over, so this one
 * is not until its body is. Thread-safe.
 */
final class StreamExchange {

	private final CompletableFuture<Head> head = new CompletableFuture<>();

	private final CompletableFuture<?> exchange;

	private final AtomicReference<Flow.@Nullable Subscription> body = new AtomicReference<>();

	private volatile boolean dropped;

	StreamExchange(HttpClient http, HttpRequest request) {
		this.exchange = http.sendAsync(request, this::subscriber);
		this.exchange.whenComplete((response, failure) -> {
			if (failure != null) {
				this.head.completeExceptionally(failure);
			}
		});
	}

	private BodySubscriber<Void> subscriber(ResponseInfo info) {
		BodySubscriber<Flow.Publisher<List<ByteBuffer>>> parts = BodySubscribers.ofPublisher();
		parts.getBody().thenAccept((publisher) -> this.head.complete(new Head(info, publisher)));
		return new Whole(parts);
	}

	/** Returns what has come before the body. */
	Mono<Head> head() {
		return Mono.fromFuture(this.head);
	}

	/** Returns the body, to be read once. */
	Flux<List<ByteBuffer>> body(Head head) {
		return JdkFlowAdapter.flowPublisherToFlux(head.parts());
	}

	/** A body that nobody reads would keep its connection. */
	void drop() {
		this.dropped = true;
		this.exchange.cancel(true);
		endBody();
	}

	private void endBody() {
		Flow.Subscription subscription = this.body.getAndSet(null);
		if (subscription != null) {
			subscription.cancel();
		}
	}

	/**
	 * What has come before the body.
	 *
	 * @param info the status and the headers
	 * @param parts the body
	 */
	record Head(ResponseInfo info, Flow.Publisher<List<ByteBuffer>> parts) {
	}

	/**
	 * Hands on the parts, and is over when they are.
	 */
	private final class Whole implements BodySubscriber<Void> {

		private final BodySubscriber<?> parts;

		private final CompletableFuture<Void> end = new CompletableFuture<>();

		Whole(BodySubscriber<?> parts) {
			this.parts = parts;
		}

		@Override
		public CompletionStage<Void> getBody() {
			return this.end;
		}

		/** The head may come at the moment at which it is not wanted any more. */
		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			StreamExchange.this.body.set(subscription);
			this.parts.onSubscribe(subscription);
			if (StreamExchange.this.dropped) {
				endBody();
			}
		}

		@Override
		public void onNext(List<ByteBuffer> next) {
			this.parts.onNext(next);
		}

		@Override
		public void onError(Throwable failure) {
			this.parts.onError(failure);
			this.end.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.parts.onComplete();
			this.end.complete(null);
		}

	}

}
