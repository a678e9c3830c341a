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

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Makes what runs the work of connections that may wait: one for the wires, another for
 * what the application does when they end, which must not hold up all time-outs, and one
 * for handlers that block.
 * <p>
 * Not the application's task executor: that one takes no more tasks as soon as the
 * application context begins to close, when all connections are to be closed, and what
 * the application runs on it could hold up all time-outs.
 */
final class ConnectionExecutors {

	private static final int MOST_THREADS = 32;

	/** As many as Tomcat has for requests by default. */
	private static final int MOST_WORKERS = 200;

	private static final int SECONDS_TO_KEEP_THREADS = 5;

	private ConnectionExecutors() {
	}

	static Executor create(String threads, Environment environment) {
		return create(threads, MOST_THREADS, environment);
	}

	/** What waits for one of these is at most one message of each connection. */
	static Executor workers(Environment environment) {
		return create("halley-worker-", MOST_WORKERS, environment);
	}

	private static Executor create(String threads, int most, Environment environment) {
		return Threading.VIRTUAL.isActive(environment) ? new VirtualThreadTaskExecutor(threads)
				: platformThreads(threads, most);
	}

	/** Its threads are daemons and end when idle: there is nothing to shut down. */
	private static Executor platformThreads(String prefix, int most) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory(prefix);
		threads.setDaemon(true);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(most, most, SECONDS_TO_KEEP_THREADS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

}
