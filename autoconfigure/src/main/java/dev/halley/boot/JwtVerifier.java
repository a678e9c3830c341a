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
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

import dev.halley.connection.LoginSource.Found;

/**
 * Verifies JWTs with the application's decoder.
 */
final class JwtVerifier implements TokenVerifier {

	private final ObjectProvider<JwtDecoder> decoders;

	JwtVerifier(ObjectProvider<JwtDecoder> decoders) {
		this.decoders = decoders;
	}

	@Override
	public boolean isUsed() {
		return this.decoders.getIfUnique() != null;
	}

	@Override
	public @Nullable Found verify(String token) {
		try {
			Jwt jwt = this.decoders.getObject().decode(token);
			return new Found(OAuth2Tokens.identity(jwt), null, null, jwt.getExpiresAt());
		}
		catch (BadJwtException ex) {
			return null;
		}
	}

}
