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
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ResolvableType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

import dev.halley.InOut;
import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link PairSignature}: which declared types have a pair in them. Those of all methods
 * of an application are looked at.
 */
class PairSignatureTests {

	private static boolean mentionsPair(Class<?> type, String method) {
		Method found = Objects.requireNonNull(ReflectionUtils.findMethod(type, method));
		return PairSignature.mentionsPair(ResolvableType.forMethodReturnType(found, type));
	}

	@ParameterizedTest
	@ValueSource(strings = { "raw", "rawEntity", "variable", "wildcard", "nested" })
	void anArgumentThatRefersToItselfIsNoPair(String method) {
		assertThat(mentionsPair(Plain.class, method)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "out", "later", "deep", "named", "besideRaw" })
	void aPairIsFoundWhereverItIs(String method) {
		assertThat(mentionsPair(Pairs.class, method)).isTrue();
	}

	@SuppressWarnings("rawtypes")
	interface Plain {

		Enum raw();

		ResponseEntity<Enum> rawEntity();

		<T extends Comparable<T>> T variable();

		<E extends Enum<E>> List<? extends E> wildcard();

		Map<String, Map<String, String>> nested();

	}

	interface Base<T> {

		Mono<T> named();

	}

	@SuppressWarnings("rawtypes")
	interface Pairs extends Base<InOut<String, String>> {

		Out<String> out();

		Mono<ResponseEntity<Out<String>>> later();

		Map<String, Map<String, Out<String>>> deep();

		Map<Enum, Out<String>> besideRaw();

	}

}
