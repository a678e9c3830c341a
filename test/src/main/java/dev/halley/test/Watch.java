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
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Watches over work that only the test's own thread can do, since that has the user and
 * the transaction of the test: the thread is interrupted if it takes too long.
 */
final class Watch {

	private final Thread watched = Thread.currentThread();

	private boolean ended;

	private @Nullable String whereabouts;

	private Watch() {
	}

	/**
	 * Works on this thread.
	 * @param what what it is, for the failure
	 * @param patience how long it may take before it is interrupted
	 * @param work what to do
	 * @return what the work returns
	 * @throws AssertionError if it has taken too long, whatever came of the interruption
	 * @throws Exception what the work throws
	 */
	static <T> T over(String what, Duration patience, Callable<T> work) throws Exception {
		Watch watch = new Watch();
		Thread thread = new Thread(() -> watch.await(patience), "halley-tester-watch");
		thread.setDaemon(true);
		thread.start();
		try {
			return work.call();
		}
		finally {
			watch.end(what, patience);
		}
	}

	private synchronized void await(Duration patience) {
		try {
			Timeouts.await(this, patience, () -> this.ended);
		}
		catch (InterruptedException ex) {
			// Nobody knows this thread: whoever ends it ends all
		}
		if (!this.ended) {
			this.whereabouts = Workers.whereabouts(this.watched);
			this.watched.interrupt();
		}
	}

	/** Takes back an interruption that came too late to be noticed. */
	private synchronized void end(String what, Duration patience) {
		this.ended = true;
		notifyAll();
		if (this.whereabouts != null) {
			Thread.interrupted();
			throw new AssertionError(
					what + " has not come to an end within " + Timeouts.print(patience) + ":\n" + this.whereabouts);
		}
	}

}
