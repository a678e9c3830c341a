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

package dev.halley.stream;

import java.time.Duration;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.Connection;

/**
 * Lets streams leave the container: once the head of a response is written, its
 * connection is taken over, and for the container the request is over. Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface StreamDepartures {

	/**
	 * Asks whether the response to a request may leave. If so its head is completed by
	 * what a response needs whose body somebody else writes: nothing may change it any
	 * more, and nothing but the head may be written.
	 * @param request the request, which is asynchronous
	 * @param response the response, of which nothing is written yet
	 * @return how it leaves, or {@code null} if it stays as it was
	 */
	@Nullable Departure prepare(HttpServletRequest request, HttpServletResponse response);

	/**
	 * A response that may leave.
	 */
	interface Departure {

		/**
		 * Takes the connection away and opens the stream on it. Called once, on the
		 * container's thread from within its write listener, when the head is handed to
		 * the network. The caller completes the request afterwards, whose end is none of
		 * the stream's. If the connection is gone the stream ends.
		 * @param connection the connection, not opened yet
		 * @param format how its messages look
		 * @param timeout after which the stream ends, or {@link Duration#ZERO} for never
		 */
		void leave(Connection connection, StreamFormat format, Duration timeout);

	}

}
