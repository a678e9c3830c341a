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

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.Disposable;

import dev.halley.hub.broker.BrokerMessage;
import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.PayloadCodec;
import dev.halley.hub.broker.Retention;

/**
 * A hub of all nodes. What is published here goes to the broker, and is delivered here
 * when it comes back, as everywhere: that makes one order for all.
 *
 * @param <T> the type of the messages
 */
final class BrokeredHub<T> extends MirroredHub<T> implements FeedReceiver {

	private final BrokeredHubs hubs;

	private final PayloadCodec codec;

	private final HubBroker broker;

	private final BrokerFeed feed;

	private final Publishing publishing;

	/** Whether it is no hub of the application. */
	private final boolean internal;

	/** Who waits for the history, guarded by itself. */
	private final Map<HubMember, Replay> postponed = new LinkedHashMap<>();

	BrokeredHub(String name, Type type, BrokeredHubs hubs, RetainedHubs retained, PayloadCodec codec) {
		super(name, type, hubs.others(), retained, hubs.hubTimes());
		Executor executor = hubs.others();
		this.hubs = hubs;
		this.internal = InMemoryHubs.isInternal(name);
		this.codec = codec;
		this.broker = hubs.broker();
		this.feed = new BrokerFeed(this, this.broker, new Lane(executor), hubs.times());
		this.publishing = new Publishing(name, this.broker, executor, hubs.times().settling());
	}

	@Override
	HubPresence<T> createPresence(HubTimes times, boolean closed) {
		return new BrokeredPresence<>(this, this.hubs, times, closed);
	}

	/** To ask is to begin to listen to the other nodes. */
	@Override
	public Map<String, Object> members() {
		return presenceHere().members();
	}

	/**
	 * Listens without a history.
	 * @param messages gets what is published, one after the other, and does not block
	 * @param missed is called where something may have been missed: once the subscription
	 * is in place, and whenever the broker has lost something since
	 * @return ends it
	 */
	Disposable listen(Consumer<? super T> messages, Runnable missed) {
		return listen(new HubListening.Listener<T>() {

			@Override
			public void hears(T message, Position position) {
				messages.accept(message);
			}

			@Override
			public void begins(@Nullable Position position) {
				missed.run();
			}

		});
	}

	/**
	 * Listens without a history, and hears where it is.
	 * @param listener does not block
	 * @return ends it
	 */
	Disposable listen(HubListening.Listener<? super T> listener) {
		HubListening<T> listening = new HubListening<>(this, listener);
		listening.begin();
		return listening;
	}

	/**
	 * Runs something soon if the subscription is in place, or was until the link broke.
	 */
	void ifSubscribed(Runnable task) {
		this.feed.ifSubscribed(task);
	}

	@Override
	void keep(History limits, boolean own) {
		History before = limits();
		super.keep(limits, own);
		if (before != null && !before.equals(limits())) {
			this.feed.changeHistory();
		}
	}

	private @Nullable History limits() {
		HubHistory history = history();
		return (history != null) ? history.limits() : null;
	}

	@Override
	public Retention retention() {
		History limits = limits();
		return (limits != null) ? new Retention(limits.messages(), limits.age(), limits.bytes()) : Retention.NOTHING;
	}

	@Override
	CompletionStage<Position> place(T message, @Nullable String key) {
		Assert.notNull(message, "'message' must not be null");
		StackReserve.require();
		if (isClosed()) {
			return CompletableFuture.failedStage(new HubClosedException(name()));
		}
		BrokerPayload payload;
		try {
			payload = this.codec.encode(message);
		}
		catch (Exception ex) {
			return CompletableFuture.failedStage(ex);
		}
		int size = payload.bytes().length;
		int most = this.broker.maxPayloadSize();
		if (size > most) {
			return CompletableFuture.failedStage(new HubMessageTooLargeException(name(), size, most));
		}
		HubTracer.Publication publication = this.internal ? null : this.hubs.tracer().publishing(name());
		CompletionStage<Position> placed = this.publishing.publish(withHeaders(payload, publication), retention(), key);
		placed.whenComplete((position, failure) -> {
			counts().published(failure);
			if (publication != null) {
				publication.ended(failure);
			}
		});
		return placed;
	}

	private BrokerPayload withHeaders(BrokerPayload payload, HubTracer.@Nullable Publication publication) {
		return this.internal ? payload : payload.withHeaders(MessageHeaders.of(System.currentTimeMillis(),
				(publication != null) ? publication.headers() : Map.of()));
	}

	@Override
	void postpone(HubMember member, Replay replay) {
		this.publishing.settle();
		synchronized (this.postponed) {
			if (member.subscription().isOpen()) {
				this.postponed.put(member, replay);
			}
		}
		this.feed.wake();
	}

	@Override
	void leave(HubMember member) {
		synchronized (this.postponed) {
			this.postponed.remove(member);
		}
		super.leave(member);
	}

	@Override
	void audienceChanged() {
		if (isDeserted()) {
			this.feed.wake();
		}
		else if (this.feed.isIdle()) {
			this.publishing.settle();
			this.feed.wake();
		}
	}

	@Override
	public int subscribers() {
		return super.subscribers() + postponedNow();
	}

	private int postponedNow() {
		synchronized (this.postponed) {
			return this.postponed.size();
		}
	}

	@Override
	public void forget() {
		forgetHistory();
	}

	@Override
	public void suspend(boolean suspended) {
		suspendHistory(suspended);
	}

	@Override
	public boolean isDeserted() {
		return subscribers() == 0;
	}

	@Override
	public boolean needsHistory() {
		return history() != null && postponedNow() > 0;
	}

	@Override
	public void close() {
		super.close();
		beginAll();
		this.feed.wake();
	}

	@Override
	public void settled(boolean complete) {
		if (complete) {
			suspendHistory(false);
		}
		if (complete || isClosed()) {
			beginAll();
		}
		this.publishing.settled();
	}

	private void beginAll() {
		Map<HubMember, Replay> all;
		synchronized (this.postponed) {
			all = new LinkedHashMap<>(this.postponed);
		}
		all.forEach((member, replay) -> {
			if (begin(member, replay)) {
				synchronized (this.postponed) {
					this.postponed.remove(member);
				}
			}
		});
	}

	@Override
	public void deliver(BrokerMessage message) {
		String headers = message.payload().headers();
		HubTracer tracer = this.hubs.tracer();
		counts().came(MessageHeaders.sent(headers));
		if (this.internal || tracer == HubTracer.NONE) {
			deliver(published(message), age(message));
			return;
		}
		try (CallContext.Scope scope = tracer.delivering(name(), MessageHeaders.trace(headers))) {
			deliver(published(message), age(message));
		}
	}

	@Override
	public void restart(long epoch, long offset, List<BrokerMessage> earlier) {
		List<PublishedMessage<T>> messages = new ArrayList<>(earlier.size());
		earlier.forEach((message) -> messages.add(published(message)));
		restart(new Position(epoch, offset), messages, ages(earlier));
	}

	@Override
	public void complete(List<BrokerMessage> earlier) {
		List<PublishedMessage<T>> messages = new ArrayList<>(earlier.size());
		earlier.forEach((message) -> messages.add(published(message)));
		complete(messages, ages(earlier));
	}

	/** Histories do not keep the headers, which count for no bound. */
	private PublishedMessage<T> published(BrokerMessage message) {
		return new PublishedMessage<>(new Position(message.epoch(), message.offset()), history() != null,
				message.payload().withHeaders(""), this.codec);
	}

	private static List<Long> ages(List<BrokerMessage> messages) {
		return messages.stream().map(BrokeredHub::age).toList();
	}

	private static long age(BrokerMessage message) {
		return Duration.ofMillis(Math.max(0, message.age())).toNanos();
	}

}
