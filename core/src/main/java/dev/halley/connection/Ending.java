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

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

import dev.halley.ConnectionEnd;
import dev.halley.SourceQueues;

/**
 * How a connection comes to its end: closing, once it was closed here or by the peer, or
 * aborted, and then over, once the wire is gone. What began it decides which status is
 * told, and whether the end is meant to be one and not for the moment only.
 * <p>
 * Thread-safe. The monitor guards each change; nothing else runs within.
 */
final class Ending implements ConnectionEnd {

	private static final Set<Integer> COME_AGAIN = Set.of(CloseStatus.GOING_AWAY.getCode(),
			CloseStatus.SERVICE_RESTARTED.getCode(), CloseStatus.SERVICE_OVERLOAD.getCode());

	private static final Set<Integer> FAREWELLS = Set.of(CloseStatus.NORMAL.getCode(),
			CloseStatus.NO_STATUS_CODE.getCode());

	/** The first one, from whichever side. */
	private volatile @Nullable CloseStatus closeStatus;

	private volatile @Nullable CloseStatus abortStatus;

	private volatile boolean over;

	/** Whether {@link #closeStatus} came from the peer. */
	private boolean closedByPeer;

	/** Whether it was aborted since its time was over. */
	private boolean timedOut;

	private boolean meantHere;

	private boolean meantByPeer;

	private final SourceQueues queues = new SourceQueues();

	/**
	 * Whether the application, when it asks for the end with this status, does not invite
	 * the peer to come again.
	 */
	static boolean isFinal(CloseStatus status) {
		return !COME_AGAIN.contains(status.getCode());
	}

	/** Whether nothing has begun it: an abort alone counts when it is over. */
	boolean isOpen() {
		return !isClosing() && !this.over;
	}

	/** Whether it has a close status, from here or from the peer. */
	private boolean isClosing() {
		return this.closeStatus != null;
	}

	/** Whether the wire is gone. */
	boolean isOver() {
		return this.over;
	}

	/**
	 * The connection is closed here.
	 * @param meant whether the application has asked for it, and not for the moment only
	 * @return {@code false} if it is closing already, or over
	 */
	synchronized boolean close(CloseStatus status, boolean meant) {
		if (!isOpen()) {
			return false;
		}
		this.meantHere = meant && !isDecided();
		this.closeStatus = status;
		return true;
	}

	/** The peer has closed the connection, if nobody has before. */
	synchronized void closedByPeer(CloseStatus status, @Nullable Transport transport) {
		if (!isClosing()) {
			this.meantByPeer |= !isDecided() && isFarewell(status, transport);
			this.closeStatus = status;
			this.closedByPeer = true;
		}
	}

	/** The time of whatever was awaited is over: an abort follows. */
	synchronized void timeOut() {
		this.timedOut = !this.over;
	}

	/**
	 * Tells why it is over.
	 * @param status what the wire says
	 * @param told whether the peer was told the close status, or has told it
	 */
	synchronized CloseReason reason(CloseStatus status, boolean told) {
		CloseStatus close = told ? this.closeStatus : null;
		if (close != null) {
			return this.closedByPeer ? CloseReason.closedByPeer(close) : CloseReason.closedHere(close);
		}
		if (this.timedOut) {
			return CloseReason.TIMEOUT;
		}
		CloseStatus abort = this.abortStatus;
		return (abort != null) ? CloseReason.closedHere(abort) : CloseReason.closedByPeer(status);
	}

	/** The wire is dropped, for a reason that is told in place of the transport's. */
	synchronized void abort(CloseStatus status) {
		this.abortStatus = status;
	}

	/**
	 * The wire is gone.
	 * @return {@code false} if it was before
	 */
	synchronized boolean end(CloseStatus status, @Nullable Transport transport) {
		if (this.over) {
			return false;
		}
		this.meantByPeer |= !isDecided() && isFarewell(status, transport);
		this.over = true;
		return true;
	}

	/** Who brings the end about first decides whether it is meant. */
	private boolean isDecided() {
		return isClosing() || this.abortStatus != null || this.over;
	}

	/** What comes from a peer that has no statuses of its own means nothing. */
	private static boolean isFarewell(CloseStatus status, @Nullable Transport transport) {
		return transport != null && transport.outlivesOut() && FAREWELLS.contains(status.getCode());
	}

	/** The status with which the connection is closing, or else the other one. */
	CloseStatus closeStatusOr(CloseStatus other) {
		CloseStatus status = this.closeStatus;
		return (status != null) ? status : other;
	}

	/** The status with which the connection was aborted, or else the other one. */
	CloseStatus abortStatusOr(CloseStatus other) {
		CloseStatus status = this.abortStatus;
		return (status != null) ? status : other;
	}

	/** Whether it is meant here. */
	synchronized boolean isMeantHere() {
		return this.meantHere;
	}

	@Override
	public synchronized boolean isIntended() {
		return this.meantHere || this.meantByPeer;
	}

	@Override
	public SourceQueues queues() {
		return this.queues;
	}

}
