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

import java.util.function.Function;
import java.util.function.Supplier;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets the messages of an {@link Out} go through a pipeline, which sees neither their
 * positions nor how the connection ends: the close status comes after what leaves the
 * pipeline.
 */
final class Piping {

	private Piping() {
	}

	static <T> Flux<Object> of(Supplier<Flux<Object>> elements,
			Function<? super Flux<T>, ? extends Publisher<?>> pipeline) {
		return Flux.defer(() -> {
			Merging.Ends ends = new Merging.Ends(1);
			Flux<T> messages = Step.unweighed(Positions.hidden(elements.get()))
				.takeWhile((element) -> !ends.take(element))
				.map(Elements::<T>unwrap);
			return new ContextFlux<>(Flux.<Object>from(pipeline.apply(messages)))
				.concatWith(Mono.fromSupplier(ends::status))
				.takeUntil(Elements::isClose);
		});
	}

}
