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

import org.springframework.util.ClassUtils;

/**
 * Signals that the broker which is asked for is not there.
 */
final class MissingBrokerException extends RuntimeException {

	private final List<String> missing;

	MissingBrokerException() {
		this(absent());
	}

	private MissingBrokerException(List<String> missing) {
		super("halley.hub.broker is 'redis', and there is no broker of hubs: " + String.join(", ", missing));
		this.missing = List.copyOf(missing);
	}

	private static List<String> absent() {
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

	/** What has to be added. */
	List<String> missing() {
		return this.missing;
	}

}
