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

package dev.halley.web;

import java.util.function.Predicate;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;

/**
 * The declared types of entities that handler methods return.
 */
final class ReturnedEntity {

	private ReturnedEntity() {
	}

	/**
	 * Whether a return value may be an entity with a certain body: as declared, or
	 * because its type is left open.
	 */
	static boolean mayHold(MethodParameter returnType, Predicate<ResolvableType> body) {
		if (!HttpEntity.class.isAssignableFrom(returnType.getParameterType())) {
			return false;
		}
		ResolvableType declared = ResolvableType.forType(returnType.getGenericParameterType())
			.as(HttpEntity.class)
			.getGeneric(0);
		return declared.toClass() == Object.class || body.test(declared);
	}

}
