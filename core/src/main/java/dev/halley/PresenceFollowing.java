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

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Whether a node listens to what the others tell of who is present in a hub: while that
 * is in use here, and somewhat longer. Where it begins to listen, readers wait a moment
 * for what the others have to tell, so that they begin with all who are present.
 * <p>
 * Called within the lock of the presence. Times are in nanoseconds, by its timer.
 */
final class PresenceFollowing {

	/** How long one who has asked waits for answers before readers begin. */
	private static final long ANSWERS = TimeUnit.MILLISECONDS.toNanos(250);

	/** How long readers wait while the broker is not there. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	/** For how long it is listened after the last use. */
	private static final long LINGER = TimeUnit.SECONDS.toNanos(10);

	private final LongConsumer timer;

	private boolean underWay;

	/** How often it was begun to listen. */
	private int turn;

	private long until;

	/** Whether readers may begin. */
	private boolean begun;

	private long beginsAt;

	/**
	 * Creates one that does not listen.
	 * @param now the time
	 * @param timer is told when this has to be looked at again
	 */
	PresenceFollowing(long now, LongConsumer timer) {
		this.until = now;
		this.timer = timer;
	}

	boolean isUnderWay() {
		return this.underWay;
	}

	/** How often it was begun to listen. */
	int turn() {
		return this.turn;
	}

	boolean mayReadersBegin() {
		return this.begun;
	}

	/** It is in use at a time. */
	void use(long now) {
		this.until = now + LINGER;
	}

	/**
	 * Begins or ends to listen, if it is time.
	 * @param now the time
	 * @param inUse whether it is in use
	 * @return whether it begins or ends
	 */
	boolean look(long now, boolean inUse) {
		if (inUse) {
			use(now);
		}
		if (now - this.until >= 0) {
			return end();
		}
		if (!inUse) {
			this.timer.accept(this.until);
		}
		if (this.underWay) {
			return false;
		}
		this.underWay = true;
		this.turn++;
		this.begun = false;
		this.beginsAt = now + PATIENCE;
		this.timer.accept(this.beginsAt);
		return true;
	}

	/**
	 * Listens no more.
	 * @return whether it did
	 */
	boolean end() {
		boolean ended = this.underWay;
		this.underWay = false;
		this.begun = false;
		return ended;
	}

	/** The others were asked at a time. */
	void asked(long now) {
		if (!this.begun) {
			this.beginsAt = now + ANSWERS;
			this.timer.accept(this.beginsAt);
		}
	}

	/**
	 * Lets readers begin, if it is time.
	 * @return whether they may from now on
	 */
	boolean letReadersBegin(long now) {
		if (this.begun) {
			return false;
		}
		this.begun = now - this.beginsAt >= 0;
		if (!this.begun) {
			this.timer.accept(this.beginsAt);
		}
		return this.begun;
	}

}
