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

/**
 * Whether the end of a connection is meant to be one, and not for the moment only. Who
 * brings it about first decides.
 * <p>
 * Thread-safe.
 */
final class EndIntention implements ConnectionEnd {

	private static final Set<Integer> COME_AGAIN = Set.of(CloseStatus.GOING_AWAY.getCode(),
			CloseStatus.SERVICE_RESTARTED.getCode(), CloseStatus.SERVICE_OVERLOAD.getCode());

	private static final Set<Integer> FAREWELLS = Set.of(CloseStatus.NORMAL.getCode(),
			CloseStatus.NO_STATUS_CODE.getCode());

	private boolean decided;

	private boolean ours;

	private boolean theirs;

	/**
	 * Whether the application, when it asks for the end with this status, does not invite
	 * the peer to come again.
	 */
	static boolean isFinal(CloseStatus status) {
		return !COME_AGAIN.contains(status.getCode());
	}

	/** The end comes from here. */
	synchronized void ours(boolean meant) {
		this.ours |= meant && !this.decided;
		this.decided = true;
	}

	/** The end comes from the peer. One that has no statuses of its own means nothing. */
	synchronized void theirs(CloseStatus status, @Nullable Transport transport) {
		boolean hasStatuses = transport != null && transport.outlivesOut();
		this.theirs |= !this.decided && hasStatuses && FAREWELLS.contains(status.getCode());
		this.decided = true;
	}

	/** Whether the application has asked for it. */
	synchronized boolean isOurs() {
		return this.ours;
	}

	@Override
	public synchronized boolean isIntended() {
		return this.ours || this.theirs;
	}

}
