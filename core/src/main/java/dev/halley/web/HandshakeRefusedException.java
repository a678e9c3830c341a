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

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A request was refused before the method ran: a handshake that is malformed (400), from
 * a foreign origin (403), without an upgrade or of another version (426, over HTTP/2
 * 400), or a connection too many, of any kind (503).
 * <p>
 * That is an answer and no failure. An {@code @ExceptionHandler} that names this type, or
 * {@link ErrorResponseException} as {@code ResponseEntityExceptionHandler} does, decides
 * on it; one for all exceptions is passed over. Without one the answer has the status and
 * the headers, and the detail as {@code application/problem+json}; a browser that asks
 * for a page gets the application's page for errors.
 * <p>
 * Its detail is fixed text that repeats nothing of the request.
 *
 * @since 0.1
 */
public class HandshakeRefusedException extends ErrorResponseException {

	@Serial
	private static final long serialVersionUID = 1L;

	HandshakeRefusedException(HttpStatus status, String detail) {
		this(status, detail, (Throwable) null);
	}

	HandshakeRefusedException(HttpStatus status, String detail, @Nullable Throwable cause) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), cause);
	}

	HandshakeRefusedException(HttpStatus status, String detail, HttpHeaders headers) {
		this(status, detail);
		getHeaders().putAll(headers);
	}

}
