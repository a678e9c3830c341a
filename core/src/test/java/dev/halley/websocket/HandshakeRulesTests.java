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

package dev.halley.websocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandshakeRules}.
 */
class HandshakeRulesTests {

	private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	/** The example of RFC 6455 section 1.3. */
	@Test
	void aKeyIsAnswered() {
		this.request.addHeader("Sec-WebSocket-Key", " " + KEY + " ");
		assertThat(HandshakeRules.key(this.request)).isEqualTo(KEY);
		assertThat(HandshakeRules.accept(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "c2hvcnQ=", "!!!!IHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ",
			"dGhlIHNhbXBsZSBub25jZQ== ,", "dGhlIHNhbXBsZSBub25jZXM=" })
	void whatIsNot16BytesInBase64IsNoKey(String key) {
		this.request.addHeader("Sec-WebSocket-Key", key);
		assertThat(HandshakeRules.key(this.request)).isNull();
	}

	@Test
	void noKeyAndTwoKeysAreNone() {
		assertThat(HandshakeRules.key(this.request)).isNull();
		this.request.addHeader("Sec-WebSocket-Key", KEY);
		this.request.addHeader("Sec-WebSocket-Key", KEY);
		assertThat(HandshakeRules.key(this.request)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", ", a;b ,", "a; b=c; d=\"e\", f" })
	void extensionsAreRead(String value) {
		this.request.addHeader("Sec-WebSocket-Extensions", value);
		this.request.addHeader("Sec-WebSocket-Extensions", "x");
		assertThat(HandshakeRules.hasReadableExtensions(this.request)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "a;", "a; =b", "a; b=\"\"", "a; b=\"c d\"", "a; b=\"c", "@" })
	void malformedExtensionsAreNot(String value) {
		this.request.addHeader("Sec-WebSocket-Extensions", "x");
		this.request.addHeader("Sec-WebSocket-Extensions", value);
		assertThat(HandshakeRules.hasReadableExtensions(this.request)).isFalse();
	}

	@Test
	void tokensHaveNoSeparators() {
		assertThat(HandshakeRules.isToken("permessage-deflate!#$%&'*+.^_`|~")).isTrue();
		assertThat(HandshakeRules.isToken("")).isFalse();
		assertThat(HandshakeRules.isToken("a b")).isFalse();
		assertThat(HandshakeRules.isToken("a=b")).isFalse();
		assertThat(HandshakeRules.isToken("ä")).isFalse();
	}

}
