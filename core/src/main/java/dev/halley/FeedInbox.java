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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.halley.hub.broker.BrokerMessage;

/**
 * What has come from the broker to a {@link BrokerFeed} and waits: for the lane, where
 * the feed takes it, and there once more while the history is read. Both have a bound;
 * what is beyond it is told as lost, and read from the history later.
 * <p>
 * Any thread may {@link #put}; all else belongs to the lane.
 */
final class FeedInbox {

	/** So many messages may wait for the lane, and as many there. */
	static final int MOST_WAITING = 8192;

	private final Lane lane;

	private final Consumer<BrokerMessage> taker;

	private final Runnable onLost;

	private final AtomicInteger waiting = new AtomicInteger();

	/** Whether it is still to be told that something was lost. */
	private final AtomicBoolean lost = new AtomicBoolean();

	/** Belongs to the lane. */
	private final Deque<BrokerMessage> kept = new ArrayDeque<>();

	/** Whether something was lost. Belongs to the lane. */
	private boolean overrun;

	/**
	 * Creates an empty one.
	 * @param lane where all is taken
	 * @param taker takes each message
	 * @param onLost called if one had no room
	 */
	FeedInbox(Lane lane, Consumer<BrokerMessage> taker, Runnable onLost) {
		this.lane = lane;
		this.taker = taker;
		this.onLost = onLost;
	}

	/** A message has come. */
	void put(BrokerMessage message) {
		if (this.waiting.incrementAndGet() > MOST_WAITING) {
			this.waiting.decrementAndGet();
			if (!this.lost.getAndSet(true)) {
				this.lane.execute(() -> {
					this.lost.set(false);
					this.onLost.run();
				});
			}
			return;
		}
		this.lane.execute(() -> {
			this.waiting.decrementAndGet();
			this.taker.accept(message);
		});
	}

	/** Keeps a message that was taken until more is known. */
	void keep(BrokerMessage message) {
		if (this.kept.size() < MOST_WAITING) {
			this.kept.add(message);
		}
		else {
			this.overrun = true;
		}
	}

	/** Keeps one that came before all others that are kept. */
	void keepFirst(BrokerMessage message) {
		this.kept.addFirst(message);
	}

	boolean isEmpty() {
		return this.kept.isEmpty();
	}

	/** Returns the first of those that are kept, which is so no more. */
	BrokerMessage remove() {
		return this.kept.remove();
	}

	void clear() {
		this.kept.clear();
	}

	/** Something was lost that has to be read. */
	void overrun() {
		this.overrun = true;
	}

	boolean isOverrun() {
		return this.overrun;
	}

	/** What was lost is read now. */
	void forgetOverrun() {
		this.overrun = false;
	}

}
