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

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * A connection of this node, as {@link Connections} finds it: that of a pair, or the
 * session of one of Spring's own handlers on Halley's engine. May be kept; once the
 * connection is gone, nothing is sent and there is nothing to close.
 * <p>
 * Thread-safe. No method waits for the peer.
 *
 * @since 0.1
 */
public interface LiveConnection {

	/**
	 * Returns what is known of it from its handshake on, and what the application notes.
	 * @return the information
	 */
	ConnectionInfo info();

	/**
	 * Counts what has gone over it, and what waits.
	 * @return the traffic until now, or {@code null} for a session of one of Spring's own
	 * handlers, whose messages nobody counts
	 */
	@Nullable ConnectionTraffic traffic();

	/**
	 * Whether it is there: about to open, or open, and nobody has asked for its end.
	 * @return whether it is
	 */
	boolean isOpen();

	/**
	 * Sends a message beside what its {@code out} sends, as {@link Connections#send}
	 * does, and only to this one.
	 * @param message the message, not to be changed afterwards
	 * @return what has become of it
	 * @throws IllegalArgumentException if it is a close status
	 */
	Sending send(Object message);

	/**
	 * Closes it, after what is queued to be sent. Its {@code out} is cancelled. Does
	 * nothing if it is closing.
	 * @param status the status for the peer; its reason is cut to 123 bytes. One that
	 * does not invite to come again (other than 1001, 1012 and 1013) also lets the
	 * browser of an event stream stay away, and a member of a hub leave at once
	 * @throws IllegalArgumentException if the status is none that may be sent
	 */
	void close(CloseStatus status);

	/**
	 * What has become of a message.
	 */
	enum Sending {

		/**
		 * It is queued, and written if the wire was free. It may be lost with the wire,
		 * and be dropped for a later one where that is how the connection drops.
		 */
		QUEUED,

		/** The send buffer is full, and what the connection drops is this one. */
		DROPPED,

		/** The connection's codec does not take such a message, or it has no codec. */
		UNSUPPORTED,

		/** The connection is closing or gone, perhaps because its send buffer is full. */
		CLOSED

	}

}
