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

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import dev.halley.CallContext;
import dev.halley.connection.ConnectionTracer.MessageTrace;

/**
 * A message that is observed.
 *
 * @param step its observation, or {@code null} if this one is not observed after all
 */
record ObservedMessage(@Nullable ObservedStep step) implements MessageTrace {

	@Override
	public CallContext.Scope enter() {
		return (this.step != null) ? this.step.enter() : CallContext.Scope.NONE;
	}

	@Override
	public Context addTo(Context context) {
		return (this.step != null) ? this.step.addTo(context) : context;
	}

	@Override
	public void failed(Throwable failure) {
		if (this.step != null) {
			this.step.error(failure);
		}
	}

	@Override
	public void ended() {
		if (this.step != null) {
			this.step.ended();
		}
	}

}
