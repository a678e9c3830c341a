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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where connections run what belongs to no thread at hand: work on wires, which may wait
 * but is none of the application's, and the application's callbacks, which may take for
 * ever. Thread-safe.
 */
final class WorkThreads {

	private static final ThreadLocal<Boolean> ON_WIRE = new ThreadLocal<>();

	private final Executor wires;

	private final Executor callbacks;

	private final Runnable ended;

	/** What the application does about ends, or is about to. */
	private final Set<Runnable> endings = ConcurrentHashMap.newKeySet();

	/**
	 * Creates work threads.
	 * @param wires for work on wires
	 * @param callbacks for the application's code
	 * @param ended what to call when the application has done with an end
	 */
	WorkThreads(Executor wires, Executor callbacks, Runnable ended) {
		this.wires = (work) -> wires.execute(() -> onWire(work));
		this.callbacks = callbacks;
		this.ended = ended;
	}

	private static void onWire(Runnable work) {
		ON_WIRE.set(true);
		try {
			work.run();
		}
		finally {
			ON_WIRE.remove();
		}
	}

	/** What runs work on a wire, and may have no thread for it. */
	Executor wires() {
		return this.wires;
	}

	/**
	 * Whether this is one of the threads that all wires share: it must run none of the
	 * application's code.
	 */
	boolean isOnWire() {
		return ON_WIRE.get() != null;
	}

	/**
	 * Runs work on a wire that may wait. When there is no thread any more, or no room for
	 * one, it has to be the caller's.
	 */
	void handOver(Runnable work) {
		run(this.wires, work);
	}

	/** Runs the application's code, for as long as it likes. */
	void callBack(Runnable callback) {
		run(this.callbacks, callback);
	}

	/** The same for what it does about an end, which {@link #endings} counts. */
	void callBackAtEnd(Runnable callback) {
		Runnable ending = new Runnable() {

			@Override
			public void run() {
				try {
					callback.run();
				}
				finally {
					WorkThreads.this.endings.remove(this);
					WorkThreads.this.ended.run();
				}
			}

		};
		this.endings.add(ending);
		callBack(ending);
	}

	/** How many ends the application is busy with. */
	int endings() {
		return this.endings.size();
	}

	void forgetEndings() {
		this.endings.clear();
	}

	private static void run(Executor executor, Runnable task) {
		try {
			executor.execute(task);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			task.run();
		}
	}

}
