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

package dev.halley.boot;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Threads for tasks of which any may block for as long as it likes. Some are at work at a
 * time, which is enough for those that compute; and each one that is blocked has another
 * put in its place while tasks wait, so that those who block keep nobody from being run.
 * A blocked one is known by its state, or by how long it has been at its task, since a
 * thread that waits for the network does not look like one that waits.
 * <p>
 * Threads are daemons and end when idle: there is nothing to shut down.
 */
final class ElasticExecutor extends ThreadPoolExecutor {

	private static final Log logger = LogFactory.getLog(ElasticExecutor.class);

	private static final Duration KEEP_IDLE = Duration.ofSeconds(5);

	private static final Duration PACE = Duration.ofMillis(10);

	private static final Duration PACE_AT_EASE = Duration.ofSeconds(1);

	private static final long BLOCKED_IF_WAITING = Duration.ofMillis(10).toNanos();

	private static final long BLOCKED_IN_ANY_CASE = Duration.ofSeconds(1).toNanos();

	private final int atWork;

	private final int most;

	private final Map<Thread, Long> begun = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor watch;

	private final AtomicBoolean watching = new AtomicBoolean();

	private boolean exhausted;

	/**
	 * Creates an executor.
	 * @param atWork how many threads are at work, beside those that are blocked
	 * @param most how many threads there may be in all
	 * @param threads makes the threads
	 */
	ElasticExecutor(int atWork, int most, ThreadFactory threads) {
		super(atWork, most, KEEP_IDLE.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), threads);
		allowCoreThreadTimeOut(true);
		this.atWork = atWork;
		this.most = most;
		this.watch = new ScheduledThreadPoolExecutor(1, threads);
		this.watch.setKeepAliveTime(KEEP_IDLE.toNanos(), TimeUnit.NANOSECONDS);
		this.watch.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable task) {
		try {
			super.execute(task);
		}
		catch (OutOfMemoryError ex) {
			waitForAThread(task, ex);
		}
		if (!getQueue().isEmpty() && this.watching.compareAndSet(false, true)) {
			watchOn(PACE);
		}
	}

	/** The system gives no more threads, but there are some. */
	private void waitForAThread(Runnable task, OutOfMemoryError ex) {
		if (getPoolSize() == 0 || !getQueue().offer(task)) {
			throw ex;
		}
	}

	@Override
	protected void beforeExecute(Thread thread, Runnable task) {
		this.begun.put(thread, System.nanoTime());
	}

	@Override
	protected void afterExecute(Runnable task, @Nullable Throwable failure) {
		this.begun.remove(Thread.currentThread());
	}

	private void watchOn(Duration pace) {
		try {
			this.watch.schedule(this::look, pace.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			this.watching.set(false);
		}
	}

	private void look() {
		int blocked = countBlocked();
		replace(blocked);
		if (!getQueue().isEmpty()) {
			watchOn(PACE);
		}
		else if (blocked > 0) {
			watchOn(PACE_AT_EASE);
		}
		else {
			this.watching.set(false);
			if (!getQueue().isEmpty() && this.watching.compareAndSet(false, true)) {
				watchOn(PACE);
			}
		}
	}

	private int countBlocked() {
		long now = System.nanoTime();
		return (int) this.begun.entrySet()
			.stream()
			.filter((entry) -> isBlocked(entry.getKey(), now - entry.getValue()))
			.count();
	}

	private static boolean isBlocked(Thread thread, long time) {
		return time >= BLOCKED_IN_ANY_CASE
				|| (time >= BLOCKED_IF_WAITING && thread.getState() != Thread.State.RUNNABLE);
	}

	/** Threads beyond that number end as they become idle. */
	private void replace(int blocked) {
		int wanted = Math.min(this.most, this.atWork + blocked);
		try {
			if (wanted != getCorePoolSize()) {
				setCorePoolSize(wanted);
			}
		}
		catch (OutOfMemoryError ex) {
			tellExhausted(blocked);
		}
		if (blocked >= this.most && !getQueue().isEmpty()) {
			tellExhausted(blocked);
		}
	}

	private void tellExhausted(int blocked) {
		if (!this.exhausted) {
			this.exhausted = true;
			logger.warn("Of " + getPoolSize() + " threads for what applications do with connections, " + blocked
					+ " are blocked, and there can be no more: other connections have to wait for them");
		}
	}

}
