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

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Counts what all hubs of a process do. Hubs come and go, so that none counts for itself.
 * Thread-safe.
 */
final class HubCounts {

	/** Of what is no hub of the application. */
	static final HubCounts IGNORED = new HubCounts();

	private final LongAdder published = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder delivered = new LongAdder();

	private final LongAdder came = new LongAdder();

	private final LongAdder lagMillis = new LongAdder();

	private final LongAdder recovered = new LongAdder();

	private final LongAdder reset = new LongAdder();

	/**
	 * A message came from the broker that was published then, by the clock of its node.
	 */
	void came(long sent) {
		if (sent > 0) {
			this.came.increment();
			this.lagMillis.add(Math.max(0, System.currentTimeMillis() - sent));
		}
	}

	/** A message that was published here has its place, or has none. */
	void published(@Nullable Throwable failure) {
		((failure != null) ? this.failed : this.published).increment();
	}

	/** A message goes to so many subscribers of this process. */
	void delivered(int subscribers) {
		this.delivered.add(subscribers);
	}

	/** Somebody has come back, and goes on where it was or is told that it cannot. */
	void replayed(Replay replay, Replay.Start start) {
		if (replay.isAfter()) {
			(start.reset() ? this.reset : this.recovered).increment();
		}
	}

	/**
	 * Returns what was counted.
	 * @param hubs how many hubs there are
	 * @param subscribers how many subscribers these have
	 * @param members who is present in them
	 */
	HubStatistics with(int hubs, long subscribers, long members) {
		return new HubStatistics(hubs, subscribers, members, this.published.sum(), this.failed.sum(),
				this.delivered.sum(), this.recovered.sum(), this.reset.sum(), this.came.sum(),
				Duration.ofMillis(this.lagMillis.sum()));
	}

}
