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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * What has come from a pair and was not read yet, in order; the end comes last.
 * Thread-safe.
 */
final class Inbox {

	private static final String UNREAD = "not read";

	private final Deque<Arrival> arrivals = new ArrayDeque<>();

	private boolean ended;

	synchronized void add(Object message, Transcript.Entry entry) {
		if (!this.ended) {
			this.arrivals.add(new Arrival(message, null, null, entry.remark(UNREAD)));
			notifyAll();
		}
	}

	synchronized void addUnreadable(Throwable failure, Transcript.Entry entry) {
		if (!this.ended) {
			this.arrivals
				.add(new Arrival(null, failure, null, entry.remark("cannot be read: " + failure.getMessage())));
			notifyAll();
		}
	}

	/** Only the first end counts. */
	synchronized boolean end(CloseStatus status, Transcript.Entry entry) {
		if (this.ended) {
			return false;
		}
		this.ended = true;
		this.arrivals.add(new Arrival(null, null, status, entry));
		notifyAll();
		return true;
	}

	synchronized boolean isEnded() {
		return this.ended;
	}

	/** Waits until something has come that was not taken, or the end. */
	synchronized boolean await(Duration timeout) throws InterruptedException {
		return Timeouts.await(this, timeout, () -> !this.arrivals.isEmpty());
	}

	/** Waits for the end, whatever comes before it. */
	synchronized boolean awaitEnd(Duration timeout) throws InterruptedException {
		return Timeouts.await(this, timeout, () -> this.ended);
	}

	/** Looks at what has come next, if anything has. */
	synchronized @Nullable Arrival peek() {
		return this.arrivals.peek();
	}

	/** Takes what has come next, if anything has, and leaves an end where it is. */
	synchronized @Nullable Arrival take() {
		Arrival first = this.arrivals.peek();
		if (first != null && first.end() == null) {
			this.arrivals.remove();
			first.entry().remark("");
		}
		return first;
	}

	/** Returns the messages that nobody has read. */
	synchronized List<Arrival> unread() {
		return this.arrivals.stream().filter((arrival) -> arrival.end() == null).toList();
	}

	/**
	 * A message, one that cannot be read, or the end.
	 *
	 * @param message the message
	 * @param failure why it cannot be read
	 * @param end how it ended
	 * @param entry its line in the transcript
	 */
	record Arrival(@Nullable Object message, @Nullable Throwable failure, @Nullable CloseStatus end,
			Transcript.Entry entry) {

		/** Says what came, for a failure. */
		@Override
		public String toString() {
			if (this.end != null) {
				return "the connection ended with " + Transcript.print(this.end);
			}
			return (this.failure != null) ? "got a message that cannot be read: " + this.failure.getMessage()
					: "got " + Transcript.print(this.message);
		}

	}

}
