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

package dev.halley.comet;

import java.io.Serial;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/**
 * The name of a callback is none that can be called safely. Callbacks often come from the
 * request, so that the answer is 400 unless an exception handler says otherwise.
 *
 * @since 0.1
 */
public class InvalidCallbackException extends IllegalArgumentException implements ErrorResponse {

	@Serial
	private static final long serialVersionUID = 1L;

	InvalidCallbackException(IllegalArgumentException cause) {
		super(cause.getMessage(), cause);
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return HttpStatus.BAD_REQUEST;
	}

	/**
	 * Returns the body of the answer, which repeats nothing of the request.
	 */
	@Override
	public ProblemDetail getBody() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"The callback must be identifiers joined by dots, such as parent.cometMessage");
	}

	static CometMarkup check(String callback) {
		return CometMarkup.of(checkName(callback).value());
	}

	static CallbackName checkName(String callback) {
		try {
			return new CallbackName(callback);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidCallbackException(ex);
		}
	}

}
