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

import dev.halley.connection.ConnectionRegistry;

/**
 * Whether new connections are accepted. The broker of hubs has an indicator of its own.
 */
final class HalleyHealthIndicator extends AbstractHealthIndicator {

	private final ConnectionRegistry registry;

	HalleyHealthIndicator(ConnectionRegistry registry) {
		super("Live connections cannot be counted");
		this.registry = registry;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		boolean accepting = this.registry.isAccepting();
		(accepting ? builder.up() : builder.outOfService()).withDetail("accepting", accepting)
			.withDetail("connections", this.registry.size());
	}

}
