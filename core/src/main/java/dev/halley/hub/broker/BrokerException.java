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

package dev.halley.hub.broker;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a broker could not do what it was asked to.
 *
 * @since 0.1
 */
public final class BrokerException extends RuntimeException {

	private final boolean outcomeUnknown;

	/**
	 * Creates an exception.
	 * @param message what is wrong
	 * @param outcomeUnknown whether it may have been done all the same
	 * @param cause the cause, or {@code null}
	 */
	public BrokerException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
		super(message, cause, false, false);
		this.outcomeUnknown = outcomeUnknown;
	}

	/**
	 * Whether what was asked for may have been done all the same.
	 * @return {@code false} if it certainly was not
	 */
	public boolean isOutcomeUnknown() {
		return this.outcomeUnknown;
	}

}
