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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Where the nonce of a Comet stream's scripts comes from.
 *
 * @param attribute the name of a request attribute that holds it; empty for none
 * @param fromPolicy whether the {@code Content-Security-Policy} headers of the response
 * are searched for it, if the attribute has none
 * @since 0.1
 */
public record CometNonce(String attribute, boolean fromPolicy) {

	/**
	 * Scripts without a nonce.
	 */
	public static final CometNonce NONE = new CometNonce("", false);

	private static final String POLICY = "Content-Security-Policy";

	/**
	 * Finds the nonce, when the headers of the response are complete.
	 * @param request the request
	 * @param response the response
	 * @return the nonce, or {@code null} if there is none
	 */
	public @Nullable String find(HttpServletRequest request, HttpServletResponse response) {
		Object value = this.attribute.isEmpty() ? null : request.getAttribute(this.attribute);
		if (value != null) {
			return value.toString();
		}
		return this.fromPolicy ? CspNonce.find(response.getHeaders(POLICY)).orElse(null) : null;
	}

}
