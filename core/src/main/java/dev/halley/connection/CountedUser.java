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

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Tells as whose connection one counts against {@link ConnectionLimits#perUser()}. With
 * Spring Boot a bean of this type replaces the default, {@link #PRINCIPAL}: by the API
 * key of a request, for one, or by the customer that its user belongs to.
 * <p>
 * Called at most once for each request, on its thread, after it has passed the checks and
 * before a mapped method runs (an ordinary method that returns a stream has run by then);
 * by several threads at the same time. What it throws is the answer to the request; that
 * of a handshake for one of Spring's own handlers Spring wraps.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface CountedUser {

	/**
	 * The name of the authenticated user, for all who are.
	 */
	CountedUser PRINCIPAL = (request, user) -> (user != null) ? user.getName() : null;

	/**
	 * Names who counts.
	 * @param request the handshake, or the request for a stream
	 * @param user the authenticated user, or {@code null} if there is none
	 * @return a name, the same for all connections that are counted together, or
	 * {@code null} if this one is nobody's
	 */
	@Nullable String of(HttpServletRequest request, @Nullable Principal user);

}
