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

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Makes what runs the work of connections that may wait: one for the wires, another for
 * the application's code, which may take for ever and must not hold up all time-outs, one
 * for what publishers leave of what hubs have to deliver, and one for handlers that
 * block.
 * <p>
 * Not the application's task executor: that one takes no more tasks as soon as the
 * application context begins to close, when all connections are to be closed, and what
 * the application runs on it could hold up all time-outs.
 */
final class ConnectionExecutors {

	private static final int AT_WORK = 32;

	/** Each one that is blocked is so for a connection of its own. */
	private static final int MOST_THREADS = 4096;

	/** As many as Tomcat has for requests by default. */
	private static final int WORKERS = 200;

	private ConnectionExecutors() {
	}

	static Executor create(String threads, Environment environment) {
		return create(threads, AT_WORK, environment);
	}

	/** What waits for one of these is at most one message of each connection. */
	static Executor workers(Environment environment) {
		return create("halley-worker-", WORKERS, environment);
	}

	private static Executor create(String threads, int atWork, Environment environment) {
		return Threading.VIRTUAL.isActive(environment) ? new VirtualThreadTaskExecutor(threads)
				: platformThreads(threads, atWork);
	}

	/**
	 * Whichever thread needs another one makes it, and may be the container's: the new
	 * one is to find the application's classes all the same.
	 */
	private static Executor platformThreads(String prefix, int atWork) {
		ClassLoader application = Thread.currentThread().getContextClassLoader();
		CustomizableThreadFactory threads = new CustomizableThreadFactory(prefix);
		threads.setDaemon(true);
		return new ElasticExecutor(atWork, MOST_THREADS, (task) -> {
			Thread thread = threads.newThread(task);
			thread.setContextClassLoader(application);
			return thread;
		});
	}

}
