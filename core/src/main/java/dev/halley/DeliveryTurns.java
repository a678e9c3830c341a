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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Which thread delivers to a subscriber: one at a time, and none for more than some
 * messages in a row: what others offer without end must not keep one that has offered a
 * single message. The next one who offers or asks goes on then, or another thread if
 * nobody does.
 * <p>
 * This is what subscriptions are made of, and no object of its own, because there are
 * thousands of them.
 */
abstract class DeliveryTurns {

	private static final int MESSAGES_IN_A_ROW = 128;

	private static final AtomicIntegerFieldUpdater<DeliveryTurns> DRAINS = AtomicIntegerFieldUpdater
		.newUpdater(DeliveryTurns.class, "drains");

	private static final AtomicIntegerFieldUpdater<DeliveryTurns> RELAYS = AtomicIntegerFieldUpdater
		.newUpdater(DeliveryTurns.class, "relays");

	private final Executor others;

	/** How often somebody wanted to deliver; whoever finds 0 does. */
	private volatile int drains;

	/** 1 while another thread is about to. */
	private volatile int relays;

	/**
	 * Creates the turns of one subscriber.
	 * @param others goes on with what a thread leaves
	 */
	DeliveryTurns(Executor others) {
		this.others = others;
	}

	/** Delivers what is queued and asked for. */
	final void deliver() {
		boolean outermost = Delivering.enter();
		try {
			deliver(outermost);
		}
		finally {
			if (outermost) {
				Delivering.leave();
			}
		}
	}

	/** The same, on this thread or, in the middle of another delivery, on another. */
	final void deliver(boolean here) {
		if (here) {
			drain();
		}
		else if (DRAINS.getAndIncrement(this) == 0 && !isLeftToOthers()) {
			drainAll();
		}
	}

	/** Delivers on this thread, unless another one does and will see to it. */
	final void drain() {
		if (DRAINS.getAndIncrement(this) == 0) {
			drainAll();
		}
	}

	private void drainAll() {
		int left = MESSAGES_IN_A_ROW;
		int missed = 1;
		do {
			left = drain(left) - 1;
			if (left > 0) {
				missed = DRAINS.addAndGet(this, -missed);
			}
			else {
				left = MESSAGES_IN_A_ROW;
				missed = isLeftToOthers() ? 0 : 1;
			}
		}
		while (missed != 0);
	}

	/** Others may go on from the moment on at which this thread does not. */
	private boolean isLeftToOthers() {
		this.drains = 0;
		return relay() || DRAINS.getAndIncrement(this) != 0;
	}

	/**
	 * Has another thread see to it that what is queued is delivered.
	 * @return {@code false} if there is no other thread
	 */
	private boolean relay() {
		if (!RELAYS.compareAndSet(this, 0, 1)) {
			return true;
		}
		Relay relay = new Relay();
		try {
			this.others.execute(relay);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			relay.returned = true;
		}
		relay.giving = false;
		if (relay.returned) {
			this.relays = 0;
		}
		return !relay.returned;
	}

	/**
	 * Delivers what is queued and asked for. Called on one thread at a time.
	 * @param most how many messages may be delivered now
	 * @return how many more might have been
	 */
	abstract int drain(int most);

	/** Drains on another thread, unless it comes back to the one that gave it away. */
	private final class Relay implements Runnable {

		private final Thread giver = Thread.currentThread();

		private boolean giving = true;

		private boolean returned;

		@Override
		public void run() {
			if (Thread.currentThread() == this.giver && this.giving) {
				this.returned = true;
			}
			else {
				DeliveryTurns.this.relays = 0;
				drain();
			}
		}

	}

}
