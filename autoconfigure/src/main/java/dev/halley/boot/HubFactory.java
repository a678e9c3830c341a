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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

import dev.halley.Hubs;
import dev.halley.codec.MessageCodecs;
import dev.halley.hub.broker.HubBroker;

/**
 * Makes hubs: of this process, or with a broker.
 */
final class HubFactory {

	private final HalleyHubProperties properties;

	private final Executor executor;

	private final Supplier<MessageCodecs> codecs;

	HubFactory(HalleyHubProperties properties, Executor executor, Supplier<MessageCodecs> codecs) {
		this.properties = properties;
		this.executor = executor;
		this.codecs = codecs;
	}

	/**
	 * Makes hubs.
	 * @param broker the one that is there, or {@code null}
	 * @throws MissingBrokerException if one is asked for and none is there
	 */
	Hubs create(@Nullable HubBroker broker) {
		HalleyHubProperties.Broker asked = this.properties.broker();
		if (broker == null && asked == HalleyHubProperties.Broker.REDIS) {
			throw new MissingBrokerException(missing());
		}
		if (broker == null || asked == HalleyHubProperties.Broker.MEMORY) {
			return Hubs.inMemory(this.executor, this.properties.checkedHistories(), this::encodedSize,
					this.properties.checkedPresenceGrace());
		}
		return Hubs.brokered(broker, (type) -> this.codecs.get().hub(ResolvableType.forType(type)), this.executor,
				this.properties.checkedHistories());
	}

	private static List<String> missing() {
		List<String> missing = new ArrayList<>();
		addIfMissing(missing, "dev.halley.redis.RedisHubBroker", "the dependency dev.halley:halley-redis");
		addIfMissing(missing, "io.lettuce.core.RedisClient", "the dependency io.lettuce:lettuce-core");
		addIfMissing(missing, "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails",
				"the dependency org.springframework.boot:spring-boot-starter-data-redis");
		if (missing.isEmpty()) {
			missing.add("Spring Boot's auto-configuration of Redis (DataRedisAutoConfiguration), which is excluded");
		}
		return missing;
	}

	private static void addIfMissing(List<String> missing, String type, String dependency) {
		if (!ClassUtils.isPresent(type, Thread.currentThread().getContextClassLoader())) {
			missing.add(dependency);
		}
	}

	private long encodedSize(Object message) {
		try {
			return this.codecs.get().codecOf(message).encode(message).size();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
