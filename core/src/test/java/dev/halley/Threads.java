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

import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

/**
 * A few threads that start their work at the same moment.
 */
final class Threads implements AutoCloseable {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	/** Runs all and waits for them; what one throws is thrown here, before others end. */
	void race(Action... actions) throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(actions.length);
		CompletionService<Void> running = new ExecutorCompletionService<>(this.executor);
		for (Action action : actions) {
			running.submit(() -> {
				barrier.await(30, TimeUnit.SECONDS);
				action.run();
				return null;
			});
		}
		for (int done = 0; done < actions.length; done++) {
			Future<Void> next = running.poll(30, TimeUnit.SECONDS);
			if (next == null) {
				throw new TimeoutException("Only " + done + " of " + actions.length + " came to their end");
			}
			next.get();
		}
	}

	/** Runs one action on several threads, each of which gets its number. */
	void race(int threads, IntConsumer action) throws Exception {
		Action[] actions = new Action[threads];
		for (int i = 0; i < threads; i++) {
			int number = i;
			actions[i] = () -> action.accept(number);
		}
		race(actions);
	}

	/**
	 * Runs two actions over and over for about a second, each time from the same moment
	 * as nearly as that is possible, which finds what falls between two instructions.
	 * @param first given the number of the round
	 * @param second given the number of the round
	 * @param check run when both are done, before the next round
	 */
	void lockstep(IntConsumer first, IntConsumer second, IntConsumer check) throws Exception {
		long start = System.nanoTime();
		AtomicInteger arrivals = new AtomicInteger();
		AtomicBoolean over = new AtomicBoolean();
		race(() -> {
			for (int round = 0; !over.get(); round++) {
				meet(arrivals, 6 * round + 2);
				first.accept(round);
				meet(arrivals, 6 * round + 4);
				meet(arrivals, 6 * round + 6);
			}
		}, () -> {
			for (int round = 0; !over.get(); round++) {
				meet(arrivals, 6 * round + 2);
				second.accept(round);
				meet(arrivals, 6 * round + 4);
				check.accept(round);
				over.set(System.nanoTime() - start > TimeUnit.SECONDS.toNanos(1));
				meet(arrivals, 6 * round + 6);
			}
		});
	}

	private static void meet(AtomicInteger arrivals, int expected) {
		arrivals.incrementAndGet();
		for (int i = 0; arrivals.get() < expected; i++) {
			spin(i, "before all were there");
		}
	}

	private static void spin(int turn, String when) {
		if (Thread.currentThread().isInterrupted()) {
			throw new IllegalStateException("Interrupted " + when);
		}
		if (turn > 200) {
			Thread.yield();
		}
		Thread.onSpinWait();
	}

	/** What another thread sets, as soon as it does. */
	static <T> T awaitValue(AtomicReference<@Nullable T> reference) {
		T value = reference.get();
		for (int i = 0; value == null; i++) {
			spin(i, "before there was a value");
			value = reference.get();
		}
		return value;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	interface Action {

		void run() throws Exception;

	}

}
