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

package dev.halley.websocket.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Looks every millisecond whether a loop is still in the turn that it was in at the last
 * look, and has it taken over if its thread waits; or if it does not, but has been at it
 * for ten looks: a thread that waits for the network looks as if it ran, and so does one
 * that a busy machine does not let run, which is no fault of its handler's.
 * <p>
 * A hundred looks at which no loop's thread waited in its turn, and no turn had lasted
 * from the look before, make it look every four milliseconds, until there is one. It
 * sleeps while all loops do, so that an idle application costs nothing.
 */
final class LoopMonitor implements Runnable {

	static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);

	static final long CALM_PERIOD = TimeUnit.MILLISECONDS.toNanos(4);

	/** After how many looks at which nothing blocked fewer will do. */
	static final int CALM_LOOKS = 100;

	/** After how many looks a turn is too long, whatever its thread does. */
	private static final int LONG = 10;

	/** How many looks find nobody at work before it sleeps. */
	private static final int IDLE_LOOKS = 20;

	private final List<EventLoop> loops;

	private final TakeOver takeOver;

	private final long[] seen;

	/** For how many looks a loop has been in the same turn. */
	private final int[] ages;

	/** The turns for which a thread has been asked to take over. */
	private final long[] asked;

	/**
	 * How many looks in a row have found no loop that may be blocked, up to
	 * {@link #CALM_LOOKS}.
	 */
	private int calm;

	private volatile boolean sleeping;

	private volatile boolean ended;

	private volatile @Nullable Thread thread;

	LoopMonitor(List<EventLoop> loops, TakeOver takeOver) {
		this.loops = loops;
		this.takeOver = takeOver;
		this.seen = new long[loops.size()];
		this.ages = new int[loops.size()];
		this.asked = new long[loops.size()];
	}

	/** A loop has something to do. */
	void wake() {
		if (this.sleeping) {
			this.sleeping = false;
			LockSupport.unpark(this.thread);
		}
	}

	void end() {
		this.ended = true;
		LockSupport.unpark(this.thread);
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		int idle = 0;
		while (!this.ended) {
			try {
				idle = look() ? 0 : idle + 1;
				if (idle >= IDLE_LOOKS) {
					sleep();
					idle = 0;
				}
			}
			catch (Throwable ex) {
				EventLoop.report("Watching the event loops failed and goes on", ex);
			}
			LockSupport.parkNanos(pause());
			Thread.interrupted();
		}
	}

	/** A loop that woke up before it could see this flag is seen here. */
	private void sleep() {
		this.sleeping = true;
		if (this.loops.stream().allMatch(EventLoop::isIdle)) {
			while (this.sleeping && !this.ended) {
				LockSupport.park(this);
				Thread.interrupted();
			}
		}
		this.sleeping = false;
	}

	/** For how long not to look. */
	long pause() {
		return (this.calm < CALM_LOOKS) ? PERIOD : CALM_PERIOD;
	}

	/** Returns whether any loop has worked since the last look. */
	boolean look() {
		boolean busy = false;
		this.calm = Math.min(this.calm + 1, CALM_LOOKS);
		for (int i = 0; i < this.seen.length; i++) {
			EventLoop loop = this.loops.get(i);
			long turn = loop.turn();
			busy |= turn != this.seen[i] || isTurn(turn);
			this.ages[i] = (turn == this.seen[i] && isTurn(turn)) ? this.ages[i] + 1 : 0;
			this.seen[i] = turn;
			boolean waiting = isTurn(turn) && loop.isWaiting();
			if (waiting || this.ages[i] > 0) {
				this.calm = 0;
			}
			if (isTooLong(this.ages[i], waiting) && turn != this.asked[i] && this.takeOver.ask(loop, turn)) {
				this.asked[i] = turn;
			}
		}
		return busy;
	}

	private static boolean isTooLong(int age, boolean waiting) {
		return age >= LONG || (age > 0 && waiting);
	}

	private static boolean isTurn(long turn) {
		return (turn & 1) == 1;
	}

	interface TakeOver {

		/**
		 * Asks a thread to take over.
		 * @return whether there is one
		 */
		boolean ask(EventLoop loop, long turn);

	}

}
