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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import dev.halley.connection.LoginSource;

/**
 * The logins of the requests that Spring MVC is at.
 */
final class RequestLogins implements LoginSource {

	private final TokenReader tokens;

	private final SessionStores stores;

	RequestLogins(TokenReader tokens, SessionStores stores) {
		this.tokens = tokens;
		this.stores = stores;
	}

	@Override
	public Found current() {
		HttpServletRequest request = request();
		if (request == null) {
			return Found.NOTHING;
		}
		HttpSession session = request.getSession(false);
		Principal user = request.getUserPrincipal();
		Object identity = (user != null) ? this.tokens.identity(user) : null;
		Instant expiresAt = (user != null) ? this.tokens.expiresAt(user) : null;
		return (session != null) ? new Found(identity, session.getId(), this.stores.of(request), expiresAt)
				: new Found(identity, null, null, expiresAt);
	}

	static @Nullable HttpServletRequest request() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? attributes.getRequest() : null;
	}

	@Override
	public @Nullable Found verify(String token) {
		return this.tokens.verify(token);
	}

	@Override
	public Found of(Principal user) {
		return new Found(this.tokens.identity(user), null, null, this.tokens.expiresAt(user));
	}

}
