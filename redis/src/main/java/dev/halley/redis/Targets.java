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
import java.util.stream.Collectors;

import io.lettuce.core.RedisURI;

/**
 * Hosts and ports for people, without names of users and passwords.
 */
final class Targets {

	private Targets() {
	}

	static String of(List<RedisURI> uris) {
		return uris.stream().map((uri) -> uri.getHost() + ":" + uri.getPort()).collect(Collectors.joining(", "));
	}

}
