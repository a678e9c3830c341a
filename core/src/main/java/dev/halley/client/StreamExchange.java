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

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A response that is read while it comes, by demand. Whoever cancels what it returns
 * drops its connection at once: the JDK does so only for an exchange that is not over, so
 * this one is not until its body is.
 */
final class StreamExchange {

	private final CompletableFuture<Head> head = new CompletableFuture<>();

	private final CompletableFuture<?> exchange;

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
		return Mono.fromFuture(this.head).doOnCancel(this::drop);
	}

	/** Returns the body, to be read once. */
	Flux<List<ByteBuffer>> body(Head head) {
		return JdkFlowAdapter.flowPublisherToFlux(head.parts()).doOnCancel(this::drop);
	}

	/** A body that nobody reads would keep its connection. */
	void drop() {
		this.exchange.cancel(true);
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
	 *
	 * @param parts what takes them
	 * @param end done at the end
	 */
	private record Whole(BodySubscriber<?> parts, CompletableFuture<Void> end) implements BodySubscriber<Void> {

		Whole(BodySubscriber<?> parts) {
			this(parts, new CompletableFuture<>());
		}

		@Override
		public CompletionStage<Void> getBody() {
			return this.end;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.parts.onSubscribe(subscription);
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
