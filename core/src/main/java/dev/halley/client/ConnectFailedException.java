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

package dev.halley.client;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * An attempt to connect came to nothing: the server has answered with something else than
 * a WebSocket or an event stream, or has not answered at all.
 *
 * @since 0.1
 */
public class ConnectFailedException extends RuntimeException {

	private final @Nullable HttpStatusCode status;

	private final transient HttpHeaders headers;

	/**
	 * Creates an exception for an answer.
	 * @param message what came and what was expected
	 * @param status the status of the answer, or {@code null} if there was none
	 * @param headers the headers of the answer, or none
	 * @param cause what the library threw, or {@code null}
	 */
	public ConnectFailedException(String message, @Nullable HttpStatusCode status, HttpHeaders headers,
			@Nullable Throwable cause) {
		super(message, cause);
		this.status = status;
		this.headers = HttpHeaders.readOnlyHttpHeaders(headers);
	}

	/**
	 * Creates an exception where nothing has answered, or not in time.
	 * @param message what was tried
	 * @param cause why it failed
	 */
	public ConnectFailedException(String message, @Nullable Throwable cause) {
		this(message, null, HttpHeaders.EMPTY, cause);
	}

	/**
	 * Returns the status of the answer.
	 * @return the status, such as 401, or 101 if the answer was none of a WebSocket;
	 * {@code null} if there was no answer
	 */
	public @Nullable HttpStatusCode status() {
		return this.status;
	}

	/**
	 * Returns the headers of the answer.
	 * @return the headers, read-only; none if there was no answer, or the library keeps
	 * them to itself
	 */
	public HttpHeaders headers() {
		return (this.headers != null) ? this.headers : HttpHeaders.EMPTY;
	}

}
