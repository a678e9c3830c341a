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

package dev.halley.hub.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * The server of {@link MemoryBroker brokers} in memory. May lose its data.
 */
public final class MemoryServer {

	private final Map<String, Log> logs = new HashMap<>();

	private final List<MemoryBroker> brokers = new ArrayList<>();

	synchronized void join(MemoryBroker broker) {
		this.brokers.add(broker);
	}

	synchronized void leave(MemoryBroker broker) {
		this.brokers.remove(broker);
	}

	/** Loses all, or what was published last. */
	public synchronized void lose(int messages) {
		if (messages == Integer.MAX_VALUE) {
			this.logs.clear();
		}
		this.logs.values().forEach((log) -> log.goBack(messages));
	}

	synchronized HubBroker.Placement publish(String hub, BrokerPayload payload, Retention retention,
			@Nullable String key) {
		Log log = log(hub);
		Entry first = log.find(key, retention);
		if (first == null) {
			log.retention = retention;
			log.trim(retention);
			first = new Entry(++log.top, ThreadLocalRandom.current().nextLong(), System.nanoTime(), payload, key);
			log.lastTag = first.tag;
			log.entries.add(first);
			log.trim(retention);
			BrokerMessage message = log.message(first);
			this.brokers.forEach((broker) -> broker.hear(hub, message));
		}
		return new HubBroker.Placement(log.epoch, first.offset);
	}

	/** How much is kept of a hub, as was said with what was published last. */
	public synchronized Retention retention(String hub) {
		return log(hub).retention;
	}

	synchronized HistorySlice read(String hub, HistoryRange range, Retention retention) {
		Log log = log(hub);
		if (range.epoch() == log.epoch && log.hasLost(range)) {
			this.logs.remove(hub);
			log = log(hub);
		}
		List<Entry> entries = log.kept(retention);
		int from = 0;
		if (range.last()) {
			from = Math.max(0, entries.size() - range.limit());
		}
		else {
			while (range.epoch() == log.epoch && from < entries.size() && entries.get(from).offset <= range.offset()) {
				from++;
			}
		}
		return new HistorySlice(log.epoch, log.top,
				entries.stream().skip(from).limit(range.limit()).map(log::message).toList());
	}

	private Log log(String hub) {
		return this.logs.computeIfAbsent(hub, (name) -> new Log());
	}

	private record Entry(long offset, long tag, long time, BrokerPayload payload, @Nullable String key) {
	}

	private static final class Log {

		private final long epoch = 1 + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);

		private final List<Entry> entries = new ArrayList<>();

		private long top;

		private long lastTag;

		private Retention retention = Retention.NOTHING;

		private boolean hasLost(HistoryRange range) {
			if (range.offset() > this.top) {
				return true;
			}
			long tag = this.entries.stream()
				.filter((entry) -> entry.offset == range.offset())
				.mapToLong(Entry::tag)
				.findFirst()
				.orElse((range.offset() == this.top) ? this.lastTag : 0);
			return tag != 0 && range.tag() != 0 && tag != range.tag();
		}

		private void goBack(int messages) {
			for (int i = 0; i < messages && !this.entries.isEmpty(); i++) {
				this.entries.remove(this.entries.size() - 1);
				this.top--;
			}
			this.lastTag = this.entries.isEmpty() ? 0 : this.entries.get(this.entries.size() - 1).tag;
		}

		private @Nullable Entry find(@Nullable String key, Retention retention) {
			long now = System.nanoTime();
			return this.entries.stream()
				.filter((entry) -> key != null && Objects.equals(entry.key, key))
				.filter((entry) -> now - entry.time < retention.age().toNanos())
				.findFirst()
				.orElse(null);
		}

		private BrokerMessage message(Entry entry) {
			return new BrokerMessage(this.epoch, entry.offset, entry.tag, (System.nanoTime() - entry.time) / 1_000_000,
					entry.payload);
		}

		private void trim(Retention retention) {
			trim(this.entries, retention);
		}

		private List<Entry> kept(Retention retention) {
			List<Entry> kept = new ArrayList<>(this.entries);
			trim(kept, retention);
			return kept;
		}

		private static void trim(List<Entry> entries, Retention retention) {
			while (!entries.isEmpty() && isTooMuch(entries, retention)) {
				entries.remove(0);
			}
		}

		private static boolean isTooMuch(List<Entry> entries, Retention retention) {
			return entries.size() > retention.messages()
					|| System.nanoTime() - entries.get(0).time >= retention.age().toNanos()
					|| (retention.bytes() != Long.MAX_VALUE && bytes(entries) > retention.bytes());
		}

		private static long bytes(List<Entry> entries) {
			return entries.stream().mapToLong((entry) -> entry.payload.bytes().length).sum();
		}

	}

}
