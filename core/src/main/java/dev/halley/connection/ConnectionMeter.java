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

/**
 * Is told what becomes of one connection. Called on the threads that carry connections:
 * returns at once, and does not throw.
 *
 * @since 0.1
 */
public interface ConnectionMeter {

	/** Measures nothing. */
	ConnectionMeter NONE = new ConnectionMeter() {
	};

	/**
	 * The peer has answered a ping.
	 * @param roundTrip how long that took
	 */
	default void pong(Duration roundTrip) {
	}

	/**
	 * The wire is gone. Called once, and not at all for a connection whose handshake
	 * could not be answered.
	 * @param reason why
	 * @param age how long it was since the handshake was accepted
	 */
	default void ended(CloseReason reason, Duration age) {
	}

	/**
	 * The application has done with the connection, be it long after {@link #ended}: its
	 * handlers have come to their end, and what {@link Connection#traffic} tells of them
	 * is final. Not called for sessions that run no pair.
	 */
	default void finished() {
	}

}
