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
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * A hub of this process. Under a lock, messages are put into each subscriber's queue,
 * which makes one order for all; without it, they are delivered, which lets a publisher
 * that is called back publish again and keeps user code out of the lock.
 *
 * @param <T> the type of the messages
 */
final class InMemoryHub<T> implements Hub<T> {

	private static final Member[] NONE = new Member[0];

	private final String name;

	private final Type type;

	private final ReentrantLock order = new ReentrantLock();

	private volatile Member[] members = NONE;

	private volatile boolean closed;

	private volatile @Nullable ToLongFunction<Object> weigher;

	InMemoryHub(String name, Type type) {
		this.name = name;
		this.type = type;
	}

	@Override
	public String name() {
		return this.name;
	}

	Type type() {
		return this.type;
	}

	@Override
	public boolean publish(T message) {
		Assert.notNull(message, "'message' must not be null");
		SharedMessage<T> shared = new SharedMessage<>(message);
		Audience audience = Audience.NOBODY;
		do {
			if (this.closed) {
				return false;
			}
			audience = audience.among(this.members, message);
			if (!audience.isEmpty()) {
				HotSubscription.weighed(shared, this.weigher);
			}
		}
		while (!offer(audience, shared));
		audience.drain();
		return true;
	}

	/**
	 * Queues a message for the members that want it, unless the membership changed since
	 * they were asked: asking runs user code and is done without the lock.
	 */
	private boolean offer(Audience audience, Object shared) {
		this.order.lock();
		try {
			boolean current = this.members == audience.asked && !this.closed;
			if (current) {
				audience.offer(shared);
			}
			return current;
		}
		finally {
			this.order.unlock();
		}
	}

	@Override
	public Out<T> out() {
		return out((message) -> true);
	}

	@Override
	public Out<T> out(Predicate<? super T> filter) {
		Assert.notNull(filter, "'filter' must not be null");
		return Out.ofElements(new Flux<>() {
			@Override
			public void subscribe(CoreSubscriber<? super Object> subscriber) {
				InMemoryHub.this.subscribe(subscriber, filter);
			}
		});
	}

	private void subscribe(CoreSubscriber<? super Object> subscriber, Predicate<? super T> filter) {
		CallContext context = CallContext.from(subscriber.currentContext());
		Member member = new Member(this, subscriber, context.wrap(filter));
		subscriber.onSubscribe(member.subscription);
		if (this.weigher == null) {
			this.weigher = member.subscription.limits().weigher();
		}
		if (!join(member)) {
			member.subscription.complete(null);
		}
	}

	private boolean join(Member member) {
		this.order.lock();
		try {
			if (!this.closed && member.subscription.isOpen()) {
				Member[] more = Arrays.copyOf(this.members, this.members.length + 1);
				more[this.members.length] = member;
				this.members = more;
			}
			return !this.closed;
		}
		finally {
			this.order.unlock();
		}
	}

	private void leave(Member member) {
		this.order.lock();
		try {
			this.members = Arrays.stream(this.members).filter((other) -> other != member).toArray(Member[]::new);
		}
		finally {
			this.order.unlock();
		}
	}

	@Override
	public int subscribers() {
		return this.members.length;
	}

	@Override
	public void close() {
		Member[] last;
		this.order.lock();
		try {
			this.closed = true;
			last = this.members;
			this.members = NONE;
		}
		finally {
			this.order.unlock();
		}
		for (Member member : last) {
			member.subscription.complete(null);
		}
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	@Override
	public String toString() {
		return "Hub[" + this.name + ", " + subscribers() + " subscribers]";
	}

	private static final class Member {

		private final HotSubscription subscription;

		private final Predicate<Object> filter;

		@SuppressWarnings("unchecked")
		Member(InMemoryHub<?> hub, CoreSubscriber<? super Object> subscriber, Predicate<?> filter) {
			this.subscription = new HotSubscription(subscriber, () -> hub.leave(this));
			this.filter = (Predicate<Object>) filter;
		}

		/** A filter that throws fails its own subscription and no other. */
		private boolean wants(Object message) {
			try {
				return this.filter.test(message);
			}
			catch (Throwable ex) {
				this.subscription.complete(ex);
				return false;
			}
		}

	}

	/** Who of the members wants a message. */
	private record Audience(Member[] asked, boolean[] wanting) {

		private static final Audience NOBODY = new Audience(NONE, new boolean[0]);

		/**
		 * Asks those who have not been asked before. Members keep their order and join at
		 * the end, so those asked before are met in the order in which they were asked.
		 */
		Audience among(Member[] members, Object message) {
			boolean[] answers = new boolean[members.length];
			int before = 0;
			for (int i = 0; i < members.length; i++) {
				while (before < this.asked.length && this.asked[before] != members[i]) {
					before++;
				}
				answers[i] = (before < this.asked.length) ? this.wanting[before] : members[i].wants(message);
			}
			return new Audience(members, answers);
		}

		boolean isEmpty() {
			for (boolean wants : this.wanting) {
				if (wants) {
					return false;
				}
			}
			return true;
		}

		void offer(Object message) {
			for (int i = 0; i < this.asked.length; i++) {
				if (this.wanting[i]) {
					this.asked[i].subscription.offer(message);
				}
			}
		}

		void drain() {
			for (int i = 0; i < this.asked.length; i++) {
				if (this.wanting[i]) {
					this.asked[i].subscription.drain();
				}
			}
		}

	}

}
