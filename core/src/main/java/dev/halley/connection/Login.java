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

import org.jspecify.annotations.Nullable;

/**
 * The login that a connection began with, and which it does not outlive: when its HTTP
 * session ends, or its token has expired, the connection is closed with 1008. A parameter
 * of this type of a mapped method gets the one of its connection, and may hand it a fresh
 * token.
 * <p>
 * Thread-safe; does nothing once the connection is gone.
 *
 * @since 0.1
 */
public interface Login {

	/**
	 * Returns when the connection ends with its token.
	 * @return when the token expires, to which a grace is added; {@code null} if it does
	 * not expire, or the login has no token
	 */
	@Nullable Instant expiresAt();

	/**
	 * Takes a fresh token in place of the one that the connection has: from now on it is
	 * the fresh one whose expiry counts. What the application's code finds as its
	 * security context stays that of the handshake. A token that is not valid, or is one
	 * of another user, closes the connection with 1008. May block, for as long as it
	 * takes to verify a token.
	 * @param token the token, as it would be in {@code Authorization: Bearer}
	 * @return whether it was taken
	 * @throws IllegalStateException if there is nothing that verifies tokens
	 * @throws RuntimeException if the token could not be verified now, and the one before
	 * still counts
	 */
	boolean renew(String token);

	/**
	 * As {@link #renew(String)}, for a token that the application has verified itself.
	 * @param user who was authenticated by the fresh token; with Spring Security an
	 * {@code Authentication}, which has the token as its credentials
	 * @return whether it was taken; {@code false} if it is another user
	 */
	boolean renew(Principal user);

}
