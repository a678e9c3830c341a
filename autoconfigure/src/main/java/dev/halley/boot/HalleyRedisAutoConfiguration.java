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

import io.lettuce.core.RedisClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.halley.hub.broker.HubBroker;
import dev.halley.redis.RedisHubBroker;

/**
 * Auto-configuration of Redis or Valkey as the broker of hubs, where
 * {@code halley.hub.broker=redis} asks for it. If that cannot be, the application does
 * not start.
 *
 * @since 0.1
 */
@AutoConfiguration(before = HalleyAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "halley.hub.broker", havingValue = "redis")
public final class HalleyRedisAutoConfiguration {

	/** Comes after what is nested, which has made its bean by then if it can. */
	@Bean
	@ConditionalOnMissingBean
	HubBroker halleyMissingHubBroker() {
		throw new MissingBrokerException();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RedisHubBroker.class, RedisClient.class, DataRedisConnectionDetails.class })
	@ConditionalOnBean(DataRedisConnectionDetails.class)
	@ConditionalOnMissingBean(HubBroker.class)
	@EnableConfigurationProperties(HalleyRedisProperties.class)
	static class RedisConfiguration {

		@Bean
		RedisHubBroker halleyRedisHubBroker(DataRedisConnectionDetails details, DataRedisProperties redis,
				HalleyRedisProperties properties) {
			return new RedisBrokers(details, redis, properties.toSettings()).create().start();
		}

	}

}
