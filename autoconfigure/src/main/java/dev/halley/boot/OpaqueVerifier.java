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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

import dev.halley.connection.LoginSource.Found;

/**
 * Verifies opaque tokens with the application's introspector.
 */
final class OpaqueVerifier implements TokenVerifier {

	private final ObjectProvider<OpaqueTokenIntrospector> introspectors;

	OpaqueVerifier(ObjectProvider<OpaqueTokenIntrospector> introspectors) {
		this.introspectors = introspectors;
	}

	@Override
	public boolean isUsed() {
		return this.introspectors.getIfUnique() != null;
	}

	@Override
	public @Nullable Found verify(String token) {
		try {
			OAuth2AuthenticatedPrincipal user = this.introspectors.getObject().introspect(token);
			return new Found(OAuth2Tokens.identity(user), null, null, OAuth2Tokens.expiresAt(user));
		}
		catch (BadOpaqueTokenException ex) {
			return null;
		}
	}

}
