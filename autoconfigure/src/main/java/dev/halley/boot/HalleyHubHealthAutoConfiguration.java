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

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import dev.halley.hub.broker.HubBroker;

/**
 * Auto-configuration of the health of hubs, where they have a broker.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { HalleyAutoConfiguration.class, HalleyRedisAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("hubs")
@ConditionalOnBean(HubBroker.class)
@Conditional(HalleyHubHealthAutoConfiguration.BrokerIsUsed.class)
public final class HalleyHubHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "hubsHealthIndicator")
	HubsHealthIndicator hubsHealthIndicator(HubBroker broker) {
		return new HubsHealthIndicator(broker);
	}

	/** There may be a broker, but hubs are told to be in memory. */
	static final class BrokerIsUsed extends NoneNestedConditions {

		BrokerIsUsed() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty(name = "halley.hub.broker", havingValue = "memory")
		static class InMemory {

		}

	}

}
