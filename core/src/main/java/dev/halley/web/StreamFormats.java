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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;

import dev.halley.stream.StreamFormat;

/**
 * Chooses the format of an endpoint's streams.
 */
@FunctionalInterface
interface StreamFormats {

	/**
	 * Reads a request, before the method runs.
	 * @param request the request
	 * @return the format, but for what the response decides
	 * @throws RuntimeException the answer, if the request is refused
	 */
	Pending forRequest(HttpServletRequest request);

	/**
	 * A format that waits for its response: it is completed, and the response's headers
	 * with it, when all filters have set theirs.
	 */
	@FunctionalInterface
	interface Pending {

		/**
		 * Completes the format.
		 * @param response the response, whose head is about to be written
		 * @param given the headers that the application chose for this response
		 * @return the format
		 */
		StreamFormat complete(HttpServletResponse response, HttpHeaders given);

	}

}
