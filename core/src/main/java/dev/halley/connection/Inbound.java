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
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
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
 * The {@link InboundState} decides whose the handling is, and when it is time to stop, to
 * read on and to end.
 */
final class Inbound {

	private final Connection connection;

	private final Receiver<Object> receiver;

	private final MessageCodec<?> codec;

	private final Handling handling;

	private final @Nullable ReceivePace pace;

	private final InboundState state;

	private volatile CloseStatus status = CloseStatus.NO_CLOSE_FRAME;

	Inbound(Connection connection, Receiver<Object> receiver, MessageCodec<?> codec, ConnectionRegistry registry) {
		this.connection = connection;
		this.receiver = receiver;
		this.codec = codec;
		this.state = new InboundState(receiver.isPipeline());
		this.handling = new Handling(connection, registry.tracer().messages(connection.info()), receiver.isPipeline());
		this.pace = ReceivePace.of(connection.settings().receiveLimit(), connection.now());
	}

	/**
	 * The start is near: an end that comes before it is over has to wait for it.
	 * @return {@code false} if the end came before
	 */
	boolean prepare() {
		return this.state.starting();
	}

	void start() {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			this.receiver.start(() -> end(CloseStatus.NORMAL), this::pipelineFailedElsewhere);
		}
		catch (Throwable ex) {
			pipelineFailed(ex, null);
		}
		open();
		this.state.started();
		endIfOver();
	}

	/** Whose thread this is, the pipeline alone knows. */
	private void pipelineFailedElsewhere(Throwable failure) {
		this.connection.callbacks().callBack(() -> pipelineFailed(failure, null));
	}

	private void open() {
		try (CallContext.Scope scope = this.connection.context().enter()) {
			this.receiver.open();
		}
		catch (Throwable ex) {
			this.connection.failures().failed(ex, null);
		}
	}

	/** Nobody is left to take messages: whatever the handlers answer, the end follows. */
	private void pipelineFailed(Throwable failure, @Nullable Object message) {
		this.connection.failures().failed(failure, message);
		end(CloseStatus.SERVER_ERROR);
	}

	/** The pipeline takes no more messages, not even of a peer that has closed. */
	private void end(CloseStatus status) {
		refuse();
		this.connection.close(status);
	}

	/** Whether nothing is read at the moment, so that a silent peer is not to blame. */
	boolean isBusy() {
		return this.state.isDeaf();
	}

	/** Whether a message is handled, or the pipeline asks for none. */
	boolean isAtWork() {
		return this.state.isAtWork();
	}

	void received(Payload payload) {
		if ((this.receiver.isIgnoring() && this.pace == null) || !this.connection.isOpen()) {
			return;
		}
		if (this.state.begin()) {
			goOn(payload, workers());
		}
		else {
			keep(payload);
		}
	}

	/** Keeps a message for whoever handles another, if that one is not gone meanwhile. */
	private void keep(Payload payload) {
		switch (this.state.keep(payload)) {
			case TO_HANDLE -> goOn(next(), workers());
			case FULL -> suspend();
			case WAITING, DROPPED -> {
			}
		}
	}

	/** What was full may have been emptied meanwhile. */
	private void suspend() {
		Transport transport = this.connection.transport();
		if (transport != null) {
			transport.suspend();
		}
		if (!this.state.suspend()) {
			this.connection.resume();
		}
	}

	/** Takes the next message that was read ahead, and reads on when few are left. */
	private @Nullable Payload next() {
		Payload next = this.state.next();
		if (this.state.resume()) {
			this.connection.resume();
		}
		return next;
	}

	/** The end was asked for here: what was read ahead is dropped. */
	void refuse() {
		this.state.refuse();
		endIfOver();
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
			payload = next();
		}
	}

	/** On a thread of its own: the one at hand is whoever's. */
	private void goOnElsewhere() {
		if (!leave()) {
			this.connection.execute(() -> {
				this.connection.batchStarted();
				try {
					goOn(next(), null);
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

	/** Whether the next message has to wait. Those of a peer that is gone do not. */
	private boolean waits() {
		if (this.pace == null || this.state.isEnding() || !this.pace.isWaiting(this.connection.now())) {
			return false;
		}
		if (!this.state.waitForTime()) {
			goOnWithoutWaiting();
		}
		return true;
	}

	private void goOnWithoutWaiting() {
		if (this.pace != null && this.state.timeHasCome()) {
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
				done = isDone((completion) -> workers.execute(() -> receive(message, completion)), message, true);
			}
			else if (message != null) {
				Publisher<?> rest = receive(message);
				done = rest == null || isDone(rest::subscribe, message, false);
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
				this.state.await();
				endIfOver();
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
			if (!this.state.hold(this.connection.now())) {
				readOn();
			}
		}
	}

	private void readOn() {
		if (this.state.release()) {
			this.connection.resume();
		}
	}

	/** What waits for a time of its own does so no longer than that. */
	void tick(long now) {
		if (this.state.isHeldTooLong(now)) {
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

	/**
	 * Waits for an asynchronous handler without holding the thread, if it has to.
	 * @param held whether it is a worker's, so that reading has to wait for it, too
	 */
	private boolean isDone(Consumer<HandlerCompletion> rest, @Nullable Object message, boolean held) {
		HandlerCompletion completion = new HandlerCompletion(this.connection, message, this.handling,
				this::goOnAfterwards);
		completion.watch(rest);
		if (completion.isDone() && !held) {
			return true;
		}
		if (!completion.isDone()) {
			if (held) {
				hold();
			}
			else {
				this.state.await();
			}
			if (completion.isLeftAlone()) {
				endIfOver();
				return false;
			}
		}
		this.state.awaited();
		readOn();
		return true;
	}

	/** Returns whether the handling is given up: not if there is another message. */
	private boolean leave() {
		boolean left = this.state.leave();
		endIfOver();
		return left;
	}

	/**
	 * The connection is gone.
	 * @param status how it ended
	 */
	void ended(CloseStatus status) {
		this.status = status;
		this.state.end();
		endIfOver();
		goOnWithoutWaiting();
	}

	private void endIfOver() {
		if (this.state.isOver()) {
			this.connection.callbacks().execute(this::done);
		}
	}

	private void done() {
		if (this.state.done()) {
			this.connection.outbound.cancelNow();
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
