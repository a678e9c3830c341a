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
import java.lang.reflect.Parameter;
import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.ClassUtils;

import dev.halley.connection.ConnectionInfo;

/**
 * Finds the value of one parameter of an exception handler.
 */
@FunctionalInterface
interface ExceptionHandlerArgument {

	/**
	 * Finds the value.
	 * @param failed what is known
	 * @return the value, or {@code null} if there is none this time
	 */
	@Nullable Object resolve(FailedMessage failed);

	/**
	 * Decides what a parameter is.
	 * @param method the exception handler
	 * @param parameter its parameter
	 * @param messageType the type of the messages of the endpoint
	 * @return the argument
	 * @throws InvalidMappingException if the parameter is nothing that is known
	 */
	static ExceptionHandlerArgument of(Method method, Parameter parameter, Class<?> messageType) {
		Class<?> type = parameter.getType();
		if (Throwable.class.isAssignableFrom(type)) {
			return (failed) -> required(failed.exception(type), type);
		}
		if (Principal.class.isAssignableFrom(type)) {
			return (failed) -> instance(type, failed.connection().principal());
		}
		if (type == ConnectionInfo.class) {
			return FailedMessage::connection;
		}
		if (parameter.isAnnotationPresent(Payload.class) || isRelated(type, messageType)) {
			return (failed) -> instance(type, failed.message());
		}
		if (messageType == Void.class) {
			// Where nothing comes in, what other endpoints take is missing
			return (failed) -> null;
		}
		throw new InvalidMappingException(method, "parameter: " + parameter, "an exception, the message ("
				+ messageType.getTypeName() + ", or any type with @Payload), Principal or ConnectionInfo");
	}

	private static boolean isRelated(Class<?> type, Class<?> messageType) {
		return ClassUtils.isAssignable(type, messageType) || ClassUtils.isAssignable(messageType, type);
	}

	private static @Nullable Object instance(Class<?> type, @Nullable Object value) {
		return ClassUtils.isAssignableValue(type, value) ? value : null;
	}

	private static Object required(@Nullable Throwable exception, Class<?> type) {
		if (exception == null) {
			throw new IllegalStateException("exception: none in the failure (expected: " + type.getName() + ")");
		}
		return exception;
	}

}
