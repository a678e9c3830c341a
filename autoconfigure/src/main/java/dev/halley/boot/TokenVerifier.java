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

import dev.halley.connection.LoginSource.Found;

/**
 * Verifies one kind of token.
 */
interface TokenVerifier {

	/**
	 * Whether the application verifies tokens of this kind.
	 */
	boolean isUsed();

	/**
	 * Verifies a token.
	 * @param token the token
	 * @return whose it is, or {@code null} if it is not valid
	 * @throws RuntimeException if it could not be verified now
	 */
	@Nullable Found verify(String token);

}
