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

import org.springframework.web.socket.CloseStatus;

import dev.halley.CloseStatuses;

/**
 * The steps in which a connection ends, in their order: first it takes no messages any
 * more, from the peer or from the application; then the Close goes out, after what is
 * queued, or the wire is dropped; and once that is gone the place is given back and the
 * in finishes. What begins the end, and which status is told, is decided by the
 * {@link Ending}.
 * <p>
 * Any thread. Nothing waits here.
 */
final class Closing {

	private final Connection connection;

	private final Ending ending;

	private final Inbound inbound;

	private final Outbound outbound;

	private final TimeOuts timeOuts;

	private final ConnectionIndex index;

	private final Reservation reservation;

	Closing(Connection connection, Ending ending, Inbound inbound, Outbound outbound, TimeOuts timeOuts,
			ConnectionIndex index, Reservation reservation) {
		this.connection = connection;
		this.ending = ending;
		this.inbound = inbound;
		this.outbound = outbound;
		this.timeOuts = timeOuts;
		this.index = index;
		this.reservation = reservation;
	}

	/**
	 * The end is asked for here, after what is queued to be sent.
	 * @param status the status for the peer
	 * @param asked whether the application asks for it, and not for the moment only
	 * @throws IllegalArgumentException if the status is none that may be sent
	 */
	void close(CloseStatus status, boolean asked) {
		close(CloseStatuses.sendable(status), false, asked);
	}

	/** The peer cannot keep up: what is queued would only keep it busy longer. */
	void closeSlowConsumer() {
		close(CloseStatus.SERVICE_OVERLOAD, true, false);
	}

	private void close(CloseStatus status, boolean discard, boolean asked) {
		if (!this.ending.isOpen()) {
			return;
		}
		this.inbound.refuse();
		if (!this.ending.close(status, asked)) {
			return;
		}
		if (discard) {
			awaitEnd();
		}
		this.outbound.close(status, discard);
	}

	/** The peer has begun the closing handshake, or the wire can take no more. */
	void closedByPeer(CloseStatus status) {
		this.ending.closedByPeer(status, this.connection.transport());
		awaitEnd();
		this.outbound.end();
	}

	/** From now on the end is awaited, such as the peer's answer to a Close. */
	void awaitEnd() {
		this.timeOuts.closing(this.connection.now());
	}

	/** Drops the wire now, or as soon as there is one. */
	void abort(CloseStatus status) {
		this.ending.abort(status);
		this.inbound.refuse();
		Transport transport = this.connection.transport();
		if (transport != null && !this.ending.isOver()) {
			drop(transport, status);
		}
		ended(status);
		Transport late = this.connection.transport();
		if (transport == null && late != null) {
			drop(late, status);
		}
	}

	private void drop(Transport transport, CloseStatus status) {
		try {
			transport.abort(this.ending.closeStatusOr(status));
		}
		catch (Throwable ex) {
			this.connection.report("abort failed", ex);
		}
	}

	/** The wire is gone. Only the first call counts. */
	void ended(CloseStatus status) {
		if (!this.ending.end(status, this.connection.transport())) {
			return;
		}
		this.index.ended(this.connection);
		this.reservation.close();
		this.connection.count().ended(this.ending.reason(status, this.timeOuts.isClosing()), this.connection.now());
		this.outbound.end();
		CloseStatus reason = this.ending.abortStatusOr(status);
		this.inbound.ended(this.timeOuts.isClosing() ? this.ending.closeStatusOr(reason) : reason);
	}

}
