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

import java.security.Principal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.halley.connection.LoginSource.Found;

/**
 * Knows the tokens that users are authenticated by. Without Spring Security there are
 * none.
 */
interface TokenReader {

	/**
	 * No user has a token.
	 */
	TokenReader NONE = new TokenReader() {
	};

	/** What equals that of the same user, or {@code null} for one that none equals. */
	default @Nullable Object identity(Principal user) {
		return user.getName();
	}

	/** When the user's token expires, or {@code null} if it does not. */
	default @Nullable Instant expiresAt(Principal user) {
		return null;
	}

	/** As {@link dev.halley.connection.LoginSource#verify}. */
	default @Nullable Found verify(String token) {
		throw new IllegalStateException("Nothing verifies tokens here"
				+ " (expected: a JwtDecoder or an OpaqueTokenIntrospector as a bean, or Login.renew with an Authentication)");
	}

}
