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

/**
 * What the ticks of the timer have to do for one connection or session, on a thread that
 * may wait: at most one task at a time, since the next tick asks again, and besides, once
 * and for good, its end. Thread-safe.
 */
final class TickWork {

	private final ConnectionRegistry registry;

	private boolean busy;

	private boolean dropped;

	TickWork(ConnectionRegistry registry) {
		this.registry = registry;
	}

	/** Runs a task, unless another one is at work or waits for a thread. */
	void run(Runnable task) {
		if (begin()) {
			this.registry.threads().handOver(() -> {
				try {
					task.run();
				}
				finally {
					end();
				}
			});
		}
	}

	/** Runs the task that drops the wire, whatever is at work. Only the first counts. */
	void drop(Runnable task) {
		if (beginDrop()) {
			this.registry.threads().handOver(task);
		}
	}

	private synchronized boolean begin() {
		boolean first = !this.busy;
		this.busy = true;
		return first;
	}

	private synchronized void end() {
		this.busy = false;
	}

	private synchronized boolean beginDrop() {
		boolean first = !this.dropped;
		this.dropped = true;
		return first;
	}

}
