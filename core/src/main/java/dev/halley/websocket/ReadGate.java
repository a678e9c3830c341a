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

package dev.halley.websocket;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds the thread that reads a WebSocket whose library cannot stop reading, for as long
 * as no more is to be read. Thread-safe.
 *
 * @since 0.1
 */
public final class ReadGate {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private boolean suspended;

	private boolean gone;

	/**
	 * Holds the thread that comes next.
	 */
	public void suspend() {
		this.lock.lock();
		try {
			this.suspended = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets the thread go that is held.
	 * @return whether it was suspended
	 */
	public boolean resume() {
		this.lock.lock();
		try {
			boolean wasSuspended = this.suspended;
			this.suspended = false;
			this.changed.signalAll();
			return wasSuspended;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets the thread go that is held, and holds none from now on: the WebSocket is over,
	 * so that nobody will resume it.
	 */
	public void gone() {
		this.lock.lock();
		try {
			this.gone = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Holds the calling thread while reading is suspended.
	 * @return whether what it has read is still wanted
	 */
	public boolean await() {
		this.lock.lock();
		try {
			while (this.suspended && !this.gone) {
				this.changed.awaitUninterruptibly();
			}
			return !this.gone;
		}
		finally {
			this.lock.unlock();
		}
	}

}
