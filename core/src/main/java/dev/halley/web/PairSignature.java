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

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;

/**
 * Which messages the pair of a method takes and sends, read from its return type.
 *
 * @param in the type of the messages that come in, {@link Void} if they are ignored
 * @param out the type of the messages that go out, {@link Void} if there are none
 */
record PairSignature(ResolvableType in, ResolvableType out) {

	private static final ResolvableType NOTHING = ResolvableType.forClass(Void.class);

	private static final String REMEDY = "InOut, Out or In, a ResponseEntity of one, "
			+ "or a Mono, CompletionStage or Callable of these";

	/**
	 * Reads the return type of a method.
	 * @param method the method
	 * @return its messages, their types as declared
	 * @throws InvalidMappingException if the return type is not that of a pair
	 */
	static PairSignature of(EndpointMethod method) {
		ResolvableType type = body(later(method.returnType(), method), method);
		Class<?> raw = type.toClass();
		if (raw == InOut.class) {
			return new PairSignature(type.getGeneric(0), type.getGeneric(1));
		}
		if (raw == Out.class) {
			return new PairSignature(NOTHING, type.getGeneric(0));
		}
		if (raw == In.class) {
			return new PairSignature(type.getGeneric(0), NOTHING);
		}
		throw method.invalid("returns " + method.returnType(), REMEDY);
	}

	private static ResolvableType later(ResolvableType type, EndpointMethod method) {
		Class<?> holder = asynchronous(type.toClass(), method);
		return (holder != null) ? later(type.as(holder).getGeneric(0), method) : type;
	}

	private static @Nullable Class<?> asynchronous(Class<?> type, EndpointMethod method) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		if (adapter == null) {
			return Stream.of(Callable.class, DeferredResult.class, WebAsyncTask.class)
				.filter((holder) -> holder.isAssignableFrom(type))
				.findFirst()
				.orElse(null);
		}
		if (adapter.isMultiValue() && !mentionsPair(method.returnType())) {
			throw method.invalid("returns " + method.returnType() + ", which is not a pair by itself",
					"Out, and return Out.from(…) with it");
		}
		if (adapter.isMultiValue() || adapter.isNoValue()) {
			throw method.invalid("returns " + method.returnType() + ", but a connection has exactly one pair", REMEDY);
		}
		return adapter.getReactiveType();
	}

	private static ResolvableType body(ResolvableType type, EndpointMethod method) {
		if (!HttpEntity.class.isAssignableFrom(type.toClass())) {
			return type;
		}
		ResolvableType body = type.as(HttpEntity.class).getGeneric(0);
		if (asynchronous(body.toClass(), method) != null) {
			throw method.invalid("returns " + method.returnType() + ", whose status is known before the pair",
					body.toClass().getSimpleName() + "<ResponseEntity<…>>");
		}
		return body;
	}

	/**
	 * Whether values of a type are pairs.
	 * @param type the type
	 * @return whether it is one of the three
	 */
	static boolean isPair(Class<?> type) {
		return type == InOut.class || type == Out.class || type == In.class;
	}

	/**
	 * Whether a pair is somewhere in a declared type.
	 * @param type the type
	 * @return whether the type, or one of its arguments, is one of the three
	 */
	static boolean mentionsPair(ResolvableType type) {
		return parts(type).anyMatch((part) -> isPair(part.toClass()));
	}

	/**
	 * Returns a declared type with its arguments, and theirs. An argument that refers to
	 * itself in its bound, as that of a raw {@link Enum} does, is there once.
	 * @param type the type
	 * @return the type and all that it is made of
	 */
	static Stream<ResolvableType> parts(ResolvableType type) {
		Map<Type, ResolvableType> parts = new LinkedHashMap<>();
		addParts(type, parts);
		return parts.values().stream();
	}

	private static void addParts(ResolvableType type, Map<Type, ResolvableType> parts) {
		if (parts.putIfAbsent(type.getType(), type) == null) {
			for (ResolvableType argument : type.getGenerics()) {
				addParts(argument, parts);
			}
		}
	}

	/**
	 * Makes the missing half: what comes in is ignored, or nothing goes out.
	 * @param value a value of one of the three types
	 * @return the pair
	 */
	static InOut<?, ?> toPair(Object value) {
		if (value instanceof Out<?> out) {
			return InOut.of(In.ignore(), out);
		}
		return (value instanceof In<?> in) ? InOut.of(in, Out.never()) : (InOut<?, ?>) value;
	}

}
