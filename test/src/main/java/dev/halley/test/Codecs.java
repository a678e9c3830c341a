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

package dev.halley.test;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.hub.broker.PayloadCodec;

/**
 * The codecs of a test, where the application gives none.
 */
final class Codecs {

	private static final boolean JSON = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper",
			Codecs.class.getClassLoader());

	private Codecs() {
	}

	/** Returns the built-in codecs, with JSON if Jackson is there. */
	static MessageCodecs standard() {
		MessageCodecs.Builder builder = MessageCodecs.builder();
		return (JSON ? Json.addTo(builder) : builder).build();
	}

	/** Returns the codec of a type, which can do both directions. */
	@SuppressWarnings("unchecked")
	static MessageCodec<Object> find(MessageCodecs codecs, Class<?> type) {
		return (MessageCodec<Object>) codecs.inbound(ResolvableType.forClass(type));
	}

	/**
	 * Returns what carries the data of members: JSON, or texts where there is no Jackson.
	 */
	static PayloadCodec memberData(MessageCodecs codecs) {
		return JSON ? codecs.values() : codecs.hub(ResolvableType.forClass(String.class));
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
