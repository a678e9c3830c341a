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

package dev.halley.boot;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.halley.hub.broker.BrokerState;
import dev.halley.hub.broker.HubBroker;

/**
 * Whether hubs have a link to their broker. Asks nobody: the broker knows.
 */
final class HubsHealthIndicator extends AbstractHealthIndicator {

	private final HubBroker broker;

	HubsHealthIndicator(HubBroker broker) {
		super("The broker of hubs does not tell its state");
		this.broker = broker;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		BrokerState state = this.broker.state();
		builder.status(state.up() ? Status.UP : Status.DOWN);
		builder.withDetail("server", state.server());
		String problem = state.problem();
		if (problem != null) {
			builder.withDetail("problem", problem);
		}
		builder.withDetail("counters", state.counters());
	}

}
