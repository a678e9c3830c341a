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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.CallContext;
import dev.halley.Receiver;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * The receiving side of a connection: decodes messages and hands them to the receiver one
 * at a time, and tells the receiver exactly once when the connection is gone, after the
 * message in progress and those that had come before the end.
 * <p>
 * While a message is handled asynchronously others are read ahead, so that what comes
 * between them is seen: pings, pongs, and the Close. When too many wait, reading stops.
 * <p>
 * Whoever sets {@link #BUSY} owns the handling until it clears it. Whether messages wait
 * and whether reading is stopped changes within the monitor alone, which guards the
 * messages.
 */
final class Inbound {

	/** A message is handled: no other may be. */
	private static final int BUSY = 1;

	private static final int ENDED = 2;

	private static final int DONE = 4;

	private static final int STARTING = 8;

	/** No thread is at work on the message: its asynchronous rest is waited for. */
	private static final int AWAITED = 16;

	/** Messages wait that were read ahead. Never without {@link #BUSY}. */
	private static final int AHEAD = 32;

	private static final int SUSPENDED = 64;

	/** We have asked for the end, so that no message is wanted any more. */
	private static final int REFUSING = 128;

	/** Reading waits for a worker, so that what follows is seen after its answer. */
	private static final int HELD = 256;

	/** The next message has to wait for its time. Never without {@link #BUSY}. */
	private static final int PACED = 512;

	private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(1);

	private final Connection connection;

	private final Receiver<Object> receiver;

	private final MessageCodec<?> codec;

	private final Handling handling;

	private final @Nullable ReceivePace pace;

	private final AtomicInteger state = new AtomicInteger();

	private volatile CloseStatus status = CloseStatus.NO_CLOSE_FRAME;

	private @Nullable ReadAhead ahead;

	private volatile long heldSince;

	Inbound(Connection connection, Receiver<Object> receiver, MessageCodec<?> codec, ConnectionRegistry registry) {
		this.connection = connection;
		this.receiver = receiver;
		this.codec = codec;
		this.handling = new Handling(connection, registry.tracer().messages(connection.info()), receiver.isPipeline());
		this.pace = ReceivePace.of(connection.settings().receiveLimit(), connection.now());
	}

	/**
	 * The start is near: an end that comes before it is over has to wait for it.
	 * @return {@code false} if the end came before
	 */
	boolean prepare() {
		return (this.state.getAndUpdate((now) -> ((now & ENDED) != 0) ? now : now | STARTING) & ENDED) == 0;
	}

	void start() {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			this.receiver.start(() -> end(CloseStatus.NORMAL), this::pipelineFailedElsewhere);
		}
		catch (Throwable ex) {
			pipelineFailed(ex, null);
		}
		open();
		endIfOver(this.state.updateAndGet((now) -> now & ~STARTING));
	}

	/** Whose thread this is, the pipeline alone knows. */
	private void pipelineFailedElsewhere(Throwable failure) {
		this.connection.callBack(() -> pipelineFailed(failure, null));
	}

	private void open() {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			this.receiver.open();
		}
		catch (Throwable ex) {
			this.connection.failed(ex, null);
		}
	}

	/** Nobody is left to take messages: whatever the handlers answer, the end follows. */
	private void pipelineFailed(Throwable failure, @Nullable Object message) {
		this.connection.failed(failure, message);
		end(CloseStatus.SERVER_ERROR);
	}

	/** The pipeline takes no more messages, not even of a peer that has closed. */
	private void end(CloseStatus status) {
		refuse();
		this.connection.close(status);
	}

	/** Whether nothing is read at the moment, so that a silent peer is not to blame. */
	boolean isBusy() {
		int state = this.state.get();
		return (state & (STARTING | SUSPENDED | HELD)) != 0 || (state & (BUSY | AWAITED)) == BUSY;
	}

	/** Whether a message is handled, or the pipeline asks for none. */
	boolean isAtWork() {
		return (this.state.get() & (BUSY | STARTING)) != 0;
	}

	void received(Payload payload) {
		if ((this.receiver.isIgnoring() && this.pace == null) || !this.connection.isOpen()) {
			return;
		}
		if (this.state.compareAndSet(0, BUSY)) {
			goOn(payload, workers());
		}
		else {
			keep(payload);
		}
	}

	/** Keeps a message for whoever handles another, if that one is not gone meanwhile. */
	private void keep(Payload payload) {
		boolean gone;
		boolean full;
		synchronized (this) {
			int state = this.state.get();
			if ((state & (ENDED | REFUSING)) != 0) {
				return;
			}
			Assert.state((state & (STARTING | SUSPENDED)) == 0,
					"A message came out of turn (expected: none before the start, and none from suspend() to resume())");
			state = this.state.getAndUpdate((now) -> ((now & ENDED) != 0) ? now : now | BUSY | AHEAD);
			if ((state & ENDED) != 0) {
				return;
			}
			this.ahead = (this.ahead != null) ? this.ahead : new ReadAhead();
			this.ahead.add(payload);
			full = this.ahead.isFull();
			gone = (state & BUSY) == 0;
		}
		if (gone) {
			goOn(take(), workers());
		}
		else if (full) {
			suspend();
		}
	}

	/** What was full may have been emptied meanwhile. */
	private void suspend() {
		Transport transport = this.connection.transport();
		if (transport != null) {
			transport.suspend();
		}
		boolean full;
		synchronized (this) {
			full = this.ahead != null && this.ahead.isFull();
			if (full) {
				this.state.updateAndGet((now) -> now | SUSPENDED);
			}
		}
		if (!full) {
			this.connection.resume();
		}
	}

	/** Takes the next message that was read ahead, and reads on when few are left. */
	private @Nullable Payload take() {
		ReadAhead ahead = this.ahead;
		if (ahead == null) {
			return null;
		}
		Payload next;
		boolean resumes;
		synchronized (this) {
			next = ahead.poll();
			resumes = (this.state.get() & SUSPENDED) != 0 && ahead.isHalfEmpty();
			int past = (resumes ? SUSPENDED : 0) | (ahead.isEmpty() ? AHEAD : 0);
			this.state.updateAndGet((now) -> now & ~past);
		}
		if (resumes) {
			this.connection.resume();
		}
		return next;
	}

	/** The end was asked for here: what was read ahead is dropped. */
	void refuse() {
		int state;
		synchronized (this) {
			if (this.ahead != null) {
				this.ahead.clear();
			}
			state = this.state.updateAndGet((now) -> now & ~(AHEAD | SUSPENDED | HELD) | REFUSING);
		}
		endIfOver(state);
		goOnWithoutWaiting();
	}

	private @Nullable Executor workers() {
		Transport transport = this.connection.transport();
		return (transport != null) ? transport.workers() : null;
	}

	/** Handles messages, one after the other, for as long as each is done at once. */
	private void goOn(@Nullable Payload first, @Nullable Executor workers) {
		Payload payload = first;
		while ((payload == null || take(payload, workers)) && !waits() && !leave()) {
			payload = take();
		}
	}

	/** On a thread of its own: the one at hand is whoever's. */
	private void goOnElsewhere() {
		if (!leave()) {
			this.connection.execute(() -> {
				this.connection.batchStarted();
				try {
					goOn(take(), null);
				}
				finally {
					this.connection.batchEnded();
				}
			});
		}
	}

	private void goOnAfterwards() {
		this.handling.ended();
		if (!waits()) {
			goOnElsewhere();
		}
		readOn();
	}

	/**
	 * Whether the next message has to wait. As with an asynchronous handler, others are
	 * read ahead meanwhile. Those of a peer that is gone do not wait.
	 */
	private boolean waits() {
		if (this.pace == null || isEnding(this.state.get()) || !this.pace.isWaiting(this.connection.now())) {
			return false;
		}
		if (isEnding(this.state.updateAndGet((now) -> now | PACED | AWAITED))) {
			goOnWithoutWaiting();
		}
		return true;
	}

	private static boolean isEnding(int state) {
		return (state & (ENDED | REFUSING)) != 0;
	}

	private void goOnWithoutWaiting() {
		if (this.pace != null && (this.state.getAndUpdate((now) -> now & ~PACED) & PACED) != 0) {
			goOnElsewhere();
		}
	}

	/** The same as {@link #handle}, and tells of it. */
	private boolean take(Payload payload, @Nullable Executor workers) {
		if ((this.pace != null && !this.pace.take(payload, this.connection)) || this.receiver.isIgnoring()) {
			return true;
		}
		this.handling.begins();
		boolean done = handle(payload, workers);
		if (done) {
			this.handling.ended();
		}
		return done;
	}

	/** Returns whether the message is done. If not, its rest goes on when it is. */
	private boolean handle(Payload payload, @Nullable Executor workers) {
		boolean done = true;
		try (CallContext.Scope scope = this.connection.context().enter();
				CallContext.Scope traced = this.handling.enter()) {
			Object message = decode(payload);
			if (message != null && workers != null) {
				done = isDone((completion) -> workers.execute(() -> receive(message, completion)), message, HELD);
			}
			else if (message != null) {
				Publisher<?> rest = receive(message);
				done = rest == null || isDone(rest::subscribe, message, AWAITED);
			}
		}
		catch (Throwable ex) {
			// A context that cannot be entered or left, which is no handler's fault
			this.handling.failed(ex, null);
		}
		return done;
	}

	/** For the one who waits, all handlers of the workers are asynchronous. */
	private void receive(Object message, HandlerCompletion completion) {
		boolean done = true;
		try (CallContext.Scope scope = this.connection.context().enter();
				CallContext.Scope traced = this.handling.enter()) {
			Publisher<?> rest = receive(message);
			if (rest != null) {
				endIfOver(this.state.updateAndGet((now) -> now | AWAITED));
				readOn();
				done = false;
				completion.watch(rest::subscribe);
			}
		}
		catch (Throwable ex) {
			this.handling.failed(ex, null);
		}
		if (done) {
			completion.onComplete();
		}
	}

	/**
	 * A worker's message is for its peer what one of the reading thread's is: whatever
	 * comes after it, a Close too, waits for its answer. Unless that takes long.
	 */
	private void hold() {
		Transport transport = this.connection.transport();
		if (transport != null) {
			transport.suspend();
			this.heldSince = this.connection.now();
			// Its handler may have become an asynchronous one before
			if ((this.state.updateAndGet((now) -> now | HELD) & AWAITED) != 0) {
				readOn();
			}
		}
	}

	private void readOn() {
		if ((this.state.getAndUpdate((now) -> now & ~HELD) & HELD) != 0) {
			this.connection.resume();
		}
	}

	/** A worker that is at its message for so long is waited for no longer. */
	void tick(long now) {
		if ((this.state.get() & HELD) != 0 && now - this.heldSince >= LONGEST_HOLD) {
			readOn();
		}
		if (this.pace != null && !this.pace.isWaiting(now)) {
			goOnWithoutWaiting();
		}
	}

	private @Nullable Object decode(Payload payload) {
		try {
			return this.codec.decode(payload);
		}
		catch (Throwable ex) {
			this.handling.failed(ex, null);
			return null;
		}
	}

	private @Nullable Publisher<?> receive(Object message) {
		try {
			return this.receiver.receive(message);
		}
		catch (Throwable ex) {
			if (this.receiver.isPipeline()) {
				pipelineFailed(ex, message);
			}
			else {
				this.handling.failed(ex, message);
			}
			return null;
		}
	}

	/** Waits for an asynchronous handler without holding the thread, if it has to. */
	private boolean isDone(Consumer<HandlerCompletion> rest, @Nullable Object message, int meanwhile) {
		HandlerCompletion completion = new HandlerCompletion(this.connection, message, this.handling,
				this::goOnAfterwards);
		completion.watch(rest);
		if (completion.isDone() && meanwhile == AWAITED) {
			return true;
		}
		if (!completion.isDone()) {
			if (meanwhile == HELD) {
				hold();
			}
			else {
				this.state.updateAndGet((now) -> now | AWAITED);
			}
			if (completion.isLeftAlone()) {
				endIfOver(this.state.get());
				return false;
			}
		}
		this.state.updateAndGet((now) -> now & ~AWAITED);
		readOn();
		return true;
	}

	/** Returns whether the handling is given up: not if there is another message. */
	private boolean leave() {
		int state = this.state.updateAndGet(Inbound::left);
		endIfOver(state);
		return (state & BUSY) == 0;
	}

	private static int left(int state) {
		return ((state & AHEAD) != 0) ? state & ~AWAITED : state & ~(AWAITED | BUSY);
	}

	/**
	 * The connection is gone.
	 * @param status how it ended
	 */
	void ended(CloseStatus status) {
		this.status = status;
		endIfOver(this.state.updateAndGet((now) -> now | ENDED));
		goOnWithoutWaiting();
	}

	private void endIfOver(int state) {
		if (isOver(state)) {
			this.connection.callBackAtEnd(this::done);
		}
	}

	/**
	 * What a pipeline has not asked for is not waited for, unless more comes after it.
	 */
	private boolean isOver(int state) {
		boolean free = (state & BUSY) == 0 || ((state & AWAITED) != 0 && this.receiver.isPipeline());
		return free && (state & (ENDED | STARTING | AHEAD | DONE)) == ENDED;
	}

	private void done() {
		if ((this.state.getAndUpdate((now) -> now | DONE) & DONE) == 0) {
			this.connection.cancelOut();
			try (CallContext.Scope scope = this.connection.context().enter()) {
				this.receiver.done(this.status, this.connection::finished);
			}
			catch (Throwable ex) {
				this.connection.report("whenDone failed", ex);
				this.connection.finished();
			}
		}
	}

}
