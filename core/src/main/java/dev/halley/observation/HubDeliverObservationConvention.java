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

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

import dev.halley.observation.HalleyObservation.Key;

/**
 * Names the observation of a message that a hub delivers and its key values. A bean that
 * overrides some of this takes the place of the defaults.
 *
 * @since 0.1
 */
public interface HubDeliverObservationConvention extends ObservationConvention<HubDeliverObservationContext> {

	@Override
	default String getName() {
		return HalleyObservation.HUB_DELIVER.getName();
	}

	@Override
	default String getContextualName(HubDeliverObservationContext context) {
		return "hub deliver";
	}

	@Override
	default KeyValues getHighCardinalityKeyValues(HubDeliverObservationContext context) {
		return KeyValues.of(Key.HUB.of(context.hub()));
	}

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof HubDeliverObservationContext;
	}

}
