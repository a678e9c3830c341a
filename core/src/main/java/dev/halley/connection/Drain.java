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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.web.socket.CloseStatus;

/**
 * Closes connections in batches over a time, so that those who come again, elsewhere, do
 * not all come at once. Few are closed at once: they are no storm.
 * <p>
 * Used by one thread.
 */
final class Drain {

	/** So many may come again at the same time. */
	static final int LEAST = 100;

	/** Between two batches. */
	static final Duration STEP = Duration.ofMillis(100);

	private final List<Runnable> closings;

	private final long over;

	private int done;

	/**
	 * Creates a drain.
	 * @param closings close one connection each, in the order in which that is done
	 * @param over the time that all take
	 */
	Drain(List<Runnable> closings, Duration over) {
		this.closings = closings;
		this.over = over.toMillis();
	}

	/**
	 * Closes all who are there, in no particular order. Waits until the last batch is
	 * told to close, or all have gone.
	 * @param index who is there
	 * @param status the status for the peers
	 * @param over the time that all take
	 */
	static void run(ConnectionIndex index, CloseStatus status, Duration over) throws InterruptedException {
		List<Runnable> closings = new ArrayList<>();
		index.forEach(
				(connection) -> closings.add(() -> ConnectionIndex.guarded(connection, (each) -> each.close(status))),
				(session) -> closings.add(() -> ConnectionIndex.guarded(session, (each) -> each.close(status))));
		Collections.shuffle(closings);
		Drain drain = new Drain(closings, over);
		long start = System.nanoTime();
		boolean gone = false;
		while (!gone && drain.next(System.nanoTime() - start)) {
			gone = index.awaitEmpty(STEP);
		}
	}

	/**
	 * Closes the next ones.
	 * @param elapsed the nanoseconds since the start
	 * @return whether there are more
	 */
	boolean next(long elapsed) {
		long due = Math.max(this.done + LEAST, due(TimeUnit.NANOSECONDS.toMillis(elapsed) + STEP.toMillis()));
		while (this.done < Math.min(due, this.closings.size())) {
			this.closings.get(this.done++).run();
		}
		return this.done < this.closings.size();
	}

	/** How many should be closed so many milliseconds after the start. */
	private long due(long elapsed) {
		long all = this.closings.size();
		return (elapsed < this.over) ? (all * elapsed + this.over - 1) / this.over : all;
	}

}
