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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.micrometer.observation.NullObservation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import dev.halley.CallContext;
import dev.halley.connection.FailureLog;

/**
 * One observation, whose end may come while threads are still in its scope: it stops when
 * the last of them has left. What the handlers of observations throw is written down, and
 * what is observed goes on.
 */
final class ObservedStep {

	/** That of Micrometer's accessor, which may not be there. */
	private static final String KEY = "micrometer.observation";

	private static final Log logger = LogFactory.getLog(ConnectionObservations.class);

	private final ObservationRegistry registry;

	private final Observation observation;

	/** The threads in its scope, and one more until its end. */
	private final AtomicInteger users = new AtomicInteger(1);

	private ObservedStep(ObservationRegistry registry, Observation observation) {
		this.registry = registry;
		this.observation = observation;
	}

	/**
	 * Starts an observation, whose parent is what is current on this thread unless it has
	 * another one.
	 * @return the step, or {@code null} if it is not observed
	 */
	static @Nullable ObservedStep start(ObservationRegistry registry, Supplier<Observation> created) {
		try {
			Observation observation = created.get();
			return observation.isNoop() ? null : new ObservedStep(registry, observation.start());
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	/** The same, where nothing that is current on this thread is the parent. */
	static @Nullable ObservedStep startAlone(ObservationRegistry registry, Supplier<Observation> created) {
		Observation.Scope before = registry.getCurrentObservationScope();
		ObservedStep step = null;
		try (Observation.Scope nothing = new NullObservation(registry).openScope()) {
			registry.setCurrentObservationScope(null);
			try {
				step = start(registry, created);
			}
			finally {
				registry.setCurrentObservationScope(nothing);
			}
		}
		catch (Throwable ex) {
			registry.setCurrentObservationScope(before);
			failed(ex);
		}
		return step;
	}

	CallContext.Scope enter() {
		if (this.users.getAndUpdate((now) -> (now == 0) ? 0 : now + 1) == 0) {
			return CallContext.Scope.NONE;
		}
		Observation.Scope before = this.registry.getCurrentObservationScope();
		try {
			Observation.Scope scope = this.observation.openScope();
			return () -> leave(scope, before);
		}
		catch (Throwable ex) {
			this.registry.setCurrentObservationScope(before);
			failed(ex);
			release();
			return CallContext.Scope.NONE;
		}
	}

	/** A scope that fails to close would stay on the thread. */
	private void leave(Observation.Scope scope, Observation.@Nullable Scope before) {
		try {
			scope.close();
		}
		catch (Throwable ex) {
			this.registry.setCurrentObservationScope(before);
			failed(ex);
		}
		finally {
			release();
		}
	}

	Context addTo(Context context) {
		return context.put(KEY, this.observation);
	}

	void error(Throwable failure) {
		try {
			this.observation.error(failure);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/** To be called once. */
	void ended() {
		release();
	}

	private void release() {
		if (this.users.decrementAndGet() == 0) {
			try {
				this.observation.stop();
			}
			catch (Throwable ex) {
				failed(ex);
			}
		}
	}

	private static void failed(Throwable failure) {
		FailureLog.error(logger, "A handler of observations failed", failure);
	}

}
