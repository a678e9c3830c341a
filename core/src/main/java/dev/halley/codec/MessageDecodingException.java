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
 * A message that came in is not of the type that its endpoint declares: the wrong kind of
 * frame, or content that cannot be read. The connection is closed with 1003, unless a
 * {@code @MessageExceptionHandler} answers. Nothing of the message text is sent back.
 *
 * @since 0.1
 */
public class MessageDecodingException extends RuntimeException {

	private final @Nullable String diagnosis;

	/**
	 * Creates an exception.
	 * @param message what was expected and what came
	 */
	public MessageDecodingException(String message) {
		this(message, null);
	}

	/**
	 * Creates an exception.
	 * @param message what was expected and what came
	 * @param cause what the reader of the content threw
	 */
	public MessageDecodingException(String message, @Nullable Throwable cause) {
		this(message, cause, null);
	}

	MessageDecodingException(String message, @Nullable Throwable cause, @Nullable String diagnosis) {
		super(message, cause);
		this.diagnosis = diagnosis;
	}

	/**
	 * Returns what was wrong, for a log: more than the message, which may be sent to the
	 * peer, but with no values of the content.
	 * @return where the content was not as expected, or the message
	 */
	public String diagnosis() {
		return (this.diagnosis != null) ? this.diagnosis : String.valueOf(getMessage());
	}

}
