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

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * A mapped method and the class of the bean that it is called on, which binds the type
 * variables of generic superclasses.
 *
 * @param method the method
 * @param type the class of the bean
 */
record EndpointMethod(Method method, Class<?> type) {

	ResolvableType returnType() {
		return ResolvableType.forMethodReturnType(this.method, this.type);
	}

	String shortName() {
		return ClassUtils.getShortName(this.type) + "." + this.method.getName();
	}

	InvalidMappingException invalid(String problem, String remedy) {
		return invalid(problem, remedy, null);
	}

	InvalidMappingException invalid(String problem, String remedy, @Nullable Throwable cause) {
		return new InvalidMappingException(this.method, problem, remedy, cause);
	}

}
