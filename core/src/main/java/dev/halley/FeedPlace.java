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

import java.util.List;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;

/**
 * Where a {@link BrokerFeed} is in the order of its hub, and so what becomes of a message
 * that comes. Not thread-safe.
 */
final class FeedPlace {

	private long epoch;

	private long last;

	private long lastTag;

	/** The greatest offset that has come since the link is up, other than by reading. */
	private long lastLive;

	/**
	 * That of the last message that was delivered or need not be: those up to the last
	 * one that come after all, since they were under way when it was read, are.
	 */
	private long floor;

	private final StaleEpochs stale = new StaleEpochs();

	/** Whether there is one, since the hub has told where it is. */
	boolean isKnown() {
		return this.epoch != 0;
	}

	long epoch() {
		return this.epoch;
	}

	/** The offset of the last message. */
	long last() {
		return this.last;
	}

	void forget() {
		this.epoch = 0;
		this.last = 0;
		this.lastTag = 0;
		this.floor = 0;
		this.stale.clear();
	}

	/** The link is up. */
	void linked() {
		this.lastLive = 0;
	}

	/** A message has come, other than by reading. */
	Arrival meet(BrokerMessage message) {
		if (message.epoch() != this.epoch) {
			if (this.stale.contains(message.epoch())) {
				return Arrival.OLD;
			}
			this.stale.meet(message.epoch());
			return Arrival.EARLY;
		}
		boolean again = message.offset() <= this.lastLive;
		this.lastLive = message.offset();
		if (isNext(message)) {
			return Arrival.NEXT;
		}
		if (message.offset() > this.last) {
			return Arrival.EARLY;
		}
		if (message.offset() > this.floor) {
			return Arrival.LATE;
		}
		return again ? Arrival.AGAIN : Arrival.OLD;
	}

	boolean isNext(BrokerMessage message) {
		return message.offset() == this.last + 1;
	}

	/** A message is delivered. */
	void reach(BrokerMessage message) {
		this.last = message.offset();
		this.floor = this.last;
		this.lastTag = message.tag();
	}

	/** Goes back to where a message is the next one. */
	void goBackBefore(BrokerMessage message) {
		this.last = message.offset() - 1;
	}

	/** What has to be read to go on, or to know where the hub is. */
	HistoryRange range(int limit) {
		return isKnown() ? HistoryRange.after(this.epoch, this.last, this.lastTag, limit) : HistoryRange.last(0);
	}

	/** Whether a hub that has told this has come here. */
	boolean isIn(HistorySlice slice) {
		return slice.epoch() == this.epoch && slice.top() >= this.last;
	}

	/** Whether something is missing in what was read from here on. */
	boolean isGap(HistorySlice slice) {
		List<BrokerMessage> messages = slice.messages();
		return slice.top() > this.last && (messages.isEmpty() || messages.get(0).offset() > this.last + 1
				|| messages.get(messages.size() - 1).offset() <= this.last);
	}

	/**
	 * Begins at the end of what was read.
	 * @param slice what was read
	 * @param floor the offset of the last message that is not delivered if it comes
	 */
	void begin(HistorySlice slice, long floor) {
		List<BrokerMessage> messages = slice.messages();
		this.epoch = slice.epoch();
		this.last = slice.top();
		this.floor = floor;
		this.lastTag = messages.isEmpty() ? 0 : messages.get(messages.size() - 1).tag();
	}

	/** Begins anew with the first message that was read. */
	void reset(HistorySlice slice) {
		List<BrokerMessage> messages = slice.messages();
		this.floor = (slice.epoch() == this.epoch) ? this.last : 0;
		if (slice.epoch() != this.epoch) {
			this.lastLive = 0;
			this.stale.change(this.epoch, slice.epoch());
		}
		this.epoch = slice.epoch();
		this.last = messages.isEmpty() ? slice.top() : messages.get(0).offset() - 1;
		this.lastTag = 0;
	}

	/** The hub has told all that it has. */
	void settle() {
		this.stale.settle(this.epoch);
	}

	/** What a message is that comes. */
	enum Arrival {

		/** The one that is to be delivered. */
		NEXT,

		/** There may be others before it. */
		EARLY,

		/** It was under way when its place was asked for, and is to be delivered. */
		LATE,

		/** It came before: the server has gone back, or tells it twice. */
		AGAIN,

		/** It was delivered, or need not be. */
		OLD

	}

}
