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

/**
 * What time tells of a peer. Observed at each tick of the registry's timer; activity is
 * only noted in between, which is cheaper than to look at a clock for each message, and
 * counts from the next tick on, so that no time-out comes early.
 */
final class Heartbeat {

	private final long idleTimeout;

	private final long pingInterval;

	private final long pongTimeout;

	private final long sendTimeout;

	private final Inbound inbound;

	private final Outbound outbound;

	private volatile boolean active;

	private volatile boolean pongAwaited;

	private volatile long pongAwaitedSince;

	private volatile long lastReceived;

	private volatile long lastPing;

	Heartbeat(ConnectionSettings settings, Inbound inbound, Outbound outbound) {
		this.idleTimeout = settings.idleTimeout().toNanos();
		this.pingInterval = settings.pingInterval().toNanos();
		this.pongTimeout = settings.pongTimeout().toNanos();
		this.sendTimeout = settings.sendTimeout().toNanos();
		this.inbound = inbound;
		this.outbound = outbound;
	}

	void start(long now) {
		this.lastReceived = now;
		this.lastPing = now;
	}

	/** The peer lives, or could not be heard until now. */
	void activity() {
		this.active = true;
		this.pongAwaited = false;
	}

	/** A peer is not silent while nothing is read, and cannot answer a ping not sent. */
	void observe(long now) {
		boolean busy = this.inbound.isBusy();
		if (this.active || busy) {
			this.active = false;
			this.lastReceived = now;
		}
		if (busy || this.outbound.isSending()) {
			this.pongAwaitedSince = now;
		}
	}

	boolean isStuck(long now) {
		long since = this.outbound.stuckSince();
		return since != Outbound.NOT_WAITING && now - since >= this.sendTimeout;
	}

	boolean isDead(long now) {
		return this.pongAwaited && now - this.pongAwaitedSince >= this.pongTimeout;
	}

	boolean isIdle(long now) {
		return now - this.lastReceived >= this.idleTimeout;
	}

	/**
	 * A stream, which answers no pings, needs its filler only when nothing else flows.
	 */
	boolean isPingDue(long now, boolean answered) {
		return now - this.lastPing >= this.pingInterval && !this.outbound.isSending()
				&& (answered || now - this.outbound.lastWrite() >= this.pingInterval);
	}

	/** A ping is about to go out. The wait for the answer to one before goes on. */
	void pinged(long now, boolean answered) {
		this.lastPing = now;
		if (answered && !this.pongAwaited) {
			this.pongAwaitedSince = now;
			this.pongAwaited = true;
		}
	}

}
