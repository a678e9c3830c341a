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

import java.lang.reflect.TypeVariable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.core.ResolvableType;

/**
 * A message type with nothing left to resolve. Equal whenever the types are, wherever
 * they were declared, which {@link ResolvableType} and {@link java.lang.reflect.Type} are
 * not.
 *
 * @param raw the class
 * @param arguments the type arguments, none if they are left open; of an array, its
 * component
 */
record MessageType(Class<?> raw, List<MessageType> arguments) {

	static final MessageType ANYTHING = new MessageType(Object.class, List.of());

	// A variable that is bounded by itself (T extends Comparable<T>) has no end
	private static final int MAX_DEPTH = 16;

	private static final String REMEDY = "a type that is known at start-up, such as a record; Void where there are no messages";

	/**
	 * Resolves a declared type.
	 * @param type the type
	 * @return the same type, of a wildcard or a variable its bound
	 * @throws UnsupportedMessageTypeException if it leaves its class open
	 */
	static MessageType of(ResolvableType type) {
		Class<?> raw = type.resolve();
		if (raw == null) {
			throw new UnsupportedMessageTypeException(type.toString(), "which can be anything", REMEDY);
		}
		return of(type, raw, 0);
	}

	private static MessageType of(ResolvableType type, Class<?> raw, int depth) {
		if (depth > MAX_DEPTH) {
			throw new UnsupportedMessageTypeException(type.toString(), "which refers to itself without end", REMEDY);
		}
		List<MessageType> arguments = components(type, raw).map((component) -> argument(component, raw, depth + 1))
			.toList();
		return new MessageType(raw, arguments.stream().allMatch(ANYTHING::equals) ? List.of() : arguments);
	}

	private static Stream<ResolvableType> components(ResolvableType type, Class<?> raw) {
		if (raw.isArray()) {
			return Stream.of(type.getComponentType());
		}
		return (type.getType() instanceof Class) ? Stream.empty() : Stream.of(type.getGenerics());
	}

	private static MessageType argument(ResolvableType type, Class<?> owner, int depth) {
		Class<?> raw = type.resolve();
		if (raw == null && isForeignVariable(type, owner)) {
			throw new UnsupportedMessageTypeException(type.toString(), "a type variable that nothing binds", REMEDY);
		}
		return (raw != null) ? of(type, raw, depth) : ANYTHING;
	}

	private static boolean isForeignVariable(ResolvableType type, Class<?> owner) {
		return type.getType() instanceof TypeVariable<?> variable && variable.getGenericDeclaration() != owner;
	}

	/**
	 * Whether this is the class or one of its subclasses.
	 * @param type the class
	 * @return whether an instance of this type is one of that class
	 */
	boolean is(Class<?> type) {
		return type.isAssignableFrom(this.raw);
	}

	/** Whether a class is this or is somewhere in its arguments. */
	boolean mentions(Class<?> type) {
		return this.raw == type || this.arguments.stream().anyMatch((argument) -> argument.mentions(type));
	}

	@Override
	public String toString() {
		if (this.arguments.isEmpty() || this.raw.isArray()) {
			return this.raw.getTypeName();
		}
		return this.arguments.stream()
			.map(MessageType::toString)
			.collect(Collectors.joining(", ", this.raw.getTypeName() + "<", ">"));
	}

}
