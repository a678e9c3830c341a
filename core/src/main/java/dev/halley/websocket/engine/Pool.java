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

package dev.halley.websocket.engine;

import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Lends objects that are dear to make, and keeps a bounded number of them while nobody
 * uses them. Never blocks: makes one if none is at hand, and ends one if enough are kept.
 * Thread-safe, and so simple under its monitor that the end of a user's stack, which may
 * come anywhere, cannot leave it locked or torn: it is everybody's.
 *
 * @param <T> what is lent
 */
final class Pool<T> implements AutoCloseable {

	private final @Nullable Object[] idle;

	private int size;

	private final Supplier<T> maker;

	private final Consumer<T> reset;

	private final Consumer<T> end;

	private volatile boolean closed;

	Pool(int capacity, Supplier<T> maker, Consumer<T> reset, Consumer<T> end) {
		this.idle = new @Nullable Object[capacity];
		this.maker = maker;
		this.reset = reset;
		this.end = end;
	}

	/**
	 * Borrow one, as if it were new. The borrower gives it back, or ends it.
	 * @return an object that nobody else has
	 */
	T borrow() {
		T kept = take();
		return (kept != null) ? kept : this.maker.get();
	}

	/**
	 * Give one back, in any state.
	 * @param lent what was borrowed
	 */
	void giveBack(T lent) {
		this.reset.accept(lent);
		if (!keep(lent)) {
			this.end.accept(lent);
		}
		if (this.closed) {
			drain();
		}
	}

	@SuppressWarnings("unchecked")
	private synchronized @Nullable T take() {
		if (this.size == 0) {
			return null;
		}
		int last = this.size - 1;
		T kept = (T) this.idle[last];
		this.idle[last] = null;
		this.size = last;
		return kept;
	}

	private synchronized boolean keep(T lent) {
		if (this.size == this.idle.length) {
			return false;
		}
		this.idle[this.size] = lent;
		this.size++;
		return true;
	}

	synchronized int idle() {
		return this.size;
	}

	/**
	 * End those that are kept, and from now on those that come back.
	 */
	@Override
	public void close() {
		this.closed = true;
		drain();
	}

	private void drain() {
		T kept = take();
		while (kept != null) {
			this.end.accept(kept);
			kept = take();
		}
	}

}
