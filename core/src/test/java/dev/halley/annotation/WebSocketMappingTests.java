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

package dev.halley.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import dev.halley.Out;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the annotation tells ahead-of-time processing.
 */
class WebSocketMappingTests {

	@ParameterizedTest
	@ValueSource(strings = { "direct", "composed" })
	void mappedMethodsMayBeInvokedInANativeImage(String method) {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Endpoints.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Endpoints.class, method)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Endpoints.class, "unmapped")).rejects(hints);
	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@WebSocketMapping("/composed")
	@interface Composed {

	}

	static class Endpoints {

		@WebSocketMapping("/direct")
		Out<String> direct() {
			return Out.never();
		}

		@Composed
		Out<String> composed() {
			return Out.never();
		}

		Out<String> unmapped() {
			return Out.never();
		}

	}

}
