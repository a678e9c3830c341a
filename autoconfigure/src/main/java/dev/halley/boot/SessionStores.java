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

package dev.halley.boot;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.LoginSource.Sessions;

/**
 * Knows where the HTTP session of a request is to be looked for.
 */
@FunctionalInterface
interface SessionStores {

	/**
	 * All sessions are the server's own, which tells of their end.
	 */
	SessionStores NONE = (request) -> null;

	/**
	 * Returns the store of a request's session.
	 * @param request the request
	 * @return the store, or {@code null} if the server tells of its end
	 */
	@Nullable Sessions of(HttpServletRequest request);

}
