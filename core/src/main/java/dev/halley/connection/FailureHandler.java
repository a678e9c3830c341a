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

package dev.halley.connection;

import org.jspecify.annotations.Nullable;

/**
 * Decides what a failure means, be it of a message's handling or of the out: the
 * application's exception handlers, behind a port.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface FailureHandler {

	/**
	 * Leaves each failure to the connection: it closes.
	 */
	FailureHandler NONE = (failure, message) -> {
		throw failure;
	};

	/**
	 * Handles a failure.
	 * @param failure what the handler, the decoder, the validation or the out threw
	 * @param message the message that was handled, or {@code null} if it could not be
	 * read or if the out failed
	 * @return {@code null} to go on, which after a failure of the out is to close; a
	 * {@link dev.halley.codec.Payload} to answer with; a
	 * {@link org.springframework.web.socket.CloseStatus} to close with
	 * @throws Throwable the same failure if nobody handles it, or what the handler threw
	 */
	@Nullable Object handle(Throwable failure, @Nullable Object message) throws Throwable;

}
