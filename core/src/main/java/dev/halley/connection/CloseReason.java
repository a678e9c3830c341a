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

/**
 * Why a connection has ended, as far as those who watch many connections need to know.
 *
 * @since 0.1
 */
public enum CloseReason {

	/**
	 * Either side was done: 1000 from either, 1001 or no status from the peer, the end of
	 * a stream's {@code out} or of its time.
	 */
	NORMAL_CLOSURE,

	/**
	 * The peer was silent, did not answer a ping, or did not read, for longer than it
	 * may; or the wire did not come after the handshake.
	 */
	TIMEOUT,

	/** The application stops, or asks its peers to come again: 1001 or 1012 from here. */
	APP_SHUTDOWN,

	/** More waited for the peer than may: 1013. */
	SLOW_CONSUMER,

	/** Something was against the application's rules: 1008. */
	POLICY,

	/**
	 * Something was against the protocol, could not be read or was too large: 1002, 1003,
	 * 1007 or 1009.
	 */
	PROTOCOL_ERROR,

	/** A status of the application's own: 3000 to 4999. */
	APPLICATION,

	/**
	 * The wire is gone without a closing handshake. The usual end of a stream whose
	 * client leaves, since streams have none.
	 */
	LOST,

	/** A failure of the application, or of the peer's: 1011, and all other statuses. */
	ERROR;

	/**
	 * Tells why a connection was closed here.
	 * @param status the status that was sent
	 * @return the reason
	 */
	public static CloseReason closedHere(CloseStatus status) {
		if (status.equals(TimeOuts.IDLE)) {
			return TIMEOUT;
		}
		return switch (status.getCode()) {
			case 1001, 1012 -> APP_SHUTDOWN;
			case 1013 -> SLOW_CONSUMER;
			default -> closedByPeer(status);
		};
	}

	/**
	 * Tells why a peer has closed, or why a wire has ended of which nobody has asked it.
	 * @param status the status that came
	 * @return the reason
	 */
	public static CloseReason closedByPeer(CloseStatus status) {
		int code = status.getCode();
		return switch (code) {
			case 1000, 1001, 1005 -> NORMAL_CLOSURE;
			case 1006 -> LOST;
			case 1008 -> POLICY;
			case 1002, 1003, 1007, 1009 -> PROTOCOL_ERROR;
			default -> (code >= 3000 && code <= 4999) ? APPLICATION : ERROR;
		};
	}

}
