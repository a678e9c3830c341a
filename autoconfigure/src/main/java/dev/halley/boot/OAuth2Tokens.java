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
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.util.StringUtils;

import dev.halley.connection.LoginSource.Found;

/**
 * Reads the tokens of an OAuth 2 resource server: a user has one if it is the user's
 * credentials. Who logs in with OAuth 2 has an HTTP session, and no token here.
 */
final class OAuth2Tokens implements TokenReader {

	private static final String EXPIRY = "exp";

	private static final String ISSUER = "iss";

	private static final String SUBJECT = "sub";

	private final ObjectProvider<TokenVerifier> verifiers;

	OAuth2Tokens(ObjectProvider<TokenVerifier> verifiers) {
		this.verifiers = verifiers;
	}

	@Override
	public @Nullable Object identity(Principal user) {
		if (user instanceof Authentication authentication
				&& authentication.getCredentials() instanceof OAuth2Token token) {
			if (token instanceof ClaimAccessor claims && claims.hasClaim(SUBJECT)) {
				return identity(claims);
			}
			if (authentication.getPrincipal() instanceof OAuth2AuthenticatedPrincipal principal) {
				return identity(principal);
			}
		}
		return identity(user.getName());
	}

	/** Tokens without a subject have no name or an empty one, which is nobody's. */
	private static @Nullable Object identity(@Nullable String name) {
		return StringUtils.hasLength(name) ? name : null;
	}

	/** A subject is unique for its issuer only (RFC 7519 section 4.1.2). */
	static @Nullable Object identity(ClaimAccessor claims) {
		String subject = claims.getClaimAsString(SUBJECT);
		return StringUtils.hasLength(subject) ? List.of(issuer(claims.getClaimAsString(ISSUER)), subject) : null;
	}

	/** Introspection tells a subject if it likes (RFC 7662 section 2.2). */
	static @Nullable Object identity(OAuth2AuthenticatedPrincipal principal) {
		String name = principal.getName();
		return StringUtils.hasLength(name) ? List.of(issuer(principal.getAttribute(ISSUER)), name) : null;
	}

	private static String issuer(@Nullable Object issuer) {
		return Objects.toString(issuer, "");
	}

	@Override
	public @Nullable Instant expiresAt(Principal user) {
		if (user instanceof Authentication authentication
				&& authentication.getCredentials() instanceof OAuth2Token token) {
			Instant expiresAt = token.getExpiresAt();
			return (expiresAt == null
					&& authentication.getPrincipal() instanceof OAuth2AuthenticatedPrincipal principal)
							? expiresAt(principal) : expiresAt;
		}
		return null;
	}

	static @Nullable Instant expiresAt(OAuth2AuthenticatedPrincipal principal) {
		return (principal.getAttribute(EXPIRY) instanceof Instant instant) ? instant : null;
	}

	@Override
	public @Nullable Found verify(String token) {
		List<TokenVerifier> used = this.verifiers.orderedStream().filter(TokenVerifier::isUsed).toList();
		if (used.isEmpty()) {
			return TokenReader.super.verify(token);
		}
		for (TokenVerifier verifier : used) {
			Found found = verifier.verify(token);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

}
