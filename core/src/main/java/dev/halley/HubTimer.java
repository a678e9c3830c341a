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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The one timer of all hubs: runs what is due, and has nothing scheduled while nothing
 * waits. What it runs returns soon and calls no code of the application.
 * <p>
 * Thread-safe. The scheduler holds it weakly, so that hubs that nobody holds any more are
 * collected with all that waits here.
 */
final class HubTimer {

	private static final Log logger = LogFactory.getLog(HubTimer.class);

	private final Scheduler scheduler;

	private final LongSupplier ticker;

	/** Times count from here, so that they can be compared. */
	private final long origin;

	private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparingLong(Entry::due));

	/** The only one there is, for the first entry. */
	private @Nullable Look pending;

	/**
	 * Creates a timer.
	 * @param scheduler where it runs
	 * @param ticker tells the time in nanoseconds, from whatever start
	 */
	HubTimer(Scheduler scheduler, LongSupplier ticker) {
		this.scheduler = scheduler;
		this.ticker = ticker;
		this.origin = ticker.getAsLong();
	}

	/** The time in nanoseconds, from whatever start. */
	long now() {
		return this.ticker.getAsLong();
	}

	private long elapsed() {
		return now() - this.origin;
	}

	/**
	 * Runs something once.
	 * @param due when, by {@link #now()}
	 * @param action what, which cannot be taken back
	 */
	void at(long due, Runnable action) {
		synchronized (this) {
			this.entries.add(new Entry(due - this.origin, action));
			schedule();
		}
	}

	/** Called within the monitor. */
	private void schedule() {
		Entry first = this.entries.peek();
		Look before = this.pending;
		if (first == null || before != null && before.due <= first.due()) {
			return;
		}
		if (before != null) {
			before.cancel();
		}
		Look look = new Look(this, first.due());
		try {
			look.task = this.scheduler.schedule(look, Math.max(1, first.due() - elapsed()), TimeUnit.NANOSECONDS);
			this.pending = look;
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// There is no thread: the next one who comes tries again
			this.pending = null;
		}
	}

	/** Runs what is due. */
	private void look(Look look) {
		takeDue(look).forEach(Entry::run);
		synchronized (this) {
			schedule();
		}
	}

	private synchronized List<Entry> takeDue(Look look) {
		List<Entry> due = new ArrayList<>();
		this.pending = (this.pending != look) ? this.pending : null;
		long now = elapsed();
		for (Entry first = this.entries.peek(); first != null && first.due() <= now; first = this.entries.peek()) {
			due.add(this.entries.remove());
		}
		return due;
	}

	/**
	 * Something that waits.
	 *
	 * @param due when it is to run
	 * @param action what is to run
	 */
	private record Entry(long due, Runnable action) {

		/** One that fails keeps no other from running. */
		void run() {
			try {
				this.action.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("What a hub does in time has failed", ex);
			}
		}

	}

	/** Keeps nothing from being collected. The monitor of the timer guards the task. */
	private static final class Look extends WeakReference<HubTimer> implements Runnable {

		private final long due;

		private @Nullable Disposable task;

		Look(HubTimer timer, long due) {
			super(timer);
			this.due = due;
		}

		void cancel() {
			if (this.task != null) {
				this.task.dispose();
			}
		}

		@Override
		public void run() {
			HubTimer timer = get();
			if (timer != null) {
				timer.look(this);
			}
		}

	}

}
