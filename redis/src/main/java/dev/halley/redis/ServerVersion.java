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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.halley.hub.broker.BrokerException;

/**
 * What a server says of itself.
 *
 * @param name Redis or Valkey, and its version
 */
record ServerVersion(String name) {

	private static final Pattern REDIS = Pattern.compile("(?m)^redis_version:((\\d+)\\.(\\d+)[^\\r\\n]*)");

	private static final Pattern VALKEY = Pattern.compile("(?m)^valkey_version:([^\\r\\n]+)");

	private static final int LEAST_MAJOR = 6;

	private static final int LEAST_MINOR = 2;

	/**
	 * Reads what INFO returns.
	 * @throws BrokerException if the server is too old
	 */
	static ServerVersion of(String info) {
		Matcher valkey = VALKEY.matcher(info);
		if (valkey.find()) {
			return new ServerVersion("Valkey " + valkey.group(1).trim());
		}
		Matcher redis = REDIS.matcher(info);
		if (!redis.find()) {
			return new ServerVersion("a server of unknown version");
		}
		int major = Integer.parseInt(redis.group(2));
		int minor = Integer.parseInt(redis.group(3));
		if (major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR)) {
			throw new BrokerException(
					"Redis " + redis.group(1).trim() + " is too old for hubs (expected: 6.2 or later, or Valkey)",
					false, null);
		}
		return new ServerVersion("Redis " + redis.group(1).trim());
	}

}
