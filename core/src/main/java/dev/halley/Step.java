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
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.publisher.Flux;

/**
 * What {@code map} and {@code filter} make of each element of an {@link Out}. Handed to
 * where the elements come from, so that a source that does not wait runs it before its
 * queue: what waits for a slow peer, and counts there, is what will be sent.
 */
@FunctionalInterface
interface Step {

	/** Leaves all as it is. */
	Step NONE = (element) -> element;

	/**
	 * Changes an element. Called for one after the other.
	 * @return the changed one, or {@code null} to leave it out
	 */
	@Nullable Object apply(Object element);

	static <T> Step map(Function<? super T, ?> mapper) {
		return (element) -> {
			if (Elements.isSignal(element)) {
				return element;
			}
			Object mapped = mapper.apply(Elements.unwrap(element));
			if (mapped == null) {
				throw new NullPointerException("A mapper returned null (expected: a message)");
			}
			return mapped;
		};
	}

	static <T> Step filter(Predicate<? super T> predicate) {
		return (element) -> (Elements.isSignal(element) || predicate.test(Elements.unwrap(element))) ? element : null;
	}

	default Step then(Step next) {
		Assert.notNull(next, "'next' must not be null");
		if (this == NONE || next == NONE) {
			return (this == NONE) ? next : this;
		}
		return (element) -> {
			Object changed = apply(element);
			return (changed != null) ? next.apply(changed) : null;
		};
	}

	/**
	 * Applies this to a source that honours demand, or to several that come together.
	 * What those upstream hold is not what will be sent, so they cannot weigh it.
	 */
	default Flux<Object> applyTo(Flux<Object> elements) {
		if (this == NONE) {
			return elements;
		}
		Step placed = (element) -> Positions.carry(element, apply(element));
		return Flux.deferContextual((context) -> {
			Step step = (Positions.from(context) != null) ? placed : this;
			return unweighed(elements).handle((element, sink) -> {
				Object changed = step.apply(element);
				if (changed != null) {
					sink.next(changed);
				}
			});
		});
	}

	/** Keeps the connection's encoder from messages that it is not meant for. */
	static Flux<Object> unweighed(Flux<Object> elements) {
		return elements
			.contextWrite((context) -> context.put(SendBuffer.class, SendBuffer.from(context).withoutWeigher()));
	}

}
