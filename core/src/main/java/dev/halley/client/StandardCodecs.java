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

package dev.halley.client;

import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.codec.MessageCodecs;

/**
 * The codecs of a client that is given none.
 */
final class StandardCodecs {

	private static final boolean JSON = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			StandardCodecs.class.getClassLoader());

	private StandardCodecs() {
	}

	/** Returns the built-in codecs, with JSON if Jackson is there. */
	static MessageCodecs create() {
		MessageCodecs.Builder builder = MessageCodecs.builder();
		return (JSON ? Json.addTo(builder) : builder).build();
	}

	/** Loaded where Jackson is there. */
	private static final class Json {

		private Json() {
		}

		static MessageCodecs.Builder addTo(MessageCodecs.Builder builder) {
			return builder.json(JsonMapper.builder().findAndAddModules().build());
		}

	}

}
