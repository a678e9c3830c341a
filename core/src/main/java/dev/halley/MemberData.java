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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerPayload;

/**
 * What members of a hub of several nodes are told of one of them. The newest of all that
 * the nodes have set counts, on each of them.
 *
 * @param clock greater than that of what it replaces, and than all that this process has
 * set before; mostly the time in microseconds
 * @param node which has set it, and decides between two of the same time
 * @param payload the encoded form
 * @param value what readers get
 */
record MemberData(long clock, long node, BrokerPayload payload, Object value) {

	/** One who comes again may have been forgotten, and time may go back. */
	private static final AtomicLong LAST = new AtomicLong();

	boolean isNewerThan(@Nullable MemberData other) {
		return other == null || this.clock > other.clock || (this.clock == other.clock && this.node > other.node);
	}

	/** Whether both were set at the same time by the same node. */
	boolean isSame(PresenceMessage.Entry entry) {
		return this.clock == entry.clock() && this.node == entry.setter();
	}

	/** The same, set now by a node. */
	MemberData setBy(long node, @Nullable MemberData before) {
		long time = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
		long least = Math.max(time, (before != null) ? before.clock + 1 : 0);
		long clock = LAST.updateAndGet((last) -> Math.max(least, last + 1));
		return new MemberData(clock, node, this.payload, this.value);
	}

	PresenceMessage.Entry toEntry(String name, PresenceMessage.Kind kind) {
		return new PresenceMessage.Entry(kind, name, this.clock, this.node, this.payload);
	}

}
