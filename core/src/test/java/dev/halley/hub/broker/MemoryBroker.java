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

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A broker in memory, whose link can be cut: the model of one that passes the
 * {@linkplain BrokerContract contract}.
 */
public final class MemoryBroker implements HubBroker, AutoCloseable {

	public static final int MOST_BYTES = 1000;

	private final MemoryServer server;

	private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

	private final ExecutorService io = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "memory-broker");
		thread.setDaemon(true);
		return thread;
	});

	private final AtomicInteger reads = new AtomicInteger();

	private volatile boolean up = true;

	private volatile boolean deaf;

	private volatile boolean mute;

	private final Queue<Runnable> underWay = new ConcurrentLinkedQueue<>();

	private volatile boolean late;

	public MemoryBroker(MemoryServer server) {
		this.server = server;
		server.join(this);
	}

	/** The link is lost, or is back. */
	public void setUp(boolean up) {
		this.mute = false;
		this.up = up;
		this.io.execute(() -> this.listeners.values().forEach(up ? Listener::onUp : Listener::onDown));
	}

	/** What is published does not come, without a word. */
	public void setDeaf(boolean deaf) {
		this.deaf = deaf;
	}

	/** What is published comes when this is over. */
	public void setLate(boolean late) {
		this.late = late;
		while (!late && !this.underWay.isEmpty()) {
			this.underWay.remove().run();
		}
	}

	/** What is asked for is done, and not answered. */
	public void setMute(boolean mute) {
		this.mute = mute;
	}

	public Map<String, Listener> listeners() {
		return this.listeners;
	}

	public int reads() {
		return this.reads.get();
	}

	void hear(String hub, BrokerMessage message) {
		if (this.up && !this.deaf && this.late) {
			this.underWay.add(() -> tell(hub, message));
		}
		else if (this.up && !this.deaf) {
			tell(hub, message);
		}
	}

	/** A message comes, of whichever epoch, for whichever reason. */
	public void tell(String hub, BrokerMessage message) {
		this.io.execute(() -> {
			Listener listener = this.listeners.get(hub);
			if (listener != null && this.up) {
				listener.onMessage(message);
			}
		});
	}

	private <T> CompletionStage<T> ask(Supplier<T> question) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		try {
			this.io.execute(() -> {
				if (!this.up) {
					answer.completeExceptionally(new BrokerException("no link", false, null));
					return;
				}
				T answered = question.get();
				if (this.mute) {
					answer.completeExceptionally(new BrokerException("no answer", true, null));
				}
				answer.complete(answered);
			});
		}
		catch (RejectedExecutionException ex) {
			answer.completeExceptionally(new BrokerException("closed", false, null));
		}
		return answer;
	}

	@Override
	public CompletionStage<Placement> publish(String hub, BrokerPayload payload, Retention retention,
			@Nullable String key) {
		return ask(() -> this.server.publish(hub, payload, retention, key));
	}

	@Override
	public Registration subscribe(String hub, Listener listener) {
		this.io.execute(() -> {
			this.listeners.put(hub, listener);
			if (this.up) {
				listener.onUp();
			}
		});
		return () -> {
			try {
				this.io.execute(() -> this.listeners.remove(hub, listener));
			}
			catch (RejectedExecutionException ex) {
				// Closed, and nobody is told of anything
			}
		};
	}

	@Override
	public CompletionStage<HistorySlice> read(String hub, HistoryRange range, Retention retention) {
		this.reads.incrementAndGet();
		return ask(() -> this.server.read(hub, range, retention));
	}

	@Override
	public int maxPayloadSize() {
		return MOST_BYTES;
	}

	@Override
	public BrokerState state() {
		return new BrokerState(this.up, "memory", this.up ? null : "cut", Map.of());
	}

	@Override
	public void close() {
		this.server.leave(this);
		this.listeners.clear();
		this.io.shutdown();
	}

}
