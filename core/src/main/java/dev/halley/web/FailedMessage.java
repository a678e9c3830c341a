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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

import dev.halley.connection.ConnectionInfo;

/**
 * What an exception handler can know.
 *
 * @param failure what was thrown
 * @param matched the failure or the cause of it that the handler is for
 * @param message the message that was handled, or {@code null} if it could not be read
 * @param connection where it came in
 */
record FailedMessage(Throwable failure, Throwable matched, @Nullable Object message, ConnectionInfo connection) {

	// A chain of causes may be a ring
	private static final int MAX_CAUSES = 32;

	/**
	 * Returns a failure and its causes, without the wrappings of Reactor and of futures:
	 * a handler of {@code Exception} would match those before the exception inside.
	 * @param failure the failure
	 * @return at least one exception, outermost first
	 */
	static List<Throwable> chain(Throwable failure) {
		List<Throwable> chain = new ArrayList<>();
		Throwable next = failure;
		while (next != null && chain.size() < MAX_CAUSES) {
			if (!isWrapping(next)) {
				chain.add(next);
			}
			next = next.getCause();
		}
		return chain.isEmpty() ? List.of(failure) : chain;
	}

	private static boolean isWrapping(Throwable ex) {
		return ex.getCause() != null && (ex instanceof CompletionException || ex instanceof ExecutionException
				|| Exceptions.unwrap(ex) != ex);
	}

	/**
	 * Finds the exception of a type, that which the handler is for before all others.
	 * @param type the type
	 * @return the exception, or {@code null} if neither the failure nor a cause is one
	 */
	@Nullable Throwable exception(Class<?> type) {
		return type.isInstance(this.matched) ? this.matched
				: chain(this.failure).stream().filter(type::isInstance).findFirst().orElse(null);
	}

}
