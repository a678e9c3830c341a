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

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;

/**
 * Validates what another codec has decoded: the message, and if it is a container, what
 * it contains.
 *
 * @param <T> the type of the messages
 */
final class ValidatingCodec<T> implements MessageCodec<T> {

	private final MessageCodec<T> codec;

	private final Validator validator;

	private final Class<?>[] groups;

	ValidatingCodec(MessageCodec<T> codec, Validator validator, Class<?>... groups) {
		this.codec = codec;
		this.validator = validator;
		this.groups = groups.clone();
	}

	@Override
	public Payload encode(T message) throws Exception {
		return this.codec.encode(message);
	}

	@Override
	public T decode(Payload payload) throws Exception {
		T message = this.codec.decode(payload);
		List<String> violations = parts(message).filter(Objects::nonNull)
			.flatMap((part) -> this.validator.validate(part, this.groups).stream())
			.map(ValidatingCodec::describe)
			.distinct()
			.sorted()
			.toList();
		if (!violations.isEmpty()) {
			throw new InvalidMessageException(message, violations);
		}
		return message;
	}

	private static Stream<?> parts(Object message) {
		if (message instanceof Collection<?> elements) {
			return elements.stream();
		}
		if (message instanceof Map<?, ?> map) {
			return map.values().stream();
		}
		if (message instanceof Optional<?> optional) {
			return optional.stream();
		}
		return (message instanceof Object[] elements) ? Arrays.stream(elements) : Stream.of(message);
	}

	private static String describe(ConstraintViolation<?> violation) {
		return (path(violation) + " " + violation.getMessage()).strip();
	}

	/** A path holds the keys of maps, which may be objects that cannot be printed. */
	private static String path(ConstraintViolation<?> violation) {
		try {
			return violation.getPropertyPath().toString();
		}
		catch (RuntimeException ex) {
			return "";
		}
	}

}
