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

/**
 * A message that came in was read but breaks its type's Bean Validation constraints. The
 * connection is closed with 1008, unless a {@code @MessageExceptionHandler} answers.
 *
 * @since 0.1
 */
public class InvalidMessageException extends RuntimeException {

	private final transient Object invalid;

	private final transient java.util.List<String> violations;

	/**
	 * Creates an exception.
	 * @param invalid the message that was read
	 * @param violations a line for each violation: the property's path and what it breaks
	 */
	public InvalidMessageException(Object invalid, java.util.List<String> violations) {
		super(String.join(", ", violations));
		this.invalid = invalid;
		this.violations = java.util.List.copyOf(violations);
	}

	/**
	 * Returns the message that was read.
	 * @return the message
	 */
	public Object getInvalid() {
		return this.invalid;
	}

	/**
	 * Returns a line for each violation: the property's path and what it breaks.
	 * @return the lines, sorted
	 */
	public java.util.List<String> getViolations() {
		return this.violations;
	}

}
