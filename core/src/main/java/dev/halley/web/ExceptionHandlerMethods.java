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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ExceptionDepthComparator;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;

import dev.halley.codec.MessageCodec;

/**
 * The exception handlers of one class, by the exceptions they are for.
 */
final class ExceptionHandlerMethods {

	private final Class<?> beanType;

	private final Map<Class<? extends Throwable>, Method> methods = new LinkedHashMap<>();

	/**
	 * Reads the annotations of a class.
	 * @param beanType the class of a controller or of an advice
	 * @throws InvalidMappingException if a method is for no exception, or two for the
	 * same one
	 */
	ExceptionHandlerMethods(Class<?> beanType) {
		this.beanType = beanType;
		MethodIntrospector.selectMethods(this.beanType, ExceptionHandlerMethods::annotation)
			.forEach((method, annotation) -> add(method, exceptions(method, annotation)));
	}

	/**
	 * Finds the exception handlers of a class.
	 * @param beanType the class of a controller or of an advice
	 * @return the methods
	 */
	static Set<Method> of(Class<?> beanType) {
		return MethodIntrospector.selectMethods(beanType, ExceptionHandlerMethods::annotation).keySet();
	}

	private static @Nullable MessageExceptionHandler annotation(Method method) {
		return AnnotatedElementUtils.findMergedAnnotation(method, MessageExceptionHandler.class);
	}

	private static List<Class<? extends Throwable>> exceptions(Method method, MessageExceptionHandler annotation) {
		if (annotation.value().length > 0) {
			return List.of(annotation.value());
		}
		return Stream.of(method.getParameterTypes())
			.filter(Throwable.class::isAssignableFrom)
			.<Class<? extends Throwable>>map((type) -> type.asSubclass(Throwable.class))
			.toList();
	}

	private void add(Method method, List<Class<? extends Throwable>> exceptions) {
		if (exceptions.isEmpty()) {
			throw new InvalidMappingException(method, "no exception that it is for",
					"types in the annotation, or a parameter that is an exception");
		}
		exceptions.forEach((exception) -> add(method, exception));
	}

	private void add(Method method, Class<? extends Throwable> exception) {
		Method other = this.methods.putIfAbsent(exception, method);
		if (other != null && !other.equals(method)) {
			throw new InvalidMappingException(method,
					"for " + exception.getName() + ", as is " + other.toGenericString(),
					"one method for each exception in " + this.beanType.getName());
		}
	}

	/**
	 * Prepares the methods for an endpoint.
	 * @param messageType the type of its messages
	 * @param codecs what encodes the values that are returned
	 * @return finds the method for an exception
	 * @throws InvalidMappingException if one could not be called
	 */
	Bound bind(Class<?> messageType, Function<ResolvableType, MessageCodec<?>> codecs) {
		Map<Method, ExceptionHandlerMethod> bound = this.methods.values()
			.stream()
			.distinct()
			.collect(Collectors.toMap((method) -> method,
					(method) -> new ExceptionHandlerMethod(method, this.beanType, messageType, codecs)));
		return new Bound(this.methods.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> bound.get(entry.getValue()))));
	}

	/**
	 * The exception handlers of one class for one endpoint.
	 *
	 * @param methods by the exceptions they are for
	 */
	record Bound(Map<Class<? extends Throwable>, ExceptionHandlerMethod> methods) {

		boolean isEmpty() {
			return this.methods.isEmpty();
		}

		/**
		 * Finds the method that is closest to an exception.
		 * @param exception the exception; its causes are not looked at
		 * @return the method, or {@code null} if none is for it
		 */
		@Nullable ExceptionHandlerMethod find(Throwable exception) {
			return this.methods.keySet()
				.stream()
				.filter((type) -> type.isInstance(exception))
				.min(new ExceptionDepthComparator(exception))
				.map(this.methods::get)
				.orElse(null);
		}

	}

}
