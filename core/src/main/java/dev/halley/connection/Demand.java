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

import dev.halley.Overflow;

/**
 * How much a source is asked for: as many messages of the largest size seen lately as
 * have room, and one in any case when nothing waits. It starts with one, since nobody
 * knows how large they are, and with each that it sees dares to ask for more. Not
 * thread-safe: the monitor of the {@link OutboundState} guards it.
 */
final class Demand {

	/** The most messages that a source is asked for in advance. */
	private static final int WINDOW = 64;

	/** What each message adds to the pace, so that it asks for 1, then 4, 16 and 64. */
	private static final int PACE_PER_MESSAGE = 3;

	private final int window;

	private final int sourceShare;

	private final long maxBytes;

	private final boolean stepwise;

	/**
	 * The most to ask for now, until it is beyond the window, which then counts alone.
	 */
	private int pace;

	private int outstanding;

	private int largest = 1;

	Demand(ConnectionSettings settings) {
		int messages = settings.sendBufferMessages();
		this.stepwise = settings.overflow() == Overflow.DROP_OLDEST || settings.overflow() == Overflow.LATEST;
		this.window = switch (settings.overflow()) {
			case LATEST -> 1;
			case DROP_OLDEST -> Math.min(WINDOW, messages);
			case CLOSE, DROP_LATEST -> Math.max(1, Math.min(WINDOW, messages / 4));
		};
		this.sourceShare = this.stepwise ? messages : Math.max(1, messages - this.window);
		this.maxBytes = settings.sendBufferBytes();
		this.pace = this.stepwise ? this.window + PACE_PER_MESSAGE : 1;
	}

	/**
	 * Whether a source is asked for one message at a time, and only while the wire is
	 * free: what waits must wait where it can still be dropped.
	 */
	boolean isStepwise() {
		return this.stepwise;
	}

	/** Whether all that was asked for has come. */
	boolean isExhausted() {
		return this.outstanding == 0;
	}

	/**
	 * Whether all that was asked for has come while that was little: more is to be asked
	 * for without waiting for the wire.
	 */
	boolean isStarting() {
		return this.outstanding == 0 && this.pace < this.window + PACE_PER_MESSAGE;
	}

	/** The part of the send buffer's messages that is the source's: the rest is asked. */
	int sourceShare() {
		return this.sourceShare;
	}

	/**
	 * Takes note of a message.
	 * @return whether it was asked for
	 */
	boolean isMetBy(int size) {
		this.largest = Math.max(size, this.largest - this.largest / WINDOW);
		if (this.outstanding == 0) {
			return false;
		}
		this.outstanding--;
		this.pace += (this.pace < this.window + PACE_PER_MESSAGE) ? PACE_PER_MESSAGE : 0;
		return true;
	}

	/**
	 * Tells how many more to ask for, and counts them as asked for. Not worth a call
	 * while few would be asked for and others are still to come.
	 * @param waiting how many messages are queued or being written
	 * @param usedBytes how many bytes these are
	 */
	int next(int waiting, long usedBytes) {
		int more = room(waiting, usedBytes) - this.outstanding;
		if (more <= 0 || (more < Math.min(this.pace, this.window) / 4 && this.outstanding > 0)) {
			return 0;
		}
		more = this.stepwise ? 1 : more;
		this.outstanding += more;
		return more;
	}

	private int room(int waiting, long usedBytes) {
		if (this.stepwise && this.outstanding > 0) {
			return 0;
		}
		long fitting = (this.maxBytes - usedBytes) / this.largest;
		int least = (usedBytes == 0 && waiting == 0) ? 1 : 0;
		return (int) Math.max(least, Math.min(fitting, Math.min(this.pace, this.window - waiting)));
	}

}
