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

import org.jspecify.annotations.Nullable;

/**
 * A {@code @MessageExceptionHandler} method that can never be called. Thrown at start-up.
 *
 * @since 0.1
 */
public class InvalidExceptionHandlerException extends IllegalStateException {

	private final transient Method method;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param method the method
	 * @param reason what is wrong with it
	 * @param remedy what to write instead
	 */
	public InvalidExceptionHandlerException(Method method, String reason, String remedy) {
		this(method, reason, remedy, null);
	}

	/**
	 * Creates an exception.
	 * @param method the method
	 * @param reason what is wrong with it
	 * @param remedy what to write instead
	 * @param cause what was thrown when it was looked at, if anything was
	 */
	public InvalidExceptionHandlerException(Method method, String reason, String remedy, @Nullable Throwable cause) {
		super("@MessageExceptionHandler " + method.toGenericString() + ": " + reason + " (expected: " + remedy + ")",
				cause);
		this.method = method;
		this.remedy = remedy;
	}

	/**
	 * Returns the method.
	 * @return the method
	 */
	public Method getMethod() {
		return this.method;
	}

	/**
	 * Returns what to write instead.
	 * @return a phrase without a full stop
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
