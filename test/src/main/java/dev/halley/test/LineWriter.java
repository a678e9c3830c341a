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

import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a line in order, by a thread of its own, which waits in place of the test
 * while the server takes nothing. Thread-safe.
 */
final class LineWriter {

	private final HttpLine line;

	private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), (task) -> thread(task, "writer"));

	LineWriter(HttpLine line) {
		this.line = line;
		this.thread.allowCoreThreadTimeOut(true);
	}

	static Thread thread(Runnable task, String role) {
		Thread thread = new Thread(task, "halley-client-" + role);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Writes bytes after all that was written before.
	 * @return done when the network has them, failed if it takes none
	 * @throws RejectedExecutionException after {@link #stop}
	 */
	Future<?> write(byte[] bytes) {
		return this.thread.submit(() -> {
			this.line.write(bytes);
			return null;
		});
	}

	/** Closes the line when all is written, unless the connection has broken. */
	void thenClose() {
		this.thread.submit(() -> {
			this.line.write(new byte[0]);
			this.line.close();
			return null;
		});
	}

	/** Drops what is not written. */
	void stop() {
		this.thread.shutdownNow();
	}

}
