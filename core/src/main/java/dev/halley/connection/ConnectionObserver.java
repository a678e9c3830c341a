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

/**
 * Is told what becomes of handshakes and connections, such as to count them. Given to the
 * {@link ConnectionRegistry}; without one nothing is told, and nothing is timed.
 * <p>
 * Called on the threads that carry connections: returns at once, and does not throw. Any
 * number of threads call at the same time.
 *
 * @since 0.1
 */
public interface ConnectionObserver {

	/** Watches nothing. */
	ConnectionObserver NONE = new ConnectionObserver() {
	};

	/**
	 * A request for an endpoint's wire was answered. Requests for paths that no endpoint
	 * has, and those that do not ask for a wire, are not told.
	 * @param wire the endpoint and its kind of wire
	 * @param outcome what became of it
	 * @param status the status of an answer by HTTP that refuses it, or 0 if there is no
	 * status or the handshake was accepted
	 */
	default void handshake(Wire wire, Outcome outcome, int status) {
	}

	/**
	 * A connection was made, for a handshake that is about to be answered.
	 * {@link ConnectionRegistry#meters} shows it from then on when it is registered,
	 * until it has ended.
	 * @param wire the endpoint and its kind of wire
	 * @param connection the connection, not yet to be asked for anything, or {@code null}
	 * for a session that runs no pair
	 * @return what is told of this connection from now on
	 */
	default ConnectionMeter connected(Wire wire, @Nullable Connection connection) {
		return ConnectionMeter.NONE;
	}

	/**
	 * Where a connection is made.
	 *
	 * @param transport the wire: {@code websocket}, {@code comet} or {@code sse}
	 * @param endpoint the path template of the mapping, of which an application has few;
	 * nothing that a client could choose
	 */
	record Wire(String transport, String endpoint) {

		/**
		 * Returns the wire as metrics and traces name it.
		 * @return {@code web_sockets}, {@code server_sent_events} or {@code comet}
		 */
		public String transportName() {
			return switch (this.transport) {
				case "websocket" -> "web_sockets";
				case "sse" -> "server_sent_events";
				default -> this.transport;
			};
		}

	}

	/**
	 * What becomes of a handshake.
	 */
	enum Outcome {

		/** A connection was made. */
		ACCEPTED,

		/** Refused before the application's method ran. */
		REFUSED,

		/**
		 * The method has answered otherwise: with an error, a redirect, or nothing. Or a
		 * browser that asks for an event stream was only told to stay away, since the
		 * stream is over for good, or to come again, since the application stops.
		 */
		DECLINED

	}

}
