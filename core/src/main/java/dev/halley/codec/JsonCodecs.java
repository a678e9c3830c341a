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

package dev.halley.codec;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

/**
 * JSON for every type that no other codec takes. Apart from {@link MessageCodecs}, so
 * that Jackson need not be on the class path.
 */
final class JsonCodecs implements CodecFactory {

	private final JsonMapper mapper;

	JsonCodecs(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public MessageCodec<?> create(MessageType type) {
		return new JsonCodec<>(this.mapper, type, javaType(type));
	}

	private JavaType javaType(MessageType type) {
		TypeFactory types = this.mapper.getTypeFactory();
		JavaType[] arguments = type.arguments().stream().map(this::javaType).toArray(JavaType[]::new);
		if (arguments.length == 0) {
			return types.constructType(type.raw());
		}
		return type.raw().isArray() ? types.constructArrayType(arguments[0])
				: types.constructParametricType(type.raw(), arguments);
	}

}
