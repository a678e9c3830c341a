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
import java.time.Instant;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Knows the logins of requests. Auto-configuration provides one that knows HTTP sessions
 * and, where Spring Security's resource server is there, its tokens.
 * <p>
 * May be called by several threads at the same time.
 *
 * @since 0.1
 */
public interface LoginSource {

	/**
	 * Returns what the request of the current thread is logged in by. Starts no session.
	 * @return the login, or {@link Found#NOTHING} if there is none, or no request
	 */
	Found current();

	/**
	 * Verifies a token.
	 * @param token the token
	 * @return whose it is, or {@code null} if it is not valid
	 * @throws IllegalStateException if there is nothing that verifies tokens
	 * @throws RuntimeException if it could not be verified now
	 */
	@Nullable Found verify(String token);

	/**
	 * Tells whose login an authenticated user has.
	 * @param user the user
	 * @return the login, without a session
	 */
	Found of(Principal user);

	/**
	 * What a login consists of.
	 *
	 * @param user equals that of the same user; {@code null} if nobody is logged in
	 * @param session the id of the HTTP session, or {@code null} if there is none
	 * @param sessions where that session is to be looked for now and then; {@code null}
	 * if its end is sure to be told
	 * @param expiresAt when the token expires; {@code null} if it does not, or there is
	 * none
	 */
	record Found(@Nullable Object user, @Nullable String session, @Nullable Sessions sessions,
			@Nullable Instant expiresAt) {

		/**
		 * No login.
		 */
		public static final Found NOTHING = new Found(null, null, null, null);

	}

	/**
	 * A store of HTTP sessions that may lose one without a word. May block.
	 */
	interface Sessions {

		/**
		 * Whether a session is there, and has not expired. Does not count as an access.
		 * @param id its id
		 * @return whether it is there
		 */
		boolean exists(String id);

		/**
		 * Notes that a session is in use, as a request would. Does not bring back one
		 * that has ended meanwhile.
		 * @param id its id
		 * @param gone tells afterwards whether the session has been seen to end, or to
		 * get another id, since this was called
		 * @return whether it is there
		 */
		boolean touch(String id, BooleanSupplier gone);

	}

}
