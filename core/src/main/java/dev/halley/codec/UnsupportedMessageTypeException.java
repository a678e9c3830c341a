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

import org.jspecify.annotations.Nullable;

/**
 * No codec fits the message type that a method declares, so its endpoint cannot work.
 * Thrown at start-up, not when messages flow.
 *
 * @since 0.1
 */
public class UnsupportedMessageTypeException extends IllegalArgumentException {

	private final String type;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param type the type as declared
	 * @param reason why no codec fits it
	 * @param remedy what to declare or to add instead
	 */
	public UnsupportedMessageTypeException(String type, String reason, String remedy) {
		this(type, reason, remedy, null);
	}

	/**
	 * Creates an exception.
	 * @param type the type as declared
	 * @param reason why no codec fits it
	 * @param remedy what to declare or to add instead
	 * @param cause what was found wrong with the type, if anything was thrown
	 */
	public UnsupportedMessageTypeException(String type, String reason, String remedy, @Nullable Throwable cause) {
		super("message type: " + type + ", " + reason + " (expected: " + remedy + ")", cause);
		this.type = type;
		this.remedy = remedy;
	}

	/**
	 * Returns the type as declared.
	 * @return the type's name, with its type arguments
	 */
	public String getType() {
		return this.type;
	}

	/**
	 * Returns what to declare or to add instead.
	 * @return a phrase without a full stop
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
