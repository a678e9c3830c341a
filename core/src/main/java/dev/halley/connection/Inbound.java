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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.web.socket.CloseStatus;
import reactor.core.CoreSubscriber;

import dev.halley.Receiver;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * The receiving side of a connection: decodes messages and hands them to the receiver one
 * at a time, stops reading while one is handled asynchronously, and tells the receiver
 * exactly once when the connection is gone, after the message in progress.
 */
final class Inbound {

	private static final int BUSY = 1;

	private static final int ENDED = 2;

	private static final int DONE = 4;

	private static final int STARTING = 8;

	private final Connection connection;

	private final Receiver<Object> receiver;

	private final MessageCodec<?> codec;

	private final AtomicInteger state = new AtomicInteger();

	private volatile CloseStatus status = CloseStatus.NO_CLOSE_FRAME;

	Inbound(Connection connection, Receiver<Object> receiver, MessageCodec<?> codec) {
		this.connection = connection;
		this.receiver = receiver;
		this.codec = codec;
	}

	/**
	 * The start is near: an end that comes before it is over has to wait for it.
	 * @return {@code false} if the end came before
	 */
	boolean prepare() {
		return (this.state.getAndUpdate((now) -> ((now & ENDED) != 0) ? now : now | STARTING) & ENDED) == 0;
	}

	void start() {
		try {
			this.receiver.start(() -> this.connection.close(CloseStatus.NORMAL), this::pipelineFailedElsewhere);
		}
		catch (Throwable ex) {
			pipelineFailed(ex, null);
		}
		leave(STARTING);
	}

	/** Whose thread this is, the pipeline alone knows. */
	private void pipelineFailedElsewhere(Throwable failure) {
		this.connection.callBack(() -> pipelineFailed(failure, null));
	}

	/** Nobody is left to take messages: whatever the handlers answer, the end follows. */
	private void pipelineFailed(Throwable failure, @Nullable Object message) {
		this.connection.failed(failure, message);
		this.connection.close(CloseStatus.SERVER_ERROR);
	}

	/** Whether nothing is read at the moment, so that a silent peer is not to blame. */
	boolean isBusy() {
		return (this.state.get() & (BUSY | STARTING)) != 0;
	}

	void received(Payload payload) {
		if (this.receiver.isIgnoring() || !this.connection.isOpen() || !enter()) {
			return;
		}
		Object message = decode(payload);
		Publisher<?> rest = (message != null) ? handle(message) : null;
		if (rest == null) {
			leave(BUSY);
		}
		else {
			await(rest, message);
		}
	}

	private @Nullable Object decode(Payload payload) {
		try {
			return this.codec.decode(payload);
		}
		catch (Throwable ex) {
			this.connection.failed(ex, null);
			return null;
		}
	}

	private @Nullable Publisher<?> handle(Object message) {
		try {
			return this.receiver.receive(message);
		}
		catch (Throwable ex) {
			if (this.receiver.isPipeline()) {
				pipelineFailed(ex, message);
			}
			else {
				this.connection.failed(ex, message);
			}
			return null;
		}
	}

	private boolean enter() {
		int state = this.state.getAndUpdate((now) -> (now == 0) ? BUSY : now);
		if ((state & (BUSY | STARTING)) != 0 && (state & ENDED) == 0) {
			throw new IllegalStateException(
					"A message came while another was handled (expected: none from suspend() to resume())");
		}
		return state == 0;
	}

	/** Waits for an asynchronous handler, without holding the thread. */
	private void await(Publisher<?> rest, @Nullable Object message) {
		Completion completion = new Completion(message);
		try {
			rest.subscribe(completion);
		}
		catch (Throwable ex) {
			completion.onError(ex);
		}
		if (completion.isDone()) {
			leave(BUSY);
			return;
		}
		Transport transport = this.connection.transport();
		if (transport != null) {
			transport.suspend();
		}
		if (!completion.suspend()) {
			leaveAndResume();
		}
	}

	/** In this order: resuming may bring the next message at once. */
	private void leaveAndResume() {
		leave(BUSY);
		this.connection.resume();
	}

	private void leave(int activity) {
		if ((this.state.updateAndGet((now) -> now & ~activity) & ENDED) != 0) {
			this.connection.callBackAtEnd(this::done);
		}
	}

	/**
	 * The connection is gone.
	 * @param status how it ended
	 */
	void ended(CloseStatus status) {
		this.status = status;
		int state = this.state.updateAndGet((now) -> now | ENDED);
		if ((state & STARTING) == 0 && ((state & BUSY) == 0 || this.receiver.isPipeline())) {
			this.connection.callBackAtEnd(this::done);
		}
	}

	private void done() {
		if ((this.state.getAndUpdate((now) -> now | DONE) & DONE) == 0) {
			try {
				this.receiver.done(this.status, this.connection::finished);
			}
			catch (Throwable ex) {
				this.connection.report("whenDone failed", ex);
				this.connection.finished();
			}
		}
	}

	private enum Phase {

		RUNNING, SUSPENDED, DONE

	}

	/** Watches an asynchronous handler. Only the first of its last signals counts. */
	private final class Completion implements CoreSubscriber<Object> {

		private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);

		private final AtomicBoolean signalled = new AtomicBoolean();

		private final AtomicBoolean subscribed = new AtomicBoolean();

		private final @Nullable Object message;

		private final Thread reader = Thread.currentThread();

		Completion(@Nullable Object message) {
			this.message = message;
		}

		boolean isDone() {
			return this.phase.get() == Phase.DONE;
		}

		private boolean isSuspended() {
			return this.phase.get() == Phase.SUSPENDED;
		}

		boolean suspend() {
			return this.phase.compareAndSet(Phase.RUNNING, Phase.SUSPENDED);
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
			if (!this.signalled.compareAndSet(false, true)) {
				return;
			}
			if (Thread.currentThread() == this.reader && !isSuspended()) {
				failed(ex);
			}
			else {
				Inbound.this.connection.callBack(() -> failed(ex));
			}
		}

		/** Not on a thread of the handler's, which may be at work for many. */
		private void failed(Throwable ex) {
			Inbound.this.connection.failed(ex, this.message);
			end();
		}

		@Override
		public void onComplete() {
			if (this.signalled.compareAndSet(false, true)) {
				end();
			}
		}

		private void end() {
			if (this.phase.getAndSet(Phase.DONE) == Phase.SUSPENDED) {
				leaveAndResume();
			}
		}

	}

}
