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

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Gives each subscriber a channel of its own.
 *
 * @param <T> the type of the messages
 */
final class UnicastFlux<T> extends Flux<Object> {

	private final Consumer<? super Channel<T>> onStart;

	private final Step step;

	UnicastFlux(Consumer<? super Channel<T>> onStart, Step step) {
		this.onStart = onStart;
		this.step = step;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Object> subscriber) {
		HotChannel<T> channel = new HotChannel<>(subscriber, this.step);
		subscriber.onSubscribe(channel.subscription);
		try (CallContext.Scope scope = channel.context.enter()) {
			this.onStart.accept(channel);
		}
		catch (Throwable ex) {
			channel.error(ex);
		}
	}

	private static final class HotChannel<T> implements Channel<T> {

		private final HotSubscription subscription;

		private final CallContext context;

		/** Where the connection calls back at its end; without one, wherever it ends. */
		private final Executor callbacks;

		private final StackReserve.Check reserve;

		private @Nullable Runnable onEnd;

		private boolean ended;

		HotChannel(CoreSubscriber<? super Object> subscriber, Step step) {
			this.context = CallContext.from(subscriber.currentContext());
			Executor callbacks = subscriber.currentContext().getOrDefault(Executor.class, null);
			this.callbacks = (callbacks != null) ? callbacks : Runnable::run;
			StackReserve.Check reserve = subscriber.currentContext().getOrDefault(StackReserve.Check.class, null);
			this.reserve = (reserve != null) ? reserve : StackReserve::require;
			this.subscription = new HotSubscription(subscriber, step, InMemoryHubs.OTHERS, this::ended);
		}

		@Override
		public boolean push(T message) {
			Assert.notNull(message, "'message' must not be null");
			this.reserve.require();
			boolean taken = this.subscription.offer(message);
			this.subscription.deliver();
			return taken && !this.subscription.isOverflown();
		}

		@Override
		public void end() {
			this.reserve.require();
			this.subscription.complete(null);
		}

		@Override
		public void eofAndEnd() {
			this.reserve.require();
			this.subscription.completeWith(CloseStatus.NORMAL);
		}

		@Override
		public void error(Throwable error) {
			Assert.notNull(error, "'error' must not be null");
			this.reserve.require();
			this.subscription.complete(error);
		}

		@Override
		public boolean isOpen() {
			return this.subscription.isOpen();
		}

		@Override
		public void onEnd(Runnable callback) {
			Assert.notNull(callback, "'callback' must not be null");
			synchronized (this) {
				if (!this.ended) {
					Runnable before = this.onEnd;
					this.onEnd = (before != null) ? () -> runBoth(before, callback) : callback;
					return;
				}
			}
			this.context.wrap(callback).run();
		}

		private static void runBoth(Runnable first, Runnable second) {
			try {
				first.run();
			}
			finally {
				second.run();
			}
		}

		private void ended() {
			Runnable callback;
			synchronized (this) {
				this.ended = true;
				callback = this.onEnd;
				this.onEnd = null;
			}
			if (callback != null) {
				this.callbacks.execute(this.context.wrap(callback));
			}
		}

	}

}
