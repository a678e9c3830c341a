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

package dev.halley.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The threads that one tester's pair runs on: as many as there is work at the same time,
 * so that code which blocks keeps only its own work waiting. It is known when all of them
 * are at rest. Thread-safe.
 */
final class Workers {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final int DEEPEST = 12;

	private final Set<Thread> busy = ConcurrentHashMap.newKeySet();

	private final ThreadPoolExecutor pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), Workers::thread);

	private final Consumer<Throwable> failures;

	private int work;

	/**
	 * Creates threads.
	 * @param failures is told of what comes out of the work, which is a fault
	 */
	Workers(Consumer<Throwable> failures) {
		this.failures = failures;
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "halley-tester-" + COUNT.incrementAndGet());
		thread.setDaemon(true);
		return thread;
	}

	void execute(Runnable task) {
		synchronized (this) {
			this.work++;
		}
		try {
			this.pool.execute(() -> run(task));
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			done();
			throw ex;
		}
	}

	private void run(Runnable task) {
		this.busy.add(Thread.currentThread());
		try {
			task.run();
		}
		catch (Throwable ex) {
			failed(ex);
		}
		finally {
			this.busy.remove(Thread.currentThread());
			done();
		}
	}

	void failed(Throwable failure) {
		this.failures.accept(failure);
	}

	private synchronized void done() {
		this.work--;
		if (this.work == 0) {
			notifyAll();
		}
	}

	/** Waits until all work is done, also what it makes meanwhile. */
	synchronized boolean awaitRest(Duration timeout) throws InterruptedException {
		return Timeouts.await(this, timeout, () -> this.work == 0);
	}

	boolean isOwnThread() {
		return this.busy.contains(Thread.currentThread());
	}

	/** Tells where those are that are not at rest. */
	String whereabouts() {
		return this.busy.stream().map(Workers::whereabouts).collect(Collectors.joining("\n"));
	}

	/** Tells where a thread is. */
	static String whereabouts(Thread thread) {
		return Arrays.stream(thread.getStackTrace())
			.limit(DEEPEST)
			.map((frame) -> "\n    at " + frame)
			.collect(Collectors.joining("", thread.getName() + " is", ""));
	}

	/** Gives up: who blocks is interrupted. */
	void interrupt() {
		this.busy.forEach(Thread::interrupt);
	}

}
