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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.codec.Payload;

/**
 * How far the receiving side of a connection is: whether a message is handled, what was
 * read ahead of it, why nothing is read or handled at the moment, and whether the end may
 * be told. Each step is decided at once, and does nothing else: the {@link Inbound} acts.
 * <p>
 * Whoever sets {@link #BUSY} owns the handling until it clears it. Whether messages wait
 * and whether reading is stopped changes within the monitor alone, which guards the
 * messages.
 */
final class InboundState {

	/** A message is handled: no other may be. */
	private static final int BUSY = 1;

	/** The connection is gone. */
	private static final int ENDED = 2;

	/** The receiver was told that it is gone. */
	private static final int DONE = 4;

	/** The receiver is being started: no message may come, and no end be told. */
	private static final int STARTING = 8;

	/** No thread is at work on the message: its asynchronous rest is waited for. */
	private static final int AWAITED = 16;

	/** Messages wait that were read ahead. Never without {@link #BUSY}. */
	private static final int AHEAD = 32;

	/** Reading is stopped since too much was read ahead. */
	private static final int SUSPENDED = 64;

	/** We have asked for the end, so that no message is wanted any more. */
	private static final int REFUSING = 128;

	/** Reading waits for a worker, so that what follows is seen after its answer. */
	private static final int HELD = 256;

	/** The next message has to wait for its time. Never without {@link #BUSY}. */
	private static final int PACED = 512;

	/** A worker that is at its message for so long is waited for no longer. */
	private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(1);

	private static final AtomicIntegerFieldUpdater<InboundState> BITS = AtomicIntegerFieldUpdater
		.newUpdater(InboundState.class, "bits");

	private final boolean pipeline;

	private volatile int bits;

	/** Made with the first message that waits. Guarded by the monitor. */
	private @Nullable ReadAhead ahead;

	private volatile long heldSince;

	/**
	 * Creates the state of a connection that is not started.
	 * @param pipeline whether the end does not wait for a message whose asynchronous rest
	 * is waited for
	 */
	InboundState(boolean pipeline) {
		this.pipeline = pipeline;
	}

	private int set(int bits) {
		return BITS.accumulateAndGet(this, bits, (now, more) -> now | more);
	}

	/** Returns what was set before, and changes nothing after the end. */
	private int setUnlessEnded(int bits) {
		return BITS.getAndAccumulate(this, bits, (now, more) -> ((now & ENDED) != 0) ? now : now | more);
	}

	/** Returns whether it was set. */
	private boolean clear(int bit) {
		return (BITS.getAndAccumulate(this, bit, (now, less) -> now & ~less) & bit) != 0;
	}

	/**
	 * The start is near: an end that comes before it is over has to wait for it.
	 * @return {@code false} if the end came before
	 */
	boolean starting() {
		return (setUnlessEnded(STARTING) & ENDED) == 0;
	}

	void started() {
		clear(STARTING);
	}

	/** Whether nothing is read at the moment, so that a silent peer is not to blame. */
	boolean isDeaf() {
		int now = this.bits;
		return (now & (STARTING | SUSPENDED | HELD)) != 0 || (now & (BUSY | AWAITED)) == BUSY;
	}

	/** Whether a message is handled, or the pipeline asks for none. */
	boolean isAtWork() {
		return (this.bits & (BUSY | STARTING)) != 0;
	}

	/** Takes the handling for a message that came in, if there is nothing in its way. */
	boolean begin() {
		return BITS.compareAndSet(this, 0, BUSY);
	}

	/** Keeps a message for whoever handles another. */
	synchronized Kept keep(Payload payload) {
		int now = this.bits;
		if (isEnding(now)) {
			return Kept.DROPPED;
		}
		Assert.state((now & (STARTING | SUSPENDED)) == 0,
				"A message came out of turn (expected: none before the start, and none from suspend() to resume())");
		now = setUnlessEnded(BUSY | AHEAD);
		if ((now & ENDED) != 0) {
			return Kept.DROPPED;
		}
		this.ahead = (this.ahead != null) ? this.ahead : new ReadAhead();
		this.ahead.add(payload);
		if ((now & BUSY) == 0) {
			return Kept.TO_HANDLE;
		}
		return this.ahead.isFull() ? Kept.FULL : Kept.WAITING;
	}

	/**
	 * Reading was stopped since what was read ahead is full.
	 * @return {@code false} if it has been emptied meanwhile, so that reading goes on
	 */
	synchronized boolean suspend() {
		boolean full = this.ahead != null && this.ahead.isFull();
		if (full) {
			set(SUSPENDED);
		}
		return full;
	}

	/** Takes the next message that was read ahead. For the owner of the handling. */
	@Nullable Payload next() {
		ReadAhead ahead = this.ahead;
		if (ahead == null) {
			return null;
		}
		synchronized (this) {
			Payload next = ahead.poll();
			if (ahead.isEmpty()) {
				clear(AHEAD);
			}
			return next;
		}
	}

	/**
	 * Ends what {@link #suspend} began, once few messages are left.
	 * @return whether it does
	 */
	boolean resume() {
		if ((this.bits & SUSPENDED) == 0) {
			return false;
		}
		synchronized (this) {
			return this.ahead != null && this.ahead.isHalfEmpty() && clear(SUSPENDED);
		}
	}

	/**
	 * Gives the handling up, unless there is another message.
	 * @return whether it is given up
	 */
	boolean leave() {
		return (BITS.updateAndGet(this, InboundState::left) & BUSY) == 0;
	}

	private static int left(int now) {
		return ((now & AHEAD) != 0) ? now & ~AWAITED : now & ~(AWAITED | BUSY);
	}

	/** No thread is at work on the message any more, but it is not done. */
	void await() {
		set(AWAITED);
	}

	/** The asynchronous rest of the message is done. */
	void awaited() {
		clear(AWAITED);
	}

	/**
	 * Reading was stopped for a worker, until {@link #release}.
	 * @return {@code false} if its handler has become an asynchronous one before
	 */
	boolean hold(long now) {
		this.heldSince = now;
		return (set(HELD) & AWAITED) == 0;
	}

	/** Ends what {@link #hold} began: returns whether it had. */
	boolean release() {
		return clear(HELD);
	}

	/** Whether reading was stopped for a worker that has taken too long since. */
	boolean isHeldTooLong(long now) {
		return (this.bits & HELD) != 0 && now - this.heldSince >= LONGEST_HOLD;
	}

	/**
	 * The next message has to wait for its time, until {@link #timeHasCome}. As with an
	 * asynchronous handler, others are read ahead meanwhile.
	 * @return {@code false} if the end has come, for which nothing waits
	 */
	boolean waitForTime() {
		return !isEnding(set(PACED | AWAITED));
	}

	/** Ends what {@link #waitForTime} began: returns whether it had. */
	boolean timeHasCome() {
		return clear(PACED);
	}

	/** The end was asked for here: what was read ahead is dropped. */
	synchronized void refuse() {
		if (this.ahead != null) {
			this.ahead.clear();
		}
		BITS.updateAndGet(this, (now) -> now & ~(AHEAD | SUSPENDED | HELD) | REFUSING);
	}

	/** The connection is gone. */
	void end() {
		set(ENDED);
	}

	/** Whether it is gone, or was asked to end here. */
	boolean isEnding() {
		return isEnding(this.bits);
	}

	private static boolean isEnding(int now) {
		return (now & (ENDED | REFUSING)) != 0;
	}

	/**
	 * Whether it is gone and the receiver may be told. What a pipeline has not asked for
	 * is not waited for, unless more comes after it.
	 */
	boolean isOver() {
		int now = this.bits;
		boolean free = (now & BUSY) == 0 || ((now & AWAITED) != 0 && this.pipeline);
		return free && (now & (ENDED | STARTING | AHEAD | DONE)) == ENDED;
	}

	/** The receiver is told of the end: returns whether this is the first time. */
	boolean done() {
		return (BITS.getAndUpdate(this, (now) -> now | DONE) & DONE) == 0;
	}

	/**
	 * What has become of a message that came while another was handled.
	 */
	enum Kept {

		/** It waits for whoever handles another. */
		WAITING,

		/** It waits, and so much waits that reading is to be stopped. */
		FULL,

		/** The other one is done: the handling is the caller's. */
		TO_HANDLE,

		/** No message is wanted any more. */
		DROPPED

	}

}
