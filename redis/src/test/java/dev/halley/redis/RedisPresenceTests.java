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

package dev.halley.redis;

import java.util.List;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import dev.halley.PresenceContract;
import dev.halley.hub.broker.BreakableNodes;

/**
 * Who is present, over each version of the server.
 */
@ParameterizedClass
@MethodSource("dev.halley.redis.RedisProcess#ofEachVersion")
@Timeout(300)
class RedisPresenceTests extends PresenceContract {

	@Parameter
	private RedisProcess server;

	static List<Long> seeds() {
		return seeds(3);
	}

	@Override
	protected BreakableNodes open() {
		return new RedisNodes(this.server);
	}

}
