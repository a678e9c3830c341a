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

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.Validated;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;

/**
 * Finds out whether the messages of an endpoint are to be validated: {@code @Valid} or
 * {@link Validated} on the type of the messages in the method's return type
 * ({@code InOut<@Valid Say, Said>}), on the method, or on the class of the messages.
 */
final class MessageValidation {

	// By name: Bean Validation need not be on the class path
	private static final String VALID = "jakarta.validation.Valid";

	private static final String CONSTRAINT = "jakarta.validation.Constraint";

	private static final String SENT = "it on the type of the messages that come in; those that go out are not validated";

	private static final Class<?>[] DEFAULT_GROUP = {};

	private MessageValidation() {
	}

	/**
	 * Returns the codec of the messages that come in, with validation if it is asked for.
	 * @param codecs the codecs
	 * @param method the endpoint's method
	 * @param messageType the type of the messages
	 * @return the codec
	 * @throws InvalidMappingException if it is asked for, but there is no validator
	 */
	static MessageCodec<?> inboundCodec(MessageCodecs codecs, EndpointMethod method, ResolvableType messageType) {
		MessageCodec<?> codec = codecs.inbound(messageType);
		Optional<Class<?>[]> groups = groups(method.method(), messageType);
		if (groups.isPresent() && !codecs.isValidating()) {
			throw method.invalid("its messages are to be validated, but there is no validator",
					"spring-boot-starter-validation on the class path, a bean of type jakarta.validation.Validator, "
							+ "or no @Valid");
		}
		return groups.<MessageCodec<?>>map((those) -> codecs.validatedInbound(messageType, those)).orElse(codec);
	}

	/**
	 * Checks that each annotation of Bean Validation on the type of messages is heeded.
	 * @param method the endpoint's method
	 * @throws InvalidMappingException if one is not
	 */
	static void check(EndpointMethod method) {
		AnnotatedType returned = method.method().getAnnotatedReturnType();
		messageTypes(returned).forEach((type) -> refuse(type, CONSTRAINT, method,
				"a record that has the constraint on a component, and @Valid: In<@Valid Text> with "
						+ "record Text(@NotBlank String text)"));
		sentTypes(returned).forEach((type) -> {
			refuse(type, CONSTRAINT, method, SENT);
			refuse(type, VALID, method, SENT);
		});
	}

	private static void refuse(AnnotatedType type, String annotation, EndpointMethod method, String remedy) {
		MergedAnnotation<?> found = MergedAnnotations.from(type).get(annotation);
		if (found.isPresent()) {
			throw method.invalid("@" + ClassUtils.getShortName(found.getRoot().getType()) + " on "
					+ type.getType().getTypeName() + " is not heeded there", remedy);
		}
	}

	/**
	 * Returns the groups to validate.
	 * @param method the endpoint's method
	 * @param messageType the type of the messages
	 * @return the groups, none for the default group; empty to validate nothing
	 */
	static Optional<Class<?>[]> groups(Method method, ResolvableType messageType) {
		return Stream.of(Stream.of(method), messageTypes(method.getAnnotatedReturnType()), classes(messageType))
			.flatMap((elements) -> elements)
			.flatMap((element) -> groups(element).stream())
			.findFirst();
	}

	private static Optional<Class<?>[]> groups(AnnotatedElement element) {
		Validated validated = AnnotatedElementUtils.findMergedAnnotation(element, Validated.class);
		if (validated != null) {
			return Optional.of(validated.value());
		}
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(VALID)
				? Optional.of(DEFAULT_GROUP) : Optional.empty();
	}

	/**
	 * The annotated types inside the first argument of {@link InOut} or {@link In}, which
	 * may be inside of others, such as a {@code Mono}.
	 */
	private static Stream<AnnotatedType> messageTypes(AnnotatedType type) {
		Class<?> raw = ResolvableType.forType(type.getType()).toClass();
		if (raw == InOut.class || raw == In.class) {
			return parts(type).limit(1).flatMap(MessageValidation::withParts);
		}
		return parts(type).flatMap(MessageValidation::messageTypes);
	}

	/**
	 * As {@link #messageTypes}, inside the last argument of {@link InOut} or {@link Out}.
	 */
	private static Stream<AnnotatedType> sentTypes(AnnotatedType type) {
		Class<?> raw = ResolvableType.forType(type.getType()).toClass();
		if (raw == InOut.class || raw == Out.class) {
			return parts(type).skip((raw == InOut.class) ? 1 : 0).flatMap(MessageValidation::withParts);
		}
		return parts(type).flatMap(MessageValidation::sentTypes);
	}

	private static Stream<AnnotatedType> withParts(AnnotatedType type) {
		return Stream.concat(Stream.of(type), parts(type).flatMap(MessageValidation::withParts));
	}

	private static Stream<AnnotatedType> parts(AnnotatedType type) {
		if (type instanceof AnnotatedParameterizedType parameterized) {
			return Stream.of(parameterized.getAnnotatedActualTypeArguments());
		}
		if (type instanceof AnnotatedArrayType array) {
			return Stream.of(array.getAnnotatedGenericComponentType());
		}
		return (type instanceof AnnotatedWildcardType wildcard) ? Stream.of(wildcard.getAnnotatedUpperBounds())
				: Stream.empty();
	}

	private static Stream<Class<?>> classes(ResolvableType type) {
		return Stream.concat(Stream.ofNullable(type.resolve()), components(type).flatMap(MessageValidation::classes));
	}

	private static Stream<ResolvableType> components(ResolvableType type) {
		if (type.isArray()) {
			return Stream.of(type.getComponentType());
		}
		// The arguments of a raw type are its own variables, which may refer to
		// themselves
		return (type.getType() instanceof Class) ? Stream.empty() : Stream.of(type.getGenerics());
	}

}
