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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.CoreSubscriber;

/**
 * A hub of this process. Under a lock, messages are put into each subscriber's queue,
 * which makes one order for all; without it, filters are asked and messages delivered,
 * which lets a publisher that is called back publish again and keeps user code out of the
 * lock.
 * <p>
 * A subclass may have messages that get their place elsewhere: what is here is then a
 * part of the hub, with its subscribers and a copy of the history.
 *
 * @param <T> the type of the messages
 */
class InMemoryHub<T> extends PresentHub<T> {

	private final String name;

	private final Type type;

	private final Executor others;

	/** A monitor, which is left even when the stack of a publisher ends within. */
	final Object order = new Object();

	final HubMembers members = new HubMembers();

	/** Guarded by the lock. */
	long epoch = Epochs.next();

	/** That of the last message, guarded by the lock. */
	long offset;

	final KeptHistory kept;

	volatile boolean closed;

	/** Creates a hub without a history, which sweeps none of others. */
	InMemoryHub(String name, Type type, Executor others) {
		this(name, type, others, new RetainedHubs(System::nanoTime), (message) -> HubHistory.UNKNOWN_SIZE,
				HubTimes.of(System::nanoTime));
	}

	/**
	 * Creates a hub without a history, which may be given one.
	 * @param name its name
	 * @param type the type of its messages
	 * @param others goes on with what a publisher leaves
	 * @param retained where it is while its history is not empty
	 * @param weigher tells the size of messages
	 * @param times what it does in time
	 */
	InMemoryHub(String name, Type type, Executor others, RetainedHubs retained, ToLongFunction<Object> weigher,
			HubTimes times) {
		super(times);
		this.name = name;
		this.type = type;
		this.others = others;
		this.kept = new KeptHistory(this, retained, weigher);
	}

	/**
	 * Keeps a history from now on, unless it does so already.
	 * @param limits how much to keep
	 * @param own whether it was given to this hub; one that comes by its name is replaced
	 * @throws IllegalArgumentException if it was given another one before
	 */
	void keep(History limits, boolean own) {
		synchronized (this.order) {
			this.kept.keep(limits, own, new Position(this.epoch, this.offset));
		}
	}

	/** What is kept now, {@code null} if nothing is. Any thread. */
	final @Nullable HubHistory history() {
		return this.kept.current();
	}

	@Override
	public String name() {
		return this.name;
	}

	Type type() {
		return this.type;
	}

	@Override
	Executor others() {
		return this.others;
	}

	@Override
	public CompletionStage<Position> publish(T message) {
		return place(message, null);
	}

	@Override
	public CompletionStage<Position> publishOnce(T message, String key) {
		Assert.hasLength(key, "'key' must not be empty");
		requireHistory();
		return place(message, key);
	}

	CompletionStage<Position> place(T message, @Nullable String key) {
		Assert.notNull(message, "'message' must not be null");
		StackReserve.require();
		PublishedMessage<T> published = new PublishedMessage<>(message);
		Audience audience = new Audience(message);
		HubHistory weighedFor = null;
		int weight = 0;
		Position first = (key != null) ? find(key, audience) : null;
		while (first == null) {
			if (this.closed) {
				return CompletableFuture.failedStage(new HubClosedException(this.name));
			}
			HubHistory history = history();
			if (history != null && history != weighedFor) {
				weight = history.weigh(message);
				weighedFor = history;
			}
			audience.ask(this.members.view());
			first = offer(audience, published, key, history, weight);
		}
		audience.deliverPublished(counts());
		return CompletableFuture.completedStage(first);
	}

	private @Nullable Position find(String key, Audience audience) {
		synchronized (this.order) {
			HubHistory history = history();
			Position first = (history != null && !this.closed) ? history.find(key) : null;
			if (first != null) {
				audience.add(this.kept.changed());
			}
			return first;
		}
	}

	/**
	 * Queues a message for those who want it, unless some joined who have to be asked:
	 * asking and weighing run user code and are done without the lock.
	 * @return its place, or {@code null} if it has none yet
	 */
	private @Nullable Position offer(Audience audience, PublishedMessage<T> message, @Nullable String key,
			@Nullable HubHistory history, int weight) {
		synchronized (this.order) {
			if (this.closed || history() != history || !audience.isComplete(this.members.view())) {
				return null;
			}
			Position first = (key != null && history != null) ? history.find(key) : null;
			if (first != null) {
				audience.clear();
				audience.add(this.kept.changed());
				return first;
			}
			Position position = new Position(this.epoch, ++this.offset);
			if (history != null) {
				message.place(position);
				history.add(message.message(), key, weight);
			}
			audience.offer(message);
			audience.add(this.kept.changed());
			return position;
		}
	}

	/** Drops what has become too old. */
	void expire() {
		Set<HotSubscription> touched;
		synchronized (this.order) {
			touched = this.kept.expire();
		}
		// What subscribers make of it is their own code, and the sweep is everybody's
		touched.forEach((subscription) -> subscription.deliver(false));
	}

	@Override
	public Out<T> out() {
		return Out.ofSource((step) -> new HubFlux(this, null, step));
	}

	@Override
	public Out<T> out(Predicate<? super T> filter) {
		Assert.notNull(filter, "'filter' must not be null");
		return Out.ofSource((step) -> new HubFlux(this, filter, step));
	}

	@Override
	public Out<T> out(Replay replay) {
		return outOf(replay, true, onReset((reset) -> {
			throw new HubResetException(this.name);
		}));
	}

	@Override
	public Out<T> out(Replay replay, Function<? super HubEvent.Reset<T>, ? extends @Nullable T> onReset) {
		Assert.notNull(onReset, "'onReset' must not be null");
		return outOf(replay, false, onReset(onReset));
	}

	@SuppressWarnings("unchecked")
	private Step onReset(Function<? super HubEvent.Reset<T>, ? extends @Nullable T> onReset) {
		return (element) -> (element instanceof PlacedMessage<?> reset)
				? onReset.apply((HubEvent.Reset<T>) reset.message()) : element;
	}

	@Override
	public Out<HubEvent<T>> events(Replay replay) {
		return outOf(replay, false,
				(element) -> (element instanceof PublishedMessage<?> message) ? message.event() : element);
	}

	private <E> Out<E> outOf(Replay replay, boolean signalled, Step first) {
		Assert.notNull(replay, "'replay' must not be null");
		requireHistory();
		return Out.ofSource((step) -> new HubFlux(this, replay, signalled, first.then(step)));
	}

	private void requireHistory() {
		Assert.state(history() != null, () -> "Hub '" + this.name
				+ "' keeps no history (expected: one in halley.hub.history, or given to hubs.hub(name, type, history))");
	}

	/** Subscribes one who begins in the history, as soon as that can be done. */
	final void subscribe(CoreSubscriber<? super Object> subscriber, HubMember member, Replay replay) {
		subscriber.onSubscribe(member.subscription());
		if (!begin(member, replay)) {
			postpone(member, replay);
		}
	}

	/**
	 * Lets a subscriber begin in the history.
	 * @return {@code false} if that cannot be done now
	 */
	final boolean begin(HubMember member, Replay replay) {
		Set<HotSubscription> touched = start(member, replay);
		if (touched == null) {
			return false;
		}
		touched.forEach(HotSubscription::deliver);
		if (this.closed) {
			member.subscription().complete(null);
		}
		else {
			member.subscription().deliver();
		}
		return true;
	}

	/** Called for a subscriber that could not begin. */
	void postpone(HubMember member, Replay replay) {
		throw new IllegalStateException("The history is here");
	}

	private @Nullable Set<HotSubscription> start(HubMember member, Replay replay) {
		synchronized (this.order) {
			return this.kept.begin(member, replay, this.epoch);
		}
	}

	/**
	 * Reads on for a subscriber that is behind. Once it has read all it is a member as
	 * all others.
	 */
	@Nullable Object read(Replaying replaying) {
		HotSubscription subscription = replaying.subscription();
		synchronized (this.order) {
			Object next = subscription.poll(true);
			if (next == null && !subscription.isFailed()) {
				next = this.kept.read(replaying);
			}
			if (next == null) {
				this.kept.stopReading(replaying);
				if (!this.closed && subscription.isOpen()) {
					this.members.add(replaying.member());
				}
			}
			return next;
		}
	}

	/** Whether a subscriber of a closed hub has read all. */
	boolean hasRead(Replaying replaying) {
		synchronized (this.order) {
			return this.kept.hasRead(replaying);
		}
	}

	/** Subscribes one who does not begin in the history. */
	final void subscribe(CoreSubscriber<? super Object> subscriber, HubMember member) {
		subscriber.onSubscribe(member.subscription());
		if (add(member)) {
			member.subscription().deliver();
		}
		if (this.closed) {
			member.subscription().complete(null);
		}
		audienceChanged();
	}

	/** Returns whether there is something to deliver. */
	private boolean add(HubMember member) {
		synchronized (this.order) {
			if (this.closed || !member.subscription().isOpen()) {
				return false;
			}
			this.members.add(member);
			return history() != null && member.begin(this.epoch, this.offset);
		}
	}

	void leave(HubMember member) {
		synchronized (this.order) {
			this.members.remove(member);
			if (member.replaying != null) {
				this.kept.stopReading(member.replaying);
			}
		}
		audienceChanged();
	}

	/** Called without the lock when somebody without a replay came, or anybody left. */
	void audienceChanged() {
	}

	@Override
	public int subscribers() {
		if (history() == null) {
			return this.members.view().count();
		}
		synchronized (this.order) {
			return this.members.view().count() + this.kept.readers();
		}
	}

	@Override
	public void close() {
		StackReserve.require();
		HubMembers.View last;
		List<HotSubscription> behind;
		synchronized (this.order) {
			this.closed = true;
			last = this.members.clear();
			behind = this.kept.close();
		}
		last.forEach((member) -> member.subscription().complete(null));
		behind.forEach((subscription) -> subscription.complete(null));
		endPresence();
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	@Override
	public String toString() {
		return "Hub[" + this.name + ", " + subscribers() + " subscribers]";
	}

}
