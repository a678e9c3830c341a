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

package dev.halley.hub.broker;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * How a broker is.
 *
 * @param up whether the link is up
 * @param server what it is linked to, for people: what, where, which version. No secrets
 * @param problem why the link is down, or {@code null} if it is up
 * @param counters what happened since the start, by name
 * @since 0.1
 */
public record BrokerState(boolean up, String server, @Nullable String problem, Map<String, Long> counters) {

	public BrokerState {
		Assert.notNull(server, "'server' must not be null");
		counters = Map.copyOf(counters);
	}

}
