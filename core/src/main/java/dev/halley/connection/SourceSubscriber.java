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

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.halley.CallContext;
import dev.halley.ConnectionEnd;
import dev.halley.Positions;
import dev.halley.SendBuffer;
import dev.halley.SlowConsumerException;
import dev.halley.StackReserve;

/**
 * Subscribes to the out of a connection, encodes what it emits, and asks it for as much
 * as the {@link OutboundState} has room for. Cancels it when the {@link Outbound} says
 * so.
 */
final class SourceSubscriber implements CoreSubscriber<Object> {

	/** How many times in a row: the source may emit as often as it is asked for. */
	private static final int REQUESTS_IN_A_ROW = 4;

	private static final AtomicReferenceFieldUpdater<SourceSubscriber, @Nullable Subscription> SOURCE = AtomicReferenceFieldUpdater
		.newUpdater(SourceSubscriber.class, Subscription.class, "source");

	private final Outbound outbound;

	private final OutboundState state;

	private final Connection connection;

	private final PayloadEncoder encoder;

	/** In place of the encoder, if messages have ids. */
	private final @Nullable IdentifyingEncoder ids;

	private final Context context;

	private final Turns requests;

	/** What to ask and to cancel, from the subscription until either side has ended. */
	private volatile @Nullable Subscription source;

	/** Nothing is taken any more, so that the source is to be cancelled. */
	private volatile boolean detached;

	/** Who asks the source at the moment; each thread looks for itself alone. */
	private @Nullable Thread requester;

	/** How often it has called since it was asked. The requester's alone. */
	private int requestedCalls;

	/** Set by the source alone, which calls from one thread at a time. */
	private volatile boolean done;

	/**
	 * Creates a subscriber.
	 * @param outbound takes the messages
	 * @param state tells how many it takes
	 * @param connection the connection
	 * @param encoder encodes the messages
	 * @param ids the same, if messages have ids
	 * @param limits what the source may hold itself
	 */
	SourceSubscriber(Outbound outbound, OutboundState state, Connection connection, PayloadEncoder encoder,
			@Nullable IdentifyingEncoder ids, SendBuffer limits) {
		this.outbound = outbound;
		this.state = state;
		this.connection = connection;
		this.encoder = encoder;
		this.ids = ids;
		StackReserve.Check reserve = outbound::requireStack;
		Context context = Context.of(SendBuffer.class, limits, Executor.class, connection.callbacks(),
				StackReserve.Check.class, reserve, ConnectionEnd.class, connection.ending());
		this.context = connection.context()
			.addTo((ids != null) ? context.put(Positions.class, ids.positions()) : context);
		this.requests = new Turns(this::request, REQUESTS_IN_A_ROW, connection.callbacks()::callBack, () -> false);
	}

	void subscribeTo(Publisher<Object> out) {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			out.subscribe(this);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (!this.state.isTaking() || !SOURCE.compareAndSet(this, null, subscription)) {
			cancel(subscription);
		}
		else if (this.detached) {
			cancelDetached();
		}
		else {
			this.requests.take();
		}
	}

	@Override
	public void onNext(Object element) {
		if (this.done) {
			return;
		}
		requireStack();
		try (CallContext.Scope scope = this.connection.context().enter()) {
			if (element instanceof CloseStatus status) {
				this.state.emitting();
				this.connection.end(status);
				return;
			}
			this.outbound.enqueue((this.ids != null) ? this.ids.encode(element) : this.encoder.encode(element), true);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	/** Unless it was asked just now, the source may be called from any depth. */
	private void requireStack() {
		if (!isAskedJustNow() && !this.outbound.isStackFresh()) {
			StackReserve.requireOutsideDeliveries();
		}
	}

	private boolean isAskedJustNow() {
		return this.requester == Thread.currentThread() && this.requestedCalls++ < StackReserve.SAFE_CALLS;
	}

	@Override
	public void onError(Throwable ex) {
		if (this.done) {
			return;
		}
		requireStack();
		this.done = true;
		if (ex instanceof SlowConsumerException) {
			this.connection.slowConsumer();
		}
		else if (this.connection.isOpen()) {
			this.connection.failures().outFailed(ex);
		}
	}

	@Override
	public void onComplete() {
		requireStack();
		this.done = true;
		this.source = Operators.cancelledSubscription();
		Transport transport = this.connection.transport();
		if (transport != null && !transport.outlivesOut()) {
			this.connection.close(CloseStatus.NORMAL);
		}
	}

	/**
	 * Asks the source for as many messages as there is room for. Not from within: a
	 * source that emits as it is asked would never return.
	 */
	void ask() {
		this.requests.take();
	}

	private void request() {
		Subscription source = this.source;
		int more = (source != null) ? this.state.takeDemand() : 0;
		if (source == null || more == 0) {
			return;
		}
		this.requestedCalls = 0;
		this.requester = Thread.currentThread();
		try (CallContext.Scope scope = this.connection.context().enter()) {
			source.request(more);
		}
		catch (Throwable ex) {
			onError(ex);
		}
		finally {
			this.requester = null;
		}
		if (this.state.isStepwise()) {
			this.requests.take();
		}
	}

	/**
	 * Asks for no more, since nothing is taken any more. The source is cancelled by
	 * {@link #cancelDetached}.
	 */
	void detach() {
		this.detached = true;
	}

	/** Whether there is a source that was detached and not cancelled yet. */
	boolean isDetached() {
		return this.detached && isLive(this.source);
	}

	private static boolean isLive(@Nullable Subscription source) {
		return source != null && source != Operators.cancelledSubscription();
	}

	/** Has the source cancelled that was detached. */
	void cancelDetached() {
		this.connection.callbacks().execute(this::cancelNow);
	}

	/**
	 * Cancels the source that was detached, unless that is done. Called back at the end.
	 */
	void cancelNow() {
		Subscription source = SOURCE.getAndSet(this, Operators.cancelledSubscription());
		if (source != null && isLive(source)) {
			cancelInContext(source);
		}
	}

	/** What the application does then may take for ever, and is nobody's to wait for. */
	private void cancel(Subscription source) {
		this.connection.callbacks().execute(() -> cancelInContext(source));
	}

	private void cancelInContext(Subscription source) {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			source.cancel();
		}
		catch (Throwable ex) {
			this.connection.report("cancelling out failed", ex);
		}
	}

}
