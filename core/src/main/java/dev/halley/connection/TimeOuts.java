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

import java.time.Duration;

import org.springframework.web.socket.CloseStatus;

/**
 * What time tells of a peer: whether it is to be pinged, is idle, or is to be dropped
 * since it does not answer, does not read or does not close in time. Observed at each
 * tick of the registry's timer; activity is only noted in between, which is cheaper than
 * to look at a clock for each message, and counts from the next tick on, so that no
 * time-out comes early.
 */
final class TimeOuts {

	/** For a peer that is there, but has had nothing to say for too long. */
	static final CloseStatus IDLE = CloseStatus.GOING_AWAY.withReason("idle");

	/** What {@link #roundTrip} returns while no ping has been answered. */
	static final long UNKNOWN = -1;

	private static final long NEVER = Long.MAX_VALUE;

	/** For how long a connection with which nothing goes on is not looked at, at most. */
	private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

	/** Long enough for the answer of any network, and short beside usual intervals. */
	private static final long CONFIRMATION = Duration.ofSeconds(1).toNanos();

	private final ConnectionSettings settings;

	private final Traffic traffic;

	private volatile boolean active;

	private volatile boolean answerAwaited;

	private volatile long answerAwaitedSince;

	private volatile long lastReceived;

	private volatile long lastPing;

	/** Since when a ping is out, if {@link #measuring}. */
	private volatile long pingSince;

	private volatile boolean measuring;

	private volatile long roundTrip = UNKNOWN;

	private volatile boolean started;

	/** A stream's filler is out, and what comes of it is not known yet. */
	private volatile boolean confirming;

	/** Until then nothing is due, as long as nothing happens. */
	private volatile long restsUntil;

	private volatile boolean resting;

	private volatile long openDeadline = NEVER;

	private volatile long closeDeadline = NEVER;

	TimeOuts(ConnectionSettings settings, Traffic traffic) {
		this.settings = settings;
		this.traffic = traffic;
	}

	/**
	 * The handshake was answered, and the wire has to be there when the answer is
	 * written, if it is not there already.
	 */
	void expect(long now) {
		this.openDeadline = now + this.settings.sendTimeout().toNanos();
	}

	void start(long now) {
		this.lastReceived = now;
		this.lastPing = now;
		this.started = true;
	}

	/** From now on the end is awaited, and only the first call counts. */
	void closing(long now) {
		if (this.closeDeadline == NEVER) {
			this.closeDeadline = now + this.settings.closeTimeout().toNanos();
		}
	}

	boolean isClosing() {
		return this.closeDeadline != NEVER;
	}

	/** The peer lives, or could not be heard until now. */
	void activity() {
		this.active = true;
		this.answerAwaited = false;
	}

	/** Something is held back: the next tick has to look, though the peer is silent. */
	void wake() {
		if (this.resting) {
			this.resting = false;
		}
	}

	/** The peer has answered a ping that is {@linkplain #isMeasuring() timed}. */
	Duration pong(long now) {
		this.measuring = false;
		this.roundTrip = now - this.pingSince;
		return Duration.ofNanos(this.roundTrip);
	}

	/** Whether the answer to a ping is to be timed. */
	boolean isMeasuring() {
		return this.measuring;
	}

	/** How long the last answer to a ping took, or {@link #UNKNOWN}. */
	long roundTrip() {
		return this.roundTrip;
	}

	/**
	 * Whether there is nothing to look at yet. Of tens of thousands of connections nearly
	 * all are at rest, and to look at each of them at every tick takes the processor's
	 * caches from those that are not.
	 */
	boolean isResting(long now) {
		return this.resting && !this.active && this.closeDeadline == NEVER && now - this.restsUntil < 0;
	}

	/**
	 * Looks at all time-outs.
	 * @param open whether nobody has asked for the end yet; without a {@link #start}
	 * there is nobody to be pinged or idle even so
	 * @param answersPings whether the peer answers pings; one that does not, a stream,
	 * needs its filler only when nothing else flows
	 * @param left how long the connection may last yet, in nanoseconds
	 */
	Due look(long now, boolean open, boolean answersPings, long left) {
		Due due = due(now, open, answersPings);
		this.resting = due == Due.NOTHING && open && this.started && !this.answerAwaited && !this.confirming
				&& !isAnythingGoingOn();
		if (this.resting) {
			this.restsUntil = now + Math.min(left, rest(now, answersPings));
		}
		return due;
	}

	private boolean isAnythingGoingOn() {
		return this.traffic.isBusy() || this.traffic.isSending() || this.traffic.isAtWork();
	}

	/** A write may begin right now, and no longer get on. */
	private long rest(long now, boolean answersPings) {
		long silence = now - this.lastPing;
		long idle = Long.MAX_VALUE;
		if (answersPings) {
			idle = this.settings.idleTimeout().toNanos() - (now - this.lastReceived);
		}
		else {
			silence = Math.min(silence, now - this.traffic.lastWrite());
		}
		long ping = this.settings.pingInterval().toNanos() - silence;
		long stuck = this.settings.sendTimeout().toNanos() / 4;
		return Math.min(Math.min(ping, idle), Math.min(stuck, LONGEST_REST));
	}

	private Due due(long now, boolean open, boolean answersPings) {
		observe(now);
		if ((!this.started && isOver(this.openDeadline, now)) || isOver(this.closeDeadline, now) || isStuck(now)) {
			return Due.DROP;
		}
		if (!open || !this.started) {
			return Due.NOTHING;
		}
		if (isDead(now)) {
			return Due.DROP;
		}
		if (answersPings && isIdle(now)) {
			return Due.CLOSE_IDLE;
		}
		return isPingDue(now, answersPings) ? Due.PING : Due.NOTHING;
	}

	/**
	 * A peer is not silent while nothing is read, and cannot answer a ping not sent: none
	 * is sent while a write is under way, which has a time-out of its own. It is not idle
	 * while the application is at work on what it has sent.
	 */
	private void observe(long now) {
		boolean deaf = this.traffic.isBusy() || this.traffic.isSending();
		if (this.active || deaf || this.traffic.isAtWork()) {
			this.active = false;
			this.lastReceived = now;
		}
		if (deaf) {
			this.answerAwaitedSince = now;
		}
	}

	private static boolean isOver(long deadline, long now) {
		return deadline != NEVER && now - deadline >= 0;
	}

	private boolean isStuck(long now) {
		long since = this.traffic.stuckSince();
		return since != OutboundState.NOT_WAITING && now - since >= this.settings.sendTimeout().toNanos();
	}

	private boolean isDead(long now) {
		return this.answerAwaited && now - this.answerAwaitedSince >= this.settings.pongTimeout().toNanos();
	}

	private boolean isIdle(long now) {
		return now - this.lastReceived >= this.settings.idleTimeout().toNanos();
	}

	/**
	 * The first write to a peer that has closed still succeeds, and only the network's
	 * answer makes the next one fail: so a stream's filler is followed by another soon.
	 */
	private boolean isPingDue(long now, boolean answersPings) {
		long interval = this.settings.pingInterval().toNanos();
		long due = this.confirming ? Math.min(CONFIRMATION, interval / 2) : interval;
		return now - this.lastPing >= due && !this.traffic.isSending()
				&& (answersPings || now - this.traffic.lastWrite() >= due);
	}

	/** A ping is about to go out. The wait for the answer to one before goes on. */
	void pinged(long now, boolean answersPings) {
		this.lastPing = now;
		if (answersPings && !this.measuring) {
			this.pingSince = now;
			this.measuring = true;
		}
		this.confirming = !answersPings && !this.confirming;
		if (answersPings && !this.answerAwaited) {
			this.answerAwaitedSince = now;
			this.answerAwaited = true;
		}
	}

	/**
	 * What the time has come for.
	 */
	enum Due {

		NOTHING, PING, CLOSE_IDLE, DROP

	}

	/**
	 * What goes on at the moment.
	 */
	interface Traffic {

		/** Whether nothing is read, so that a silent peer is not to blame. */
		boolean isBusy();

		/** Whether a message is handled, so that the connection is not idle. */
		boolean isAtWork();

		/** Whether a write is under way. */
		boolean isSending();

		/** Since when a write has not got on, or {@link OutboundState#NOT_WAITING}. */
		long stuckSince();

		/** When the last write was handed to the network. */
		long lastWrite();

	}

}
