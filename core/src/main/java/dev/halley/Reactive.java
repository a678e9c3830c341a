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

import java.util.concurrent.CompletionStage;

import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Mono;

/**
 * Adapts whatever {@link ReactiveAdapterRegistry} knows. A {@code CompletionStage} is
 * never cancelled: others may wait for it, such as the connections that share an out.
 */
final class Reactive {

	private Reactive() {
	}

	static Publisher<?> toPublisher(Object source) {
		if (source instanceof Publisher<?> publisher) {
			return publisher;
		}
		if (source instanceof CompletionStage<?> stage) {
			return Mono.fromFuture(stage.toCompletableFuture(), true);
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, source);
		if (adapter == null) {
			throw new IllegalArgumentException("source: " + source.getClass().getName()
					+ " (expected: a Publisher, CompletionStage or another type that ReactiveAdapterRegistry knows)");
		}
		return adapter.toPublisher(source);
	}

}
