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
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BooleanSupplier;

/**
 * Work that is done by one thread at a time. Whoever comes meanwhile, or from within,
 * leaves a turn to that one, which takes it afterwards. After some turns in a row another
 * thread goes on: work without end must not keep one that has more to do, such as the one
 * that reads from the peer, or a publisher's.
 */
final class Turns {

	private static final AtomicIntegerFieldUpdater<Turns> WAITING = AtomicIntegerFieldUpdater.newUpdater(Turns.class,
			"waiting");

	private final Runnable work;

	private final int most;

	private final Executor others;

	private final BooleanSupplier barred;

	/** How many have come for a turn and not had it. */
	private volatile int waiting;

	/**
	 * Creates turns.
	 * @param work what is done in each turn; must not throw
	 * @param most how many turns a thread takes in a row
	 * @param others gives the work to another thread, or if there is none, to the caller
	 * @param barred tells whether the current thread must leave its turns to another one
	 */
	Turns(Runnable work, int most, Executor others, BooleanSupplier barred) {
		this.work = work;
		this.most = most;
		this.others = others;
		this.barred = barred;
	}

	/** Takes a turn, now or, if one is being taken, after that. */
	void take() {
		if (WAITING.getAndIncrement(this) == 0) {
			goOn(1);
		}
	}

	/** What escapes, such as the end of a stack, must not be the end of all turns. */
	private void goOn(int came) {
		boolean done = false;
		try {
			takeTurns(came);
			done = true;
		}
		finally {
			if (!done) {
				this.waiting = 0;
			}
		}
	}

	/** Those who came during a turn have all had theirs with the next. */
	private void takeTurns(int came) {
		int missed = came;
		int taken = 0;
		do {
			if (isToGive(taken) && new Relay(missed).isTaken()) {
				return;
			}
			this.work.run();
			missed = WAITING.addAndGet(this, -missed);
			taken++;
		}
		while (missed != 0);
	}

	private boolean isToGive(int taken) {
		return (taken != 0 && taken % this.most == 0) || this.barred.getAsBoolean();
	}

	/** Gives the rest to another thread, unless it comes back to this one. */
	private final class Relay implements Runnable {

		private final int missed;

		private final Thread giver = Thread.currentThread();

		private boolean giving;

		private boolean returned;

		Relay(int missed) {
			this.missed = missed;
		}

		boolean isTaken() {
			this.giving = true;
			Turns.this.others.execute(this);
			this.giving = false;
			return !this.returned;
		}

		@Override
		public void run() {
			if (Thread.currentThread() == this.giver && this.giving) {
				this.returned = true;
			}
			else {
				goOn(this.missed);
			}
		}

	}

}
