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

import org.jspecify.annotations.Nullable;

import dev.halley.codec.Payload;

/**
 * Messages that came while another was handled asynchronously. It is full when they have
 * 16 KiB together, so that what it holds is less than that and one message, which the
 * message limit bounds. Not thread-safe.
 */
final class ReadAhead {

	private static final int FULL = 16 * 1024;

	/** What a message costs besides its bytes. */
	private static final int OVERHEAD = 64;

	private final Queue<Payload> messages = new ArrayDeque<>();

	private long size;

	boolean isEmpty() {
		return this.messages.isEmpty();
	}

	boolean isFull() {
		return this.size >= FULL;
	}

	/** Whether there is room enough to make reading on worth its while. */
	boolean isHalfEmpty() {
		return this.size <= FULL / 2;
	}

	void add(Payload message) {
		this.messages.add(message);
		this.size += cost(message);
	}

	@Nullable Payload poll() {
		Payload message = this.messages.poll();
		this.size -= (message != null) ? cost(message) : 0;
		return message;
	}

	void clear() {
		this.messages.clear();
		this.size = 0;
	}

	private static int cost(Payload message) {
		return message.size() + OVERHEAD;
	}

}
