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

import java.time.Duration;
import java.util.List;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Joins elements that come quickly. A close status or a failure is one more element,
 * which comes after what was joined before.
 */
final class Batching {

	private Batching() {
	}

	static Flux<Object> of(Flux<Object> elements, int most, Duration within) {
		return Flux.deferContextual((context) -> {
			Merging.Ends ends = new Merging.Ends(1);
			return Merging.inTurn(Step.unweighed(elements).takeWhile((element) -> !ends.take(element)))
				.bufferTimeout(most, within, Timers.of(context), true)
				.concatMapIterable(Batching::messages, 1)
				.handle(Merging::pass)
				.concatWith(Mono.fromSupplier(ends::status));
		});
	}

	/** A list of messages, and apart from it how the source may have failed. */
	private static List<Object> messages(List<Object> batch) {
		int last = batch.size() - 1;
		if (!(batch.get(last) instanceof Merging.Failure failure)) {
			return List.of(unwrapped(batch));
		}
		return (last > 0) ? List.of(unwrapped(batch.subList(0, last)), failure) : List.of(failure);
	}

	private static List<Object> unwrapped(List<Object> batch) {
		return batch.stream().map((element) -> Out.<Object>unwrap(element)).toList();
	}

}
