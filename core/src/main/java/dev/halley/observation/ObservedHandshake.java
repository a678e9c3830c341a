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

import dev.halley.CallContext;
import dev.halley.connection.ConnectionObserver.Outcome;
import dev.halley.connection.ConnectionTracer.HandshakeTrace;

/**
 * A handshake that is observed.
 *
 * @param step its observation
 * @param context what is known of it
 */
record ObservedHandshake(ObservedStep step, HandshakeObservationContext context) implements HandshakeTrace {

	@Override
	public CallContext.Scope enter() {
		return this.step.enter();
	}

	@Override
	public void failed(Throwable failure) {
		this.step.error(failure);
	}

	@Override
	public void ended(Outcome outcome, int status) {
		this.context.end(outcome, status);
		this.step.ended();
	}

}
