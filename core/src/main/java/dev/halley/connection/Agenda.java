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

package dev.halley.connection;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Work that is due at a time of its own. Thread-safe.
 */
final class Agenda {

	/** Ticks may overflow, so that they are compared by their difference. */
	private final Queue<Item> items = new PriorityQueue<>((one, other) -> Long.signum(one.at - other.at));

	/**
	 * Enters work.
	 * @param at when it is due, in nanoseconds from any origin
	 */
	synchronized void add(long at, Runnable work) {
		this.items.add(new Item(at, work));
	}

	synchronized boolean isEmpty() {
		return this.items.isEmpty();
	}

	/** Hands over all that is due, the earliest first. */
	void runDue(long now, Consumer<Runnable> runner) {
		for (Runnable due = poll(now); due != null; due = poll(now)) {
			runner.accept(due);
		}
	}

	private synchronized @Nullable Runnable poll(long now) {
		Item first = this.items.peek();
		if (first == null || first.at - now > 0) {
			return null;
		}
		this.items.remove();
		return first.work;
	}

	private record Item(long at, Runnable work) {

	}

}
