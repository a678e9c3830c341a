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

package dev.halley.connection;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

import dev.halley.StackReserve;

/**
 * Watches an asynchronous handler. Only the first of its last signals counts. Made on the
 * thread that calls the handler.
 */
final class HandlerCompletion implements CoreSubscriber<Object> {

	private final Connection connection;

	private final @Nullable Object message;

	private final Handling handling;

	private final Runnable next;

	private final Thread caller = Thread.currentThread();

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);

	private final AtomicBoolean signalled = new AtomicBoolean();

	private final AtomicBoolean subscribed = new AtomicBoolean();

	/**
	 * Creates a completion.
	 * @param connection the connection
	 * @param message what is handled
	 * @param handling is told if it fails
	 * @param next goes on with what comes after it, if nobody waits for that any more
	 */
	HandlerCompletion(Connection connection, @Nullable Object message, Handling handling, Runnable next) {
		this.connection = connection;
		this.message = message;
		this.handling = handling;
		this.next = next;
	}

	/** Starts what is watched. */
	void watch(Consumer<HandlerCompletion> rest) {
		try {
			rest.accept(this);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	boolean isDone() {
		return this.phase.get() == Phase.DONE;
	}

	/** From now on the end goes on by itself, unless it has come. */
	boolean isLeftAlone() {
		return this.phase.compareAndSet(Phase.RUNNING, Phase.LEFT_ALONE);
	}

	@Override
	public Context currentContext() {
		return this.handling.context();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (this.subscribed.compareAndSet(false, true)) {
			subscription.request(Long.MAX_VALUE);
		}
		else {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(Object ignored) {
	}

	@Override
	public void onError(Throwable ex) {
		requireStack();
		if (!this.signalled.compareAndSet(false, true)) {
			return;
		}
		if (Thread.currentThread() == this.caller && this.phase.get() == Phase.RUNNING) {
			failed(ex);
		}
		else {
			this.connection.callbacks().callBack(() -> failed(ex));
		}
	}

	/** Not on a thread of the handler's, which may be at work for many. */
	private void failed(Throwable ex) {
		this.handling.failed(ex, this.message);
		end();
	}

	@Override
	public void onComplete() {
		requireStack();
		if (this.signalled.compareAndSet(false, true)) {
			end();
		}
	}

	/**
	 * Whoever signals later does so from any depth, and has the next message handled. A
	 * source that swallows the error and does not signal again, as a
	 * {@link java.util.concurrent.CompletableFuture} does, leaves its handler at work.
	 */
	private void requireStack() {
		if (this.phase.get() != Phase.RUNNING) {
			StackReserve.require();
		}
	}

	private void end() {
		if (this.phase.getAndSet(Phase.DONE) == Phase.LEFT_ALONE) {
			this.next.run();
		}
	}

	private enum Phase {

		RUNNING, LEFT_ALONE, DONE

	}

}
