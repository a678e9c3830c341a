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

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageTypeTests {

	@ParameterizedTest
	@CsvSource({ "plain, java.lang.String", "list, java.util.List<java.lang.String>",
			"bounded, java.util.List<java.lang.String>", "lower, java.util.List<java.lang.String>",
			"anything, java.util.List", "raw, java.util.List",
			"nested, 'java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>'", "bytes, byte[]",
			"array, java.util.List[]", "enums, java.lang.Enum", "boundedVariable, java.lang.Number" })
	void isNamedAsItIsWritten(String method, String expected) {
		assertThat(MessageType.of(returned(Declarations.class, method))).hasToString(expected);
	}

	@Test
	void isEqualHoweverItWasDeclared() {
		MessageType expected = MessageType.of(returned(Declarations.class, "list"));
		assertThat(MessageType.of(ResolvableType.forClassWithGenerics(List.class, String.class))).isEqualTo(expected)
			.hasSameHashCodeAs(expected);
		assertThat(MessageType.of(returned(Declarations.class, "bounded"))).isEqualTo(expected);
		assertThat(MessageType.of(returned(OfString.class, "variables"))).isEqualTo(expected);
	}

	@Test
	void differsInItsArguments() {
		assertThat(MessageType.of(ResolvableType.forClassWithGenerics(List.class, String.class)))
			.isNotEqualTo(MessageType.of(ResolvableType.forClassWithGenerics(List.class, Integer.class)))
			.isNotEqualTo(MessageType.of(ResolvableType.forClass(List.class)));
	}

	@Test
	void arraysOfGenericTypesDifferInTheirComponents() {
		assertThat(MessageType.of(returned(Declarations.class, "array")).arguments())
			.containsExactly(MessageType.of(returned(Declarations.class, "list")));
	}

	@Test
	void variablesAreResolvedByTheSubclassThatBindsThem() {
		assertThat(MessageType.of(returned(OfString.class, "variable")).raw()).isEqualTo(String.class);
		assertThat(MessageType.of(returned(OfRawList.class, "variable"))).hasToString("java.util.List");
	}

	@ParameterizedTest
	@CsvSource({ "variable", "variables" })
	void refusesVariablesThatNothingBinds(String method) {
		ResolvableType type = returned(Generic.class, method);
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> MessageType.of(type))
			.withMessageStartingWith("message type: ")
			.withMessageContaining(
					"(expected: a type that is known at start-up, such as a record; Void where there are no messages)");
	}

	@Test
	void refusesAWildcardWithoutBound() {
		ResolvableType type = returned(Declarations.class, "anything").getGeneric(0);
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> MessageType.of(type))
			.withMessageContaining("?, which can be anything");
	}

	@Test
	void refusesAVariableThatIsBoundedByItself() {
		ResolvableType type = returned(Declarations.class, "endless");
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> MessageType.of(type))
			.withMessageContaining("refers to itself");
	}

	@Test
	void isItsClassAndItsSuperclasses() {
		MessageType type = MessageType.of(ResolvableType.forClass(Integer.class));
		assertThat(type.is(Integer.class)).isTrue();
		assertThat(type.is(Number.class)).isTrue();
		assertThat(type.is(String.class)).isFalse();
	}

	static ResolvableType returned(Class<?> type, String method) {
		try {
			return ResolvableType.forMethodReturnType(type.getMethod(method), type);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	@SuppressWarnings("rawtypes")
	public interface Declarations {

		String plain();

		List<String> list();

		List<? extends String> bounded();

		List<? super String> lower();

		List<?> anything();

		List raw();

		Map<String, List<Integer>> nested();

		byte[] bytes();

		List<String>[] array();

		Enum enums();

		<N extends Number> N boundedVariable();

		<C extends Comparable<C>> C endless();

	}

	public interface Generic<T> {

		T variable();

		List<T> variables();

	}

	public interface OfString extends Generic<String> {

	}

	@SuppressWarnings("rawtypes")
	public interface OfRawList extends Generic<List> {

	}

}
