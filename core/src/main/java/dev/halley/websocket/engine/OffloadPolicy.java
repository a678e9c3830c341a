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

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Where the messages of an endpoint are handled: on the thread that read them, as long as
 * its handlers are quick, or by workers while they are not. A handler that was caught
 * holding its loop sends the next messages to the workers, and each that is quick there
 * counts against that, so that a pause of the machine is forgotten soon.
 * <p>
 * One for all connections of an endpoint. Thread-safe; what threads miss of each other's
 * counting is of no consequence.
 */
final class OffloadPolicy {

	/** What one slow message weighs in quick ones. */
	private static final int PENALTY = 128;

	private static final int MOST = 8 * PENALTY;

	private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(1);

	/** For connections whose thread may wait. */
	static final OffloadPolicy NEVER = new OffloadPolicy("", null);

	private final String endpoint;

	private final @Nullable Executor workers;

	private final AtomicInteger debt = new AtomicInteger();

	OffloadPolicy(String endpoint, @Nullable Executor workers) {
		this.endpoint = endpoint;
		this.workers = workers;
	}

	/** What its handlers are called where people read it. */
	String endpoint() {
		return this.endpoint;
	}

	/**
	 * Asked for each message.
	 * @return what handles it, or {@code null} if that is to be done by the caller
	 */
	@Nullable Executor workers() {
		return (this.workers != null && this.debt.get() > 0) ? this::work : null;
	}

	/**
	 * Runs something on a worker, whatever it takes.
	 * @return whether there is one
	 */
	boolean execute(Runnable task) {
		if (this.workers == null) {
			return false;
		}
		try {
			this.workers.execute(task);
			return true;
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			return false;
		}
	}

	/** Without a worker left it has to be the caller: it has to be done. */
	private void work(Runnable task) {
		try {
			if (this.workers != null) {
				this.workers.execute(() -> timed(task));
			}
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			timed(task);
		}
	}

	private void timed(Runnable task) {
		long start = System.nanoTime();
		try {
			task.run();
		}
		finally {
			if (System.nanoTime() - start < SLOW) {
				this.debt.updateAndGet((debt) -> Math.max(0, debt - 1));
			}
			else {
				slow();
			}
		}
	}

	/** A message has kept its thread for long. */
	void slow() {
		this.debt.updateAndGet((debt) -> Math.min(debt + PENALTY, MOST));
	}

}
