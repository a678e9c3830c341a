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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What waits for one connection at the hubs and channels of its {@link Out}, and what was
 * dropped there. The {@link ConnectionEnd} in the Reactor context has it. For those who
 * run connections; applications have no use for it.
 * <p>
 * Thread-safe.
 *
 * @since 0.1
 */
public final class SourceQueues {

	private @Nullable List<HotQueue> queues;

	private long dropped;

	static @Nullable SourceQueues from(ContextView context) {
		ConnectionEnd end = context.getOrDefault(ConnectionEnd.class, null);
		return (end != null) ? end.queues() : null;
	}

	synchronized void add(HotQueue queue) {
		List<HotQueue> queues = this.queues;
		if (queues == null) {
			queues = new ArrayList<>(1);
			this.queues = queues;
		}
		queues.add(queue);
	}

	/** What was dropped there goes on to count. */
	synchronized void remove(HotQueue queue) {
		if (this.queues != null && this.queues.remove(queue)) {
			this.dropped += queue.size().dropped();
		}
	}

	/**
	 * Adds up what there is at the moment.
	 * @return the sizes of all queues together
	 */
	public synchronized Size size() {
		Size sum = new Size(0, 0, this.dropped);
		if (this.queues != null) {
			for (HotQueue queue : this.queues) {
				sum = sum.plus(queue.size());
			}
		}
		return sum;
	}

	/**
	 * How much there is.
	 *
	 * @param messages how many messages wait
	 * @param bytes how many bytes are known of them
	 * @param dropped how many were dropped until now
	 */
	public record Size(int messages, long bytes, long dropped) {

		Size plus(Size other) {
			return new Size(this.messages + other.messages, this.bytes + other.bytes, this.dropped + other.dropped);
		}

	}

}
