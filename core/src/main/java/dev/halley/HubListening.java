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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.log.LogMessage;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.util.context.Context;

/**
 * One of Halley's own who listens to a hub, as long as it wants to.
 *
 * @param <T> the type of the messages
 */
final class HubListening<T> implements CoreSubscriber<Object>, Disposable {

	private static final Log logger = LogFactory.getLog(HubListening.class);

	/** It never waits for anything, so what is more than this is a fault. */
	private static final SendBuffer MANY = new SendBuffer(1_000_000, Integer.MAX_VALUE, Overflow.CLOSE, null);

	private static final int RETRY_MILLIS = 1000;

	private final BrokeredHub<T> hub;

	private final Listener<? super T> listener;

	private volatile boolean disposed;

	private volatile @Nullable Subscription subscription;

	HubListening(BrokeredHub<T> hub, Listener<? super T> listener) {
		this.hub = hub;
		this.listener = listener;
	}

	void begin() {
		if (!this.disposed) {
			HubMember member = new HubMember(this.hub, this, null, Step.NONE);
			member.told = true;
			this.hub.subscribe(this, member);
			// Where others listen, or have until now, the beginning was before this one
			this.hub.ifSubscribed(() -> this.listener.begins(null));
		}
	}

	@Override
	public Context currentContext() {
		return Context.of(SendBuffer.class, MANY);
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		subscription.request(Long.MAX_VALUE);
		if (this.disposed) {
			subscription.cancel();
		}
	}

	/**
	 * What this version does not know, or fails, keeps nothing else from coming. After
	 * what is fatal to the process this listens anew, if there is one still.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public void onNext(Object element) {
		try {
			Object message = ((SharedMessage<?>) element).message();
			if (message instanceof HubEvent.Reset<?> reset) {
				this.listener.begins(reset.position());
			}
			else {
				this.listener.hears((T) message, ((PublishedMessage<?>) element).placed());
			}
		}
		catch (RuntimeException ex) {
			logger.debug(LogMessage.format("What came over the hub '%s' was not understood", this.hub.name()), ex);
		}
	}

	@Override
	public void onError(Throwable ex) {
		logger.warn("To listen to the hub '" + this.hub.name() + "' has failed, and is tried again", ex);
		BrokerTimer.schedule(this::begin, RETRY_MILLIS);
	}

	@Override
	public void onComplete() {
	}

	@Override
	public void dispose() {
		this.disposed = true;
		Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
	}

	@Override
	public boolean isDisposed() {
		return this.disposed;
	}

	/**
	 * Who listens. Called with one after the other, unless the position is not known.
	 *
	 * @param <T> the type of the messages
	 */
	interface Listener<T> {

		/**
		 * The next message.
		 * @param message the message
		 * @param position where it is in the hub
		 */
		void hears(T message, Position position);

		/**
		 * Something may have been missed before the next message: all at first, and
		 * nothing if that turns out to have been under way.
		 * @param position where the hub was, or {@code null} if that was not told
		 */
		void begins(@Nullable Position position);

	}

}
