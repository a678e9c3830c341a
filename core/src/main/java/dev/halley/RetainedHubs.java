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

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The hubs whose histories hold messages: they are not to be collected, and what has
 * become too old there is dropped though nobody publishes. One timer serves all, and only
 * while there are any.
 */
final class RetainedHubs {

	private static final int SECONDS = 1;

	private final Set<InMemoryHub<?>> hubs = ConcurrentHashMap.newKeySet();

	private final LongSupplier ticker;

	private final AtomicBoolean sweeping = new AtomicBoolean();

	/**
	 * Creates this.
	 * @param ticker tells the time in nanoseconds, from whatever start
	 */
	RetainedHubs(LongSupplier ticker) {
		this.ticker = ticker;
	}

	LongSupplier ticker() {
		return this.ticker;
	}

	void add(InMemoryHub<?> hub) {
		this.hubs.add(hub);
		goOn();
	}

	/**
	 * Sees to it that there are sweeps, which once could not be had for want of a thread.
	 */
	void goOn() {
		if (!this.sweeping.get() && this.sweeping.compareAndSet(false, true)) {
			schedule(new Sweep(this));
		}
	}

	void remove(InMemoryHub<?> hub) {
		this.hubs.remove(hub);
	}

	/** Drops what has become too old. */
	void sweep() {
		this.hubs.forEach(InMemoryHub::expire);
	}

	/** Whether another sweep has to follow. */
	private boolean goesOn() {
		if (this.hubs.isEmpty()) {
			this.sweeping.set(false);
			return !this.hubs.isEmpty() && this.sweeping.compareAndSet(false, true);
		}
		return true;
	}

	private void schedule(Sweep sweep) {
		try {
			SourceThreads.SCHEDULER.schedule(sweep, SECONDS, TimeUnit.SECONDS);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// There is no thread: the next one who publishes tries again
			this.sweeping.set(false);
		}
	}

	/** Keeps nothing from being collected between two sweeps. */
	private static final class Sweep extends WeakReference<RetainedHubs> implements Runnable {

		Sweep(RetainedHubs hubs) {
			super(hubs);
		}

		@Override
		public void run() {
			@Nullable RetainedHubs retained = get();
			if (retained == null) {
				return;
			}
			try {
				retained.sweep();
			}
			finally {
				if (retained.goesOn()) {
					retained.schedule(this);
				}
			}
		}

	}

}
