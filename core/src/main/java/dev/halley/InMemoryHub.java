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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * A hub of this process. Under a lock, messages are put into each subscriber's queue,
 * which makes one order for all; without it, filters are asked and messages delivered,
 * which lets a publisher that is called back publish again and keeps user code out of the
 * lock.
 *
 * @param <T> the type of the messages
 */
final class InMemoryHub<T> implements Hub<T> {

	private final String name;

	private final Type type;

	private final Executor others;

	/** A monitor, which is left even when the stack of a publisher ends within. */
	private final Object order = new Object();

	private final HubMembers members = new HubMembers();

	private final long epoch = Epochs.next();

	/** That of the last message, guarded by the lock. */
	private long offset;

	private volatile boolean closed;

	/**
	 * Creates a hub.
	 * @param name its name
	 * @param type the type of its messages
	 * @param others goes on with what a publisher leaves
	 */
	InMemoryHub(String name, Type type, Executor others) {
		this.name = name;
		this.type = type;
		this.others = others;
	}

	@Override
	public String name() {
		return this.name;
	}

	Type type() {
		return this.type;
	}

	Executor others() {
		return this.others;
	}

	@Override
	public CompletionStage<Position> publish(T message) {
		Assert.notNull(message, "'message' must not be null");
		PublishedMessage<T> published = new PublishedMessage<>(message);
		Audience audience = new Audience(message);
		do {
			if (this.closed) {
				return CompletableFuture.failedStage(new HubClosedException(this.name));
			}
			audience.ask(this.members.view());
		}
		while (!offer(audience, published));
		audience.deliver();
		return CompletableFuture.completedStage(published.position());
	}

	/**
	 * Queues a message for those who want it, unless some joined who have to be asked:
	 * asking runs user code and is done without the lock.
	 */
	private boolean offer(Audience audience, PublishedMessage<T> message) {
		synchronized (this.order) {
			if (this.closed || !audience.isComplete(this.members.view())) {
				return false;
			}
			message.place(new Position(this.epoch, ++this.offset));
			audience.offer(message);
			return true;
		}
	}

	@Override
	public Out<T> out() {
		return outTo(null);
	}

	@Override
	public Out<T> out(Predicate<? super T> filter) {
		Assert.notNull(filter, "'filter' must not be null");
		return outTo(filter);
	}

	private Out<T> outTo(@Nullable Predicate<? super T> filter) {
		return Out.ofSource((step) -> new Flux<Object>() {
			@Override
			public void subscribe(CoreSubscriber<? super Object> subscriber) {
				InMemoryHub.this.subscribe(subscriber, filter, step);
			}
		});
	}

	private void subscribe(CoreSubscriber<? super Object> subscriber, @Nullable Predicate<? super T> filter,
			Step step) {
		HubMember member = new HubMember(this, subscriber, filter, step);
		subscriber.onSubscribe(member.subscription());
		if (!add(member)) {
			member.subscription().complete(null);
		}
	}

	private boolean add(HubMember member) {
		synchronized (this.order) {
			if (!this.closed && member.subscription().isOpen()) {
				this.members.add(member);
			}
			return !this.closed;
		}
	}

	void leave(HubMember member) {
		synchronized (this.order) {
			this.members.remove(member);
		}
	}

	@Override
	public int subscribers() {
		return this.members.view().count();
	}

	@Override
	public void close() {
		HubMembers.View last;
		synchronized (this.order) {
			this.closed = true;
			last = this.members.clear();
		}
		last.forEach((member) -> member.subscription().complete(null));
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
