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

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * What is known of a message that a hub delivers to the subscribers of this process and
 * that is observed. Its carrier is what has travelled along over the broker.
 *
 * @since 0.1
 */
public final class HubDeliverObservationContext extends ReceiverContext<Map<String, String>> {

	private final String hub;

	HubDeliverObservationContext(String hub, Map<String, String> headers) {
		super((carrier, name) -> Objects.requireNonNull(carrier).get(name), Kind.CONSUMER);
		this.hub = hub;
		setCarrier(headers);
	}

	/**
	 * Returns the name of the hub.
	 * @return the name, which anybody may have chosen
	 */
	public String hub() {
		return this.hub;
	}

}
