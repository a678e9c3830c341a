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

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One who is subscribed to a hub.
 */
final class HubMember {

	/** Where it is among the {@link HubMembers}, which set it. */
	int place = -1;

	/** It came after all with smaller numbers. Set when it joins. */
	long number;

	/** Whether it is to be told what it has missed. Set before it joins. */
	boolean told;

	/** Whether its out has no answer to a reset. Set before it joins. */
	boolean signalled;

	/** Set while it reads the history. */
	@Nullable Replaying replaying;

	private final HotSubscription subscription;

	private final @Nullable Predicate<Object> filter;

	private final @Nullable Positions positions;

	@SuppressWarnings("unchecked")
	HubMember(InMemoryHub<?> hub, CoreSubscriber<? super Object> subscriber, @Nullable Predicate<?> filter, Step step) {
		this.positions = Positions.from(subscriber.currentContext());
		this.subscription = new HotSubscription(subscriber,
				(this.positions != null) ? this.positions.placing(step) : step, hub.others(), () -> hub.leave(this));
		this.filter = (filter != null) ? CallContext.from(subscriber.currentContext()).wrap((Predicate<Object>) filter)
				: null;
	}

	HotSubscription subscription() {
		return this.subscription;
	}

	/**
	 * Tells a connection that wants to know where it begins in the order of the hub.
	 * @return whether it is told by a signal, which has to be delivered
	 */
	boolean begin(long epoch, long offset) {
		if (this.positions == null) {
			return false;
		}
		Position position = new Position(epoch, offset);
		this.positions.reach(position);
		if (this.positions.takesSignals()) {
			this.subscription.keep(new HubSignal(position, false));
		}
		return this.positions.takesSignals();
	}

	/**
	 * What tells of a reset: a signal, if the out cannot tell by itself and the
	 * connection can, or else an event for the step.
	 */
	Object reset(Position position) {
		boolean taken = this.signalled && this.positions != null && this.positions.takesResets();
		return taken ? new HubSignal(position, true) : new PlacedMessage<>(new HubEvent.Reset<>(position), position);
	}

	boolean isFiltered() {
		return this.filter != null;
	}

	/** A filter that throws fails its own subscription and no other. */
	boolean wants(Object message) {
		try {
			return this.filter == null || this.filter.test(Elements.unwrap(message));
		}
		catch (Throwable ex) {
			this.subscription.complete(ex);
			return false;
		}
	}

}
