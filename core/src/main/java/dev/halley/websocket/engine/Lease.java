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

import org.jspecify.annotations.Nullable;

/**
 * A connection's hold on a pool: one object for each message if its context is not taken
 * over from message to message, else the same one from the first message on. Stateless,
 * and so fit for all threads, in the first case; one connection's in the second.
 *
 * @param <T> what is lent
 */
final class Lease<T> implements AutoCloseable {

	private final Pool<T> pool;

	private final boolean kept;

	private @Nullable T own;

	Lease(Pool<T> pool, boolean kept) {
		this.pool = pool;
		this.kept = kept;
	}

	boolean isKept() {
		return this.kept;
	}

	T take() {
		if (this.own != null) {
			return this.own;
		}
		T taken = this.pool.borrow();
		if (this.kept) {
			this.own = taken;
		}
		return taken;
	}

	/**
	 * Be done with a message.
	 * @param taken what {@link #take()} gave
	 */
	void done(T taken) {
		if (!this.kept) {
			this.pool.giveBack(taken);
		}
	}

	/**
	 * Be done with the connection. Not while another thread is between {@link #take()}
	 * and {@link #done}.
	 */
	@Override
	public void close() {
		T held = this.own;
		this.own = null;
		if (held != null) {
			this.pool.giveBack(held);
		}
	}

}
