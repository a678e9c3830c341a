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

package dev.halley.web;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

import dev.halley.websocket.HandshakeRules;

/**
 * The subprotocols of an endpoint.
 *
 * @param names their names, the preferred first
 * @param required whether one must be agreed on
 */
record Subprotocols(List<String> names, boolean required) {

	/**
	 * Checks what a mapping declares.
	 * @param method the method of the mapping
	 * @param names the names
	 * @param required whether one must be agreed on
	 * @return the subprotocols
	 * @throws InvalidMappingException if no handshake could ever agree on one of them
	 */
	static Subprotocols of(EndpointMethod method, List<String> names, boolean required) {
		for (String name : names) {
			if (!HandshakeRules.isToken(name)) {
				throw method.invalid("subprotocol '" + name + "' is no token of RFC 9110",
						"letters, digits and any of !#$%&'*+-.^_`|~");
			}
			if (names.indexOf(name) != names.lastIndexOf(name)) {
				throw method.invalid("subprotocol '" + name + "' is listed twice", "each subprotocol once");
			}
		}
		if (required && names.isEmpty()) {
			throw method.invalid("a subprotocol is required, but none is listed", "at least one in 'subprotocols'");
		}
		return new Subprotocols(names, required);
	}

	/**
	 * Chooses the first of the names that the client offered.
	 * @param offered what the client offered
	 * @return the choice, or {@code null} if there is none
	 * @throws HandshakeRefusedException if there is none but one is required, or if the
	 * offer is malformed
	 */
	@Nullable String choose(List<String> offered) {
		if (!offered.stream().allMatch(HandshakeRules::isToken)) {
			throw new HandshakeRefusedException(HttpStatus.BAD_REQUEST, "Malformed Sec-WebSocket-Protocol");
		}
		String chosen = this.names.stream().filter(offered::contains).findFirst().orElse(null);
		if (chosen == null && this.required) {
			throw new HandshakeRefusedException(HttpStatus.BAD_REQUEST,
					"None of the offered subprotocols is spoken here");
		}
		return chosen;
	}

}
