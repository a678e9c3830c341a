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

package dev.halley.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.HubBroker;

/**
 * What a node is subscribed to. Channels are subscribed to some hundred at a time.
 */
final class RedisSubscriptions extends RedisPubSubAdapter<byte[], byte[]> {

	private static final Log logger = LogFactory.getLog(RedisHubBroker.class);

	private static final int BATCH = 512;

	private final HubKeys keys;

	private final Counters counters;

	/** Guarded by itself, with the order of what is sent. */
	private final Map<String, Entry> entries = new LinkedHashMap<>();

	private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;

	/** Nothing is sent any more. Guarded by the entries. */
	private boolean closed;

	RedisSubscriptions(HubKeys keys, Counters counters) {
		this.keys = keys;
		this.counters = counters;
	}

	HubBroker.Registration add(String hub, HubBroker.Listener listener) {
		Entry entry = new Entry(listener);
		synchronized (this.entries) {
			this.entries.put(hub, entry);
			if (this.connection != null) {
				this.connection.async().subscribe(this.keys.channel(hub));
			}
		}
		return () -> remove(hub, entry);
	}

	private void remove(String hub, Entry entry) {
		synchronized (this.entries) {
			if (this.entries.remove(hub, entry) && this.connection != null) {
				this.connection.async().unsubscribe(this.keys.channel(hub));
			}
		}
	}

	int size() {
		synchronized (this.entries) {
			return this.entries.size();
		}
	}

	/** Subscribes to all. */
	void onUp(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
		connection.addListener(this);
		synchronized (this.entries) {
			if (this.closed) {
				return;
			}
			this.connection = connection;
			List<byte[]> channels = new ArrayList<>();
			for (String hub : this.entries.keySet()) {
				channels.add(this.keys.channel(hub));
				if (channels.size() == BATCH) {
					connection.async().subscribe(channels.toArray(new byte[0][]));
					channels.clear();
				}
			}
			if (!channels.isEmpty()) {
				connection.async().subscribe(channels.toArray(new byte[0][]));
			}
		}
	}

	/** The broker is closed. Hubs may come and go still, which nobody hears. */
	void close() {
		synchronized (this.entries) {
			this.closed = true;
			this.connection = null;
		}
	}

	void onDown() {
		List<Entry> entries;
		synchronized (this.entries) {
			this.connection = null;
			entries = List.copyOf(this.entries.values());
		}
		entries.forEach((entry) -> entry.tell(HubBroker.Listener::onDown));
	}

	private @Nullable Entry find(byte[] channel) {
		String hub = this.keys.hub(channel);
		synchronized (this.entries) {
			return (hub != null) ? this.entries.get(hub) : null;
		}
	}

	@Override
	public void subscribed(byte[] channel, long count) {
		Entry entry = find(channel);
		if (entry != null) {
			entry.tell(HubBroker.Listener::onUp);
		}
	}

	@Override
	public void message(byte[] channel, byte[] published) {
		Entry entry = find(channel);
		BrokerMessage message = (entry != null) ? ScriptValues.message(published) : null;
		if (entry != null && message != null) {
			this.counters.add("received");
			entry.tell((listener) -> listener.onMessage(message));
		}
	}

	/** Calls its listener one call at a time. */
	private static final class Entry {

		private final HubBroker.Listener listener;

		Entry(HubBroker.Listener listener) {
			this.listener = listener;
		}

		/** One that fails keeps neither the others nor the link from going on. */
		synchronized void tell(Consumer<HubBroker.Listener> event) {
			try {
				event.accept(this.listener);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener of a hub failed", ex);
			}
		}

	}

}
