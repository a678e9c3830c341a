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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker.Placement;
import dev.halley.hub.broker.Retention;

/**
 * What several {@link FakeHubBroker}s have in common: the order and the history of each
 * hub. Thread-safe; whatever it does is one atomic step.
 */
final class FakeServer {

	private final List<FakeHubBroker> nodes = new ArrayList<>();

	private final Map<String, Log> logs = new HashMap<>();

	synchronized void join(FakeHubBroker node) {
		this.nodes.add(node);
	}

	synchronized void leave(FakeHubBroker node) {
		this.nodes.remove(node);
	}

	synchronized List<FakeHubBroker> nodes() {
		return List.copyOf(this.nodes);
	}

	/** Nobody knows any more what was published. */
	synchronized void forget() {
		this.logs.clear();
	}

	synchronized Placement publish(String hub, BrokerPayload payload, Retention retention, @Nullable String key) {
		Log log = log(hub);
		log.trim(retention);
		Entry entry = (key != null) ? log.find(key) : null;
		if (entry == null) {
			entry = log.add(payload, key);
			log.trim(retention);
			BrokerMessage message = log.message(entry);
			this.nodes.forEach((node) -> node.hear(hub, message));
		}
		return new Placement(log.epoch, entry.offset);
	}

	synchronized HistorySlice read(String hub, HistoryRange range, Retention retention) {
		Log log = log(hub);
		if (log.hasLost(range)) {
			this.logs.remove(hub);
			log = log(hub);
		}
		return log.read(range, retention);
	}

	private Log log(String hub) {
		return this.logs.computeIfAbsent(hub, (name) -> new Log());
	}

	/**
	 * A message.
	 */
	private record Entry(long offset, long tag, long nanos, BrokerPayload payload, @Nullable String key) {

		private static Entry of(long offset, BrokerPayload payload, @Nullable String key) {
			return new Entry(offset, ThreadLocalRandom.current().nextLong(), System.nanoTime(), payload, key);
		}

		private Duration age() {
			return Duration.ofNanos(System.nanoTime() - this.nanos);
		}

	}

	/**
	 * One life of a hub.
	 */
	private static final class Log {

		private final long epoch = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

		private final List<Entry> entries = new ArrayList<>();

		private long top;

		private Entry add(BrokerPayload payload, @Nullable String key) {
			Entry entry = Entry.of(++this.top, payload, key);
			this.entries.add(entry);
			return entry;
		}

		private @Nullable Entry find(String key) {
			return this.entries.stream().filter((entry) -> key.equals(entry.key)).findFirst().orElse(null);
		}

		private BrokerMessage message(Entry entry) {
			return new BrokerMessage(this.epoch, entry.offset, entry.tag, entry.age().toMillis(), entry.payload);
		}

		/** Whether it was given away what is not here, or is another message here. */
		private boolean hasLost(HistoryRange range) {
			return range.epoch() == this.epoch
					&& (range.offset() > this.top || range.tag() != 0 && this.entries.stream()
						.anyMatch((entry) -> entry.offset == range.offset() && entry.tag != range.tag()));
		}

		/** Who keeps less than others reads less, and takes nothing from them. */
		private HistorySlice read(HistoryRange range, Retention retention) {
			List<Entry> found = new ArrayList<>(this.entries);
			trim(found, retention);
			if (range.last()) {
				found = found.subList(Math.max(0, found.size() - range.limit()), found.size());
			}
			else if (range.epoch() == this.epoch) {
				found = found.stream().filter((entry) -> entry.offset > range.offset()).toList();
			}
			return new HistorySlice(this.epoch, this.top,
					found.stream().limit(range.limit()).map(this::message).toList());
		}

		private void trim(Retention retention) {
			trim(this.entries, retention);
		}

		private static void trim(List<Entry> entries, Retention retention) {
			while (!entries.isEmpty() && isTooMuch(entries, retention)) {
				entries.remove(0);
			}
		}

		private static boolean isTooMuch(List<Entry> entries, Retention retention) {
			return entries.size() > retention.messages() || entries.get(0).age().compareTo(retention.age()) >= 0
					|| entries.stream().mapToLong((entry) -> entry.payload.bytes().length).sum() > retention.bytes();
		}

	}

}
