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

package dev.halley.stream;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Which threads may touch a response now: the container's own while it works on the
 * request, and others when it does not, or within its call of our listener, since it
 * looks after that for what has failed. Neither waits for the other.
 * <p>
 * Turns are taken and given back under the lock of the {@link ResponseTransport}.
 */
final class ContainerTurn {

	private final @Nullable ReentrantLock container;

	private final Executor executor;

	/** The container's thread, while it calls our listener. */
	private volatile @Nullable Thread caller;

	/**
	 * Creates one.
	 * @param container what the container's threads hold, or {@code null} if it needs no
	 * such care
	 * @param executor whose threads may wait
	 */
	ContainerTurn(@Nullable ReentrantLock container, Executor executor) {
		this.container = container;
		this.executor = executor;
	}

	void callBegins() {
		this.caller = Thread.currentThread();
	}

	/** With the lock held, so that the writes of other threads have ended. */
	void callEnds() {
		this.caller = null;
	}

	/** Whether the container calls our listener at the moment, on another thread. */
	boolean isCallElsewhere() {
		return this.caller != null && this.caller != Thread.currentThread();
	}

	/** Whether this thread is the container's, at work on the request. */
	boolean isOurs() {
		return this.container != null && this.container.isHeldByCurrentThread();
	}

	/**
	 * Takes the turn for a write.
	 * @return whether this thread may write; {@link #giveBack} then
	 */
	boolean take() {
		return tryTake() || this.caller != null;
	}

	/**
	 * Takes the turn while the container does nothing, or is this thread itself.
	 * @return whether it is taken; {@link #giveBack} then
	 */
	boolean tryTake() {
		return this.container == null || this.container.tryLock();
	}

	void giveBack() {
		if (this.container != null && this.container.isHeldByCurrentThread()) {
			this.container.unlock();
		}
	}

	/** Runs work that could not take the turn on another thread, once it may be free. */
	void later(Runnable work) {
		this.executor.execute(() -> {
			awaitContainer();
			work.run();
		});
	}

	private void awaitContainer() {
		if (this.container != null) {
			this.container.lock();
			this.container.unlock();
		}
	}

}
