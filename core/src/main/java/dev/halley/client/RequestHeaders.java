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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;

import dev.halley.CallContext;

/**
 * What makes the headers of each attempt. Not thread-safe until it is complete.
 */
final class RequestHeaders {

	private final List<Supplier<? extends CompletionStage<? extends Consumer<? super HttpHeaders>>>> sources = new ArrayList<>();

	void add(Consumer<? super HttpHeaders> headers) {
		Assert.notNull(headers, "'headers' must not be null");
		this.sources.add(() -> CompletableFuture.completedFuture(headers));
	}

	void addLater(Supplier<? extends CompletionStage<HttpHeaders>> headers) {
		Assert.notNull(headers, "'headers' must not be null");
		this.sources.add(() -> headers.get().thenApply(RequestHeaders::put));
	}

	private static Consumer<HttpHeaders> put(HttpHeaders later) {
		return (headers) -> headers.putAll(later);
	}

	void addAll(RequestHeaders other) {
		this.sources.addAll(other.sources);
	}

	/**
	 * Asks one source after the other, the application's code on an executor, in a
	 * context.
	 */
	CompletableFuture<HttpHeaders> fetch(HttpHeaders initial, Executor executor, CallContext context) {
		CompletableFuture<HttpHeaders> all = CompletableFuture.completedFuture(initial);
		for (Supplier<? extends CompletionStage<? extends Consumer<? super HttpHeaders>>> source : this.sources) {
			all = all.thenComposeAsync((headers) -> {
				try (CallContext.Scope scope = context.enter()) {
					return source.get().thenApply((put) -> {
						put.accept(headers);
						return headers;
					});
				}
			}, executor);
		}
		return all.exceptionally((failure) -> {
			throw new ConnectFailedException("No headers for the attempt", JdkConnector.unwrap(failure));
		});
	}

}
