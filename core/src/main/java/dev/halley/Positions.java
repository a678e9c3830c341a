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

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Where a connection is in the hubs that it reads, which is what its peer comes back
 * with. For those who run pairs over a wire on which messages have ids.
 * <p>
 * Such a connection puts one into the Reactor context, under the class as key, before it
 * subscribes to an {@link Out}. Hubs that keep a history then tell it where it begins,
 * and what {@code map}, {@code filter}, {@code batched}, {@code andThen} and
 * {@code interleave} make of their messages has a {@link SharedMessage#position}, which
 * the connection passes to {@link #reach} when it sends the message. Without one in the
 * context nothing of this is done, and nothing is allocated for it.
 * <p>
 * Thread-safe. It lives as long as its connection.
 *
 * @since 0.1
 */
public final class Positions {

	private final AtomicReference<@Nullable Position> reached;

	private final boolean signals;

	private final boolean resets;

	/**
	 * Creates one that is nowhere yet.
	 * @param signals whether the connection takes a {@link HubSignal} as an element
	 */
	public Positions(boolean signals) {
		this(new AtomicReference<>(), signals, signals);
	}

	private Positions(AtomicReference<@Nullable Position> reached, boolean signals, boolean resets) {
		this.reached = reached;
		this.signals = signals;
		this.resets = resets;
	}

	static @Nullable Positions from(ContextView context) {
		return context.getOrDefault(Positions.class, null);
	}

	/** Keeps hubs from telling of resets, for those who answer the failure themselves. */
	static Flux<Object> withoutResets(Flux<Object> elements) {
		return Flux.deferContextual((context) -> {
			Positions positions = from(context);
			if (positions == null) {
				return elements;
			}
			Positions others = new Positions(positions.reached, positions.signals, false);
			return elements.contextWrite((given) -> given.put(Positions.class, others));
		});
	}

	/** Keeps elements without positions, for those that lose them anyway. */
	static Flux<Object> hidden(Flux<Object> elements) {
		return Flux.deferContextual((context) -> (from(context) != null)
				? elements.contextWrite((given) -> given.delete(Positions.class)) : elements);
	}

	/** Whether a hub tells where it begins. */
	boolean takesSignals() {
		return this.signals;
	}

	/** Whether a hub tells of a reset, in place of a failure. */
	boolean takesResets() {
		return this.resets;
	}

	/**
	 * Tells that all up to a position was sent.
	 * @param position that of a message or a {@link HubSignal}
	 * @return where the connection is in all hubs: the same position if there is no other
	 */
	public Position reach(Position position) {
		Position before;
		Position now;
		do {
			before = this.reached.get();
			now = (before != null) ? before.with(position) : position;
		}
		while (!this.reached.compareAndSet(before, now));
		return now;
	}

	/**
	 * Whether the connection reads several hubs, as far as is known by now.
	 * @return whether positions are in several hubs
	 */
	public boolean areSeveral() {
		Position now = this.reached.get();
		return now != null && now.isInSeveral();
	}

	/**
	 * The same step for what a hub emits, with the places of messages. A reset of which
	 * nothing is made is passed by then: it is the first of all.
	 */
	Step placing(Step step) {
		return (element) -> {
			if (element instanceof HubSignal) {
				return element;
			}
			Object made = step.apply(element);
			if (made == null && element instanceof PlacedMessage<?> reset) {
				reach(reset.position());
			}
			return carry(element, made);
		};
	}

	/** Gives what was made of an element the place of that. */
	static @Nullable Object carry(Object element, @Nullable Object made) {
		if (made == null || made == element || Elements.isSignal(made) || of(made) != null) {
			return made;
		}
		Position position = of(element);
		return (position != null) ? new PlacedMessage<>(Elements.unwrap(made), position) : made;
	}

	static @Nullable Position of(Object element) {
		return (element instanceof SharedMessage<?> message) ? message.position() : null;
	}

}
