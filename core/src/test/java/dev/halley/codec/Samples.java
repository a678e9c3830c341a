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

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * Messages of the tests.
 */
final class Samples {

	private Samples() {
	}

	/** A plain typed message. */
	record Count(String name, int count) {
	}

	/** A message that refers to itself. */
	record Tree(String name, List<Tree> children) {
	}

	/** A message whose constructor refuses content. */
	record Even(int number) {

		Even {
			if (number % 2 != 0) {
				throw new IllegalStateException("number: " + number + " (expected: even)");
			}
		}

	}

	/** A sealed hierarchy with type ids. */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	sealed interface Move permits Step, Jump {

	}

	/** One of the moves. */
	@JsonTypeName("step")
	record Step(int by) implements Move {
	}

	/** Another one. */
	@JsonTypeName("jump")
	record Jump(int height) implements Move {
	}

	/** A sealed hierarchy without type ids. */
	sealed interface Shape permits Circle {

	}

	/** The only shape. */
	record Circle(int radius) implements Shape {
	}

	/** A class with a subclass, without type ids. */
	static class Animal {

		public String name = "";

	}

	/** Has one property more. */
	static class Dog extends Animal {

		public boolean barks = true;

	}

	/** A generic message. */
	record Page<T>(int number, List<T> content) {
	}

}
