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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.halley.hub.broker.BrokerException;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.Retention;

/**
 * What a node publishes to one hub, in the order in which it is published. While the
 * subscription of the hub is on its way it waits, a short time and up to a thousand
 * messages at most: whoever subscribes and then publishes gets what it has published.
 * <p>
 * Any thread. Stages are completed on threads that may block.
 */
final class Publishing {

	static final int MOST_WAITING = 1024;

	private final String name;

	private final HubBroker broker;

	private final Executor executor;

	private final Duration patience;

	private final Queue<Message> messages = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicInteger drains = new AtomicInteger();

	private volatile boolean settling;

	Publishing(String name, HubBroker broker, Executor executor, Duration patience) {
		this.name = name;
		this.broker = broker;
		this.executor = executor;
		this.patience = patience;
	}

	CompletionStage<Position> publish(BrokerPayload payload, Retention retention, @Nullable String key) {
		Message message = new Message(payload, retention, key, new CompletableFuture<>());
		this.messages.add(message);
		if (this.waiting.incrementAndGet() > MOST_WAITING) {
			this.settling = false;
		}
		drain();
		return message.position;
	}

	/** Lets messages wait for a subscription that is on its way. */
	void settle() {
		if (!this.settling && this.broker.state().up()) {
			this.settling = true;
			BrokerTimer.schedule(this::settled, this.patience.toMillis());
		}
	}

	/** Lets them go. */
	void settled() {
		this.settling = false;
		drain();
	}

	private void drain() {
		int missed = 1;
		if (this.drains.getAndIncrement() != 0) {
			return;
		}
		do {
			while (!this.settling) {
				Message message = this.messages.poll();
				if (message == null) {
					break;
				}
				this.waiting.decrementAndGet();
				send(message);
			}
			missed = this.drains.addAndGet(-missed);
		}
		while (missed != 0);
	}

	private void send(Message message) {
		BrokerCalls.ask(() -> this.broker.publish(this.name, message.payload, message.retention, message.key))
			.whenComplete((place, failure) -> {
				Runnable completion = () -> complete(message.position, place, failure);
				try {
					this.executor.execute(completion);
				}
				catch (RejectedExecutionException | OutOfMemoryError ex) {
					completion.run();
				}
			});
	}

	private void complete(CompletableFuture<Position> position, HubBroker.Placement place,
			@Nullable Throwable failure) {
		if (failure != null) {
			position.completeExceptionally(unavailable(failure));
		}
		else {
			position.complete(new Position(place.epoch(), place.offset()));
		}
	}

	private HubUnavailableException unavailable(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		boolean unknown = !(cause instanceof BrokerException known) || known.isOutcomeUnknown();
		return new HubUnavailableException(this.name, unknown, cause);
	}

	private record Message(BrokerPayload payload, Retention retention, @Nullable String key,
			CompletableFuture<Position> position) {
	}

}
