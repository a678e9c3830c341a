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

import java.io.Serial;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * A mapping cannot work, which is found at start-up: says which method's, what is wrong
 * and what to write instead.
 *
 * @since 0.1
 */
public class InvalidMappingException extends IllegalStateException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Method method;

	private final String problem;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param method the method with the mapping
	 * @param problem what is wrong with it
	 * @param remedy what to write instead
	 */
	public InvalidMappingException(Method method, String problem, String remedy) {
		this(method, problem, remedy, null);
	}

	/**
	 * Creates an exception.
	 * @param method the method with the mapping
	 * @param problem what is wrong with it
	 * @param remedy what to write instead
	 * @param cause what was thrown when it was looked at, if anything was
	 */
	public InvalidMappingException(Method method, String problem, String remedy, @Nullable Throwable cause) {
		super("Method " + ClassUtils.getQualifiedMethodName(method) + ": " + problem + " (expected: " + remedy + ")",
				cause);
		this.method = method;
		this.problem = problem;
		this.remedy = remedy;
	}

	/**
	 * Returns the method with the mapping.
	 * @return the method
	 */
	public Method getMethod() {
		return this.method;
	}

	/**
	 * Returns what is wrong with the mapping.
	 * @return a phrase without a full stop
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Returns what to write instead.
	 * @return a phrase without a full stop
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
