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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerException;
import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.BrokerState;
import dev.halley.hub.broker.HistoryRange;
import dev.halley.hub.broker.HistorySlice;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.PayloadCodec;
import dev.halley.hub.broker.Retention;
import dev.halley.hub.broker.StringPayloads;

/**
 * Nodes on one thread, between which something comes when a test lets it, and for which
 * time passes when a test lets it. Histories are none.
 */
final class SteppedNodes {

	/** Those of applications, but that nothing happens in real time. */
	static final BrokerTimes TIMES = new BrokerTimes(Duration.ofMinutes(10), Duration.ofMinutes(10),
			Duration.ofMinutes(10), BrokerTimes.DEFAULT.beat(), BrokerTimes.DEFAULT.lease());

	static final Duration GRACE = Duration.ofSeconds(2);

	private static final Duration STEP = Duration.ofMillis(50);

	private final Map<String, Log> logs = new HashMap<>();

	private final List<Node> nodes = new ArrayList<>();

	Node add() {
		Node node = new Node();
		this.nodes.add(node);
		return node;
	}

	/** It is never heard of again. */
	void kill(Node node) {
		node.setUp(false);
		this.nodes.remove(node);
	}

	/** All that is under way arrives, and what comes of it. */
	void settle() {
		settle(this.nodes);
	}

	private static void settle(List<Node> nodes) {
		boolean moved = true;
		while (moved) {
			moved = false;
			for (Node node : nodes) {
				moved |= node.receive();
			}
		}
	}

	/** Time passes on all nodes, and what is said meanwhile arrives at once. */
	void pass(Duration time) {
		pass(time, null);
	}

	/** The same, but that one of them stands still for all that time. */
	void pass(Duration time, @Nullable Node still) {
		List<Node> moving = this.nodes.stream().filter((node) -> node != still).toList();
		settle(moving);
		for (long left = time.toNanos(); left > 0; left -= STEP.toNanos()) {
			Duration step = Duration.ofNanos(Math.min(left, STEP.toNanos()));
			moving.forEach((node) -> node.time.pass(step));
			settle(moving);
		}
		if (still != null) {
			still.time.skip(time);
		}
	}

	List<Node> nodes() {
		return this.nodes;
	}

	private Log log(String hub) {
		return this.logs.computeIfAbsent(hub, (name) -> new Log(this.logs.size() + 1));
	}

	private static final class Log {

		private final long epoch;

		private long top;

		Log(long epoch) {
			this.epoch = epoch;
		}

	}

	/**
	 * A node.
	 */
	final class Node implements HubBroker, PayloadCodec {

		final HubTime time = new HubTime();

		final BrokeredHubs hubs = new BrokeredHubs(this, (type) -> StringPayloads.INSTANCE, this, this::execute,
				HistoryPatterns.NONE, TIMES, new HubTimes(this.time.timer, GRACE));

		/** What cannot be published. */
		Predicate<PresenceMessage> failing = (message) -> false;

		/** Data of members that cannot be decoded. */
		Predicate<String> unreadable = (data) -> false;

		int mostBytes = 1000;

		/** What was published here. */
		final List<PresenceMessage> said = new ArrayList<>();

		private @Nullable Queue<Runnable> held;

		private final Map<String, Listener> listeners = new LinkedHashMap<>();

		private final Queue<Runnable> inbox = new ArrayDeque<>();

		private boolean up = true;

		Hub<String> hub(String name) {
			return this.hubs.hub(name, String.class);
		}

		/** How much of a kind was published here. */
		int said(Class<? extends PresenceMessage> kind) {
			return (int) this.said.stream().filter(kind::isInstance).count();
		}

		/** What is left to other threads waits. */
		void hold() {
			this.held = new ArrayDeque<>();
		}

		void goOn() {
			Queue<Runnable> held = this.held;
			this.held = null;
			if (held != null) {
				held.forEach(Runnable::run);
			}
		}

		private void execute(Runnable task) {
			if (this.held != null) {
				this.held.add(task);
			}
			else {
				task.run();
			}
		}

		/** Takes what comes next. */
		boolean receive() {
			Runnable next = this.inbox.poll();
			if (next != null) {
				next.run();
			}
			return next != null;
		}

		void setUp(boolean up) {
			if (this.up != up) {
				this.up = up;
				this.inbox.clear();
				List.copyOf(this.listeners.values()).forEach((listener) -> {
					if (up) {
						this.inbox.add(listener::onUp);
					}
					else {
						listener.onDown();
					}
				});
			}
		}

		boolean isUp() {
			return this.up;
		}

		/** How many hubs it listens to. */
		int subscriptions() {
			return this.listeners.size();
		}

		@Override
		public CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention,
				@Nullable String key) {
			PresenceMessage message = decode(hub, payload);
			if (!this.up || (message != null && this.failing.test(message))) {
				return CompletableFuture.failedStage(new BrokerException("no link", false, null));
			}
			Log log = log(hub);
			log.top++;
			if (message != null) {
				this.said.add(message);
			}
			BrokerMessage sent = new BrokerMessage(log.epoch, log.top, log.top, 0, payload);
			SteppedNodes.this.nodes.forEach((node) -> node.hear(hub, sent));
			return CompletableFuture.completedStage(new Placement(log.epoch, log.top));
		}

		private @Nullable PresenceMessage decode(String hub, BrokerPayload payload) {
			try {
				return (hub.charAt(0) == InMemoryHubs.INTERNAL) ? PresenceCodec.INSTANCE.decode(payload) : null;
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		}

		private void hear(String hub, BrokerMessage message) {
			if (this.up && this.listeners.containsKey(hub)) {
				this.inbox.add(() -> {
					Listener listener = this.listeners.get(hub);
					if (listener != null) {
						listener.onMessage(message);
					}
				});
			}
		}

		/** Something comes, from whomever. */
		void hear(String name, BrokerPayload payload) {
			String hub = InMemoryHubs.INTERNAL + "presence " + name;
			Log log = log(hub);
			hear(hub, new BrokerMessage(log.epoch, ++log.top, log.top, 0, payload));
		}

		@Override
		public Registration subscribe(String hub, Listener listener) {
			this.listeners.put(hub, listener);
			if (this.up) {
				this.inbox.add(listener::onUp);
			}
			return () -> this.listeners.remove(hub, listener);
		}

		@Override
		public CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention) {
			CompletableFuture<HistorySlice> answer = new CompletableFuture<>();
			Log log = log(hub);
			HistorySlice slice = new HistorySlice(log.epoch, log.top, List.of());
			this.inbox.add(() -> answer.complete(slice));
			return answer;
		}

		@Override
		public BrokerPayload encode(Object data) {
			return StringPayloads.INSTANCE.encode(data);
		}

		@Override
		public Object decode(BrokerPayload payload) {
			String data = (String) StringPayloads.INSTANCE.decode(payload);
			if (this.unreadable.test(data)) {
				throw new AssertionError("Not to be read: " + data);
			}
			return data;
		}

		@Override
		public Object encoded(BrokerPayload payload) {
			return payload;
		}

		@Override
		public int maxPayloadSize() {
			return this.mostBytes;
		}

		@Override
		public BrokerState state() {
			return new BrokerState(this.up, "stepped", null, Map.of());
		}

	}

}
