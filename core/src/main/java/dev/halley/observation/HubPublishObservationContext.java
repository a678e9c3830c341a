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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * What is known of a message that a hub publishes and that is observed. Its carrier is
 * what travels along over the broker.
 *
 * @since 0.1
 */
public final class HubPublishObservationContext extends SenderContext<Map<String, String>> {

	private final String hub;

	HubPublishObservationContext(String hub) {
		super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.PRODUCER);
		this.hub = hub;
		setCarrier(new LinkedHashMap<>());
	}

	/**
	 * Returns the name of the hub.
	 * @return the name, which anybody may have chosen
	 */
	public String hub() {
		return this.hub;
	}

}
