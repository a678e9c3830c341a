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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs tasks one after the other on the threads of an executor, some in a row: so that
 * those of one hub delay no other's.
 */
final class Lane {

	private static final Log logger = LogFactory.getLog(Lane.class);

	private static final int TASKS_IN_A_ROW = 256;

	private static final int RETRY_MILLIS = 100;

	private final Executor executor;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	Lane(Executor executor) {
		this.executor = executor;
	}

	void execute(Runnable task) {
		this.tasks.add(task);
		if (this.waiting.getAndIncrement() == 0) {
			goOn();
		}
	}

	private void goOn() {
		try {
			this.executor.execute(this::run);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// There is no thread: later there may be one
			BrokerTimer.schedule(this::goOn, RETRY_MILLIS);
		}
	}

	private void run() {
		int done = 0;
		for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
			run(task);
			if (++done == TASKS_IN_A_ROW) {
				break;
			}
		}
		if (this.waiting.addAndGet(-done) > 0) {
			goOn();
		}
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.warn("What a hub had to do failed", ex);
		}
	}

}
