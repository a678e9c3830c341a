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

import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.halley.CallContext;
import dev.halley.HubTracer;

/**
 * Observes what hubs publish and deliver over a broker. Where the handlers of the
 * registry propagate traces, as those of a tracer do, a delivery is a part of the trace
 * in which the message was published, on whichever node. Thread-safe.
 *
 * @since 0.1
 */
public final class HubObservations implements HubTracer {

	private static final HubPublishObservationConvention PUBLISHED = new HubPublishObservationConvention() {
	};

	private static final HubDeliverObservationConvention DELIVERED = new HubDeliverObservationConvention() {
	};

	private final ObservationRegistry registry;

	private final @Nullable HubPublishObservationConvention published;

	private final @Nullable HubDeliverObservationConvention delivered;

	/**
	 * Creates observations.
	 * @param registry where they go
	 * @param published names what is published, or {@code null} for the default
	 * @param delivered names what is delivered, or {@code null} for the default
	 */
	public HubObservations(ObservationRegistry registry, @Nullable HubPublishObservationConvention published,
			@Nullable HubDeliverObservationConvention delivered) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
		this.published = published;
		this.delivered = delivered;
	}

	@Override
	public @Nullable Publication publishing(String hub) {
		HubPublishObservationContext context = new HubPublishObservationContext(hub);
		ObservedStep step = ObservedStep.start(this.registry,
				() -> Observation.createNotStarted(this.published, PUBLISHED, () -> context, this.registry));
		return (step != null) ? new ObservedPublication(step, context) : null;
	}

	@Override
	public CallContext.Scope delivering(String hub, Map<String, String> headers) {
		HubDeliverObservationContext context = new HubDeliverObservationContext(hub, headers);
		ObservedStep step = ObservedStep.startAlone(this.registry,
				() -> Observation.createNotStarted(this.delivered, DELIVERED, () -> context, this.registry));
		if (step == null) {
			return CallContext.Scope.NONE;
		}
		CallContext.Scope scope = step.enter();
		return () -> {
			scope.close();
			step.ended();
		};
	}

	private record ObservedPublication(ObservedStep step, HubPublishObservationContext context) implements Publication {

		@Override
		public Map<String, String> headers() {
			return Objects.requireNonNullElse(this.context.getCarrier(), Map.of());
		}

		@Override
		public void ended(@Nullable Throwable failure) {
			if (failure != null) {
				this.step.error(failure);
			}
			this.step.ended();
		}

	}

}
