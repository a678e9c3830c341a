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

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Where the application's code of one connection runs if it may take for ever. As an
 * executor it runs what the application does about the end: the cancellation of its
 * source, what its channels were told to do then, {@code whenDone}. One at a time, in
 * order, on a thread that may wait for as long as it likes and for which nobody waits:
 * neither the Close, nor a time-out, nor the thread that stops the application, nor
 * another connection.
 */
final class Callbacks implements Executor, Runnable {

	private final Connection connection;

	private final ConnectionRegistry registry;

	/** What comes next, while a thread is at it or about to be; else nothing. */
	private @Nullable Queue<Runnable> waiting;

	private volatile @Nullable Thread runner;

	Callbacks(Connection connection, ConnectionRegistry registry) {
		this.connection = connection;
		this.registry = registry;
	}

	/** Whether this thread must run none of the application's code. */
	boolean isOnWireThread() {
		return this.registry.threads().isOnWire();
	}

	/** Runs the application's code, which is nothing it does about the end. */
	void callBack(Runnable callback) {
		this.registry.threads().callBack(callback);
	}

	/** One that comes of another is a part of it. */
	@Override
	public void execute(Runnable callback) {
		if (this.runner == Thread.currentThread()) {
			callback.run();
		}
		else if (add(callback)) {
			this.registry.threads().callBackAtEnd(this);
		}
	}

	private synchronized boolean add(Runnable callback) {
		boolean first = this.waiting == null;
		if (this.waiting == null) {
			this.waiting = new ArrayDeque<>(2);
		}
		this.waiting.add(callback);
		return first;
	}

	@Override
	public void run() {
		this.runner = Thread.currentThread();
		for (Runnable next = next(); next != null; next = next()) {
			try {
				next.run();
			}
			catch (Throwable ex) {
				this.connection.report("callback failed", ex);
			}
		}
	}

	private synchronized @Nullable Runnable next() {
		Runnable next = (this.waiting != null) ? this.waiting.poll() : null;
		if (next == null) {
			this.waiting = null;
			this.runner = null;
		}
		return next;
	}

}
