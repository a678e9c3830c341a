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

package dev.halley.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.ConnectionInfo;
import dev.halley.connection.ConnectionObserver.Wire;

/**
 * What is known of a message that is observed.
 *
 * @since 0.1
 */
public final class MessageObservationContext extends Observation.Context {

	private final Wire wire;

	private final ConnectionInfo connection;

	private final @Nullable ObservationView handshake;

	MessageObservationContext(Wire wire, ConnectionInfo connection, @Nullable ObservationView handshake) {
		this.wire = wire;
		this.connection = connection;
		this.handshake = handshake;
	}

	/**
	 * Returns where the message came in.
	 * @return the endpoint and its kind of wire
	 */
	public Wire wire() {
		return this.wire;
	}

	/**
	 * Returns the connection of the message.
	 * @return what is known of it
	 */
	public ConnectionInfo connection() {
		return this.connection;
	}

	/**
	 * Returns what was observed while the connection was made. In
	 * {@link MessageTracing#CHILD} it is the parent; in {@link MessageTracing#LINK} it is
	 * what a handler that makes spans may link the message's span to.
	 * @return the observation of the handshake, ended by now, or {@code null} if there
	 * was none
	 */
	public @Nullable ObservationView handshake() {
		return this.handshake;
	}

}
