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

import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link HotSubscription} holds: messages as they were offered, until somebody has
 * looked at them, and then, in the form in which they go out, those that wait for demand.
 * The limits count for either, but not for the {@linkplain #keep earlier ones} that come
 * before all others. Not thread-safe: the monitor of this queue guards it.
 */
final class HotQueue {

	private final SendBuffer limits;

	private final ArrayDeque<Object> fresh = new ArrayDeque<>(0);

	private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);

	private @Nullable ArrayDeque<Object> earlier;

	private long bytes;

	private long dropped;

	private @Nullable Object last;

	HotQueue(SendBuffer limits) {
		this.limits = limits;
	}

	/**
	 * Takes a message as it is.
	 * @return {@code false} if it does not fit and the subscription has to end for it
	 */
	boolean offer(Object message) {
		if (this.fresh.size() >= this.limits.messages()) {
			switch (this.limits.overflow()) {
				case CLOSE -> {
					return false;
				}
				case DROP_LATEST -> {
					this.dropped++;
					return true;
				}
				case DROP_OLDEST, LATEST -> {
					this.dropped++;
					this.fresh.remove();
				}
			}
		}
		this.fresh.add(message);
		return true;
	}

	/**
	 * Takes a message that comes before all that were or will be offered, whatever the
	 * limits. Nothing of it or of what comes after is looked at before it is asked for.
	 */
	void keep(Object message) {
		ArrayDeque<Object> earlier = this.earlier;
		if (earlier == null) {
			earlier = new ArrayDeque<>();
			this.earlier = earlier;
		}
		earlier.add(message);
	}

	/** Sets an element that comes after all others and finds room in any case. */
	void last(Object element) {
		this.last = element;
	}

	/**
	 * Takes what is next: something {@linkplain Waiting that waits}, if it was asked for,
	 * or else a message as it was offered.
	 */
	@Nullable Object poll(boolean asked) {
		if (this.earlier != null) {
			return asked ? pollEarlier(this.earlier) : null;
		}
		if (!asked || this.waiting.isEmpty()) {
			Object message = this.fresh.poll();
			return (message != null || !asked) ? message : pollLast();
		}
		Waiting next = this.waiting.remove();
		this.bytes -= next.weight();
		return next;
	}

	private Object pollEarlier(ArrayDeque<Object> earlier) {
		Object message = earlier.remove();
		this.earlier = earlier.isEmpty() ? null : earlier;
		return message;
	}

	private @Nullable Object pollLast() {
		Object last = this.last;
		this.last = null;
		return (last != null) ? new Waiting(last, 0) : null;
	}

	/**
	 * Keeps a message that nobody has asked for yet.
	 * @return {@code false} if it does not fit and the subscription has to end for it
	 */
	boolean hold(Object element, long weight) {
		if (!fits(weight)) {
			switch (this.limits.overflow()) {
				case CLOSE -> {
					return false;
				}
				case DROP_LATEST -> {
					this.dropped++;
					return true;
				}
				case DROP_OLDEST, LATEST -> makeRoom(weight);
			}
		}
		this.waiting.add(new Waiting(element, weight));
		this.bytes += weight;
		return true;
	}

	private boolean fits(long weight) {
		return this.waiting.isEmpty()
				|| (this.waiting.size() < this.limits.capacity() && this.bytes + weight <= this.limits.bytes());
	}

	private void makeRoom(long weight) {
		while (!fits(weight)) {
			this.bytes -= this.waiting.remove().weight();
			this.dropped++;
		}
	}

	/** How much there is. Called from anywhere. */
	synchronized SourceQueues.Size size() {
		int messages = this.fresh.size() + this.waiting.size() + ((this.earlier != null) ? this.earlier.size() : 0);
		return new SourceQueues.Size(messages, this.bytes, this.dropped);
	}

	boolean isEmpty() {
		return this.earlier == null && this.fresh.isEmpty() && this.waiting.isEmpty() && this.last == null;
	}

	/** Forgets all that nobody has looked at. */
	void clearFresh() {
		this.earlier = null;
		this.fresh.clear();
		this.last = null;
	}

	void clear() {
		clearFresh();
		this.waiting.clear();
		this.bytes = 0;
	}

	/**
	 * What waits for demand.
	 *
	 * @param element what goes out
	 * @param weight how many bytes it counts for
	 */
	record Waiting(Object element, long weight) {
	}

}
