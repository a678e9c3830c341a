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

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;

/**
 * Reads all of a history, page by page. What goes meanwhile is no gap: then it begins
 * anew. Not thread-safe.
 */
final class HistoryLoad {

	private final int page;

	private final List<BrokerMessage> messages = new ArrayList<>();

	HistoryLoad(int page) {
		this.page = page;
	}

	HistoryRange first() {
		return HistoryRange.first(this.page);
	}

	/**
	 * Adds a page.
	 * @return what to read next, or {@code null} if that was all
	 */
	@Nullable HistoryRange add(HistorySlice slice) {
		if (!follows(slice)) {
			this.messages.clear();
			return first();
		}
		this.messages.addAll(slice.messages());
		long reached = this.messages.isEmpty() ? slice.top() : lastOffset();
		return (reached < slice.top() && !slice.messages().isEmpty())
				? HistoryRange.after(slice.epoch(), reached, 0, this.page) : null;
	}

	private boolean follows(HistorySlice slice) {
		if (this.messages.isEmpty()) {
			return true;
		}
		return this.messages.get(0).epoch() == slice.epoch()
				&& (slice.messages().isEmpty() || slice.messages().get(0).offset() == lastOffset() + 1);
	}

	private long lastOffset() {
		return this.messages.get(this.messages.size() - 1).offset();
	}

	/** All that was read, with what the last page says of the hub. */
	HistorySlice all(HistorySlice last) {
		return new HistorySlice(last.epoch(), last.top(), this.messages);
	}

}
