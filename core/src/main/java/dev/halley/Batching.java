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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Joins elements that come quickly. A close status, a signal or a failure is one more
 * element, which comes after what was joined before. What was joined is where the last of
 * it is.
 */
final class Batching {

	private Batching() {
	}

	static Flux<Object> of(Flux<Object> elements, int most, Duration within) {
		return Flux.deferContextual((context) -> {
			boolean placed = Positions.from(context) != null;
			Merging.Ends ends = new Merging.Ends(1);
			return Merging.inTurn(Step.unweighed(elements).takeWhile((element) -> !ends.take(element)))
				.bufferTimeout(most, within, Timers.of(context), true)
				.concatMapIterable((batch) -> joined(batch, placed), 1)
				.handle(Merging::pass)
				.concatWith(Mono.fromSupplier(ends::status));
		});
	}

	/** Lists of messages, and apart from them what is none. */
	private static List<Object> joined(List<Object> batch, boolean placed) {
		List<Object> joined = new ArrayList<>(1);
		List<Object> messages = new ArrayList<>(batch.size());
		Position position = null;
		for (Object element : batch) {
			if (element instanceof Merging.Failure || element instanceof HubSignal) {
				add(joined, messages, position);
				joined.add(element);
				messages = new ArrayList<>();
				position = null;
			}
			else {
				messages.add(Elements.unwrap(element));
				position = placed ? further(position, Positions.of(element)) : null;
			}
		}
		add(joined, messages, position);
		return joined;
	}

	private static void add(List<Object> joined, List<Object> messages, @Nullable Position position) {
		if (!messages.isEmpty()) {
			List<Object> list = List.copyOf(messages);
			joined.add((position != null) ? new PlacedMessage<>(list, position) : list);
		}
	}

	private static @Nullable Position further(@Nullable Position position, @Nullable Position next) {
		return (position != null && next != null) ? position.with(next) : (next != null) ? next : position;
	}

}
