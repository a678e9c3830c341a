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

import java.util.Locale;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.ConnectionObserver.Outcome;
import dev.halley.connection.ConnectionObserver.Wire;

/**
 * What is known of a handshake that is observed.
 *
 * @since 0.1
 */
public final class HandshakeObservationContext extends Observation.Context {

	private final Wire wire;

	private volatile @Nullable Outcome outcome;

	private volatile int status;

	HandshakeObservationContext(Wire wire) {
		this.wire = wire;
	}

	/**
	 * Returns what is asked for.
	 * @return the endpoint and its kind of wire
	 */
	public Wire wire() {
		return this.wire;
	}

	/**
	 * Returns what became of it.
	 * @return the outcome, or {@code null} as long as it is under way
	 */
	public @Nullable Outcome outcome() {
		return this.outcome;
	}

	/**
	 * Returns the status of a refusal.
	 * @return a status of HTTP, or 0 if there is none
	 */
	public int status() {
		return this.status;
	}

	String outcomeName() {
		Outcome outcome = this.outcome;
		return (outcome != null) ? outcome.name().toLowerCase(Locale.ROOT) : "pending";
	}

	void end(Outcome outcome, int status) {
		this.status = status;
		this.outcome = outcome;
	}

}
