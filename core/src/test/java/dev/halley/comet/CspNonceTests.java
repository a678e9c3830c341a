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

package dev.halley.comet;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CspNonce}.
 */
class CspNonceTests {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
			script-src 'nonce-abc'                                            | abc
			default-src 'self'; script-src 'self' 'nonce-r4nd0m+/=='; x y     | r4nd0m+/==
			default-src 'nonce-url-safe_'                                     | url-safe_
			DEFAULT-SRC 'self'; Script-Src 'NONCE-AbC'                        | AbC
			default-src 'nonce-a'; script-src 'nonce-b'                       | b
			script-src 'nonce-a'; script-src-elem 'nonce-b'                   | b
			script-src 'nonce-a' 'nonce-b'                                    | a
			script-src 'nonce-a'; script-src 'nonce-b'                        | a
			;; ;script-src   'strict-dynamic'   'nonce-a'  ;                  | a
			style-src 'nonce-s', script-src 'nonce-a'                         | a
			script-src 'nonce-a' 'nonce-b', script-src 'nonce-b'              | b
			script-src 'nonce-a', script-src 'self'                           | a
			""")
	void nonceOfInlineScriptsIsFound(String policies, String nonce) {
		assertThat(CspNonce.find(List.of(policies))).hasValue(nonce);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";", ",", "script-src", "script-src 'self'", "style-src 'nonce-s'",
			"default-src 'nonce-a'; script-src 'self'", "script-src 'nonce-a'; script-src-elem 'none'",
			"script-src nonce-a", "script-src 'nonce-'", "script-src 'nonce-a\"b'", "script-src 'nonce-a===b'",
			"script-src x'nonce-a'", "script-src 'nonce-a'x", "script-src-attr 'nonce-a'",
			"script-src 'nonce-a', script-src 'nonce-b'" })
	void policyWithoutOneUsableNonceGivesNone(String policies) {
		assertThat(CspNonce.find(List.of(policies))).isEmpty();
	}

	@Test
	void noHeaderGivesNone() {
		assertThat(CspNonce.find(List.of())).isEmpty();
	}

	@Test
	void severalHeadersCountLikeSeveralPolicies() {
		assertThat(
				CspNonce.find(List.of("script-src 'nonce-a' 'nonce-b'", "img-src *", "script-src 'nonce-b' 'nonce-c'")))
			.hasValue("b");
	}

	@Test
	void hugePolicyIsReadInLinearTime() {
		String policy = "script-src " + "'nonce-".repeat(200_000) + "a".repeat(1_000_000) + " 'nonce-z'";
		assertThat(CspNonce.find(List.of(policy))).hasValue("z");
	}

}
