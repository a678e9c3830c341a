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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Masking}.
 */
class MaskingTests {

	private final Masking masking = new Masking(List.of("password", "token", "authorization", "api_key"));

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"{\"password\":\"x1\",\"text\":\"hi\"} | {\"password\":******,\"text\":\"hi\"}",
			"{ \"newPassword\" : \"x1\" } | { \"newPassword\" : ****** }",
			"{\"PASSWORD\":\"a\\\"x1\\\\\",\"n\":1} | {\"PASSWORD\":******,\"n\":1}",
			"{\"accessToken\":12345,\"n\":1} | {\"accessToken\":******,\"n\":1}",
			"{\"token\":null} | {\"token\":******}",
			"{\"tokens\":[\"x1\",{\"a\":\"x]2\"}],\"n\":1} | {\"tokens\":******,\"n\":1}",
			"{\"token\":{\"a\":[\"x}1\"]},\"n\":1} | {\"token\":******,\"n\":1}",
			"{\"token_of\":{},\"n\":1} | {\"token_of\":******,\"n\":1}",
			"[{\"token\":\"x1\"},{\"token\":\"x2\"}] | [{\"token\":******},{\"token\":******}]",
			"{\"a\":\"{\\\"token\\\":\\\"x1\\\",\\\"n\\\":1}\"} | {\"a\":\"{\\\"token\\\":******,\\\"n\\\":1}\"}",
			"{\"pass\\u0077ord\":\"x1\"} | {\"password\":******}",
			"{'token': 'x1', 'n': 1} | {'token': ******, 'n': 1}", "a=1&token=x1&b=2 | a=1&token=******&b=2",
			"user[password]=x1&b=2 | user[password]=******&b=2", "Authorization: Bearer x1 | Authorization: ******",
			"{token: [\"x1\"], n: 1} | {token: ******" })
	void leavesOutTheValue(String text, String masked) {
		assertThat(this.masking.text(text)).isEqualTo(masked).doesNotContain("x1", "x2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"token\":\"x1", "{\"token\":\"x1\\", "{\"token\":[\"x1\",\"", "{\"token\": x1",
			"token=x1", "{\"a\":\"{\\\"token\\\":\\\"x1", "{\"a\":\"{\\\"tokens\\\":[\\\"y]\\\",\\\"x1\\\"]}\"}" })
	void aValueThatIsCutGoesToTheEnd(String text) {
		assertThat(this.masking.text(text)).doesNotContain("x1").endsWith(Masking.MASK);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"token\",\"text\":\"hi\"}", "hello", "", "{\"text\":\"my password is here\"}",
			"token", "{\"token\"", "\\u0041\\u00e9" })
	void leavesAllElseAsItIs(String text) {
		assertThat(this.masking.text(text)).isEqualTo(text.replace("\\u0041", "A"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "api_key", "apiKey", "API-KEY", "X-Api-Key", "apikeys" })
	void takesOneWordForSeveral(String name) {
		assertThat(this.masking.text(name + "=x1")).isEqualTo(name + "=******");
		assertThat(this.masking.header(name, "x1")).isEqualTo(Masking.MASK);
	}

	@Test
	void ofHeadersOfATextLeavesOutTheLine() {
		assertThat(this.masking.text("Authorization: Digest a=\"x1\", b=\"x2\"\r\nHost: here"))
			.isEqualTo("Authorization: ******\r\nHost: here");
	}

	@Test
	void looksIntoTheValuesOfOtherHeaders() {
		assertThat(this.masking.header("X-Token", "x1")).isEqualTo(Masking.MASK);
		assertThat(this.masking.header("Referer", "https://example.com/?token=x1&a=b"))
			.isEqualTo("https://example.com/?token=******&a=b");
	}

	@Test
	void withoutNamesNothingIsLeftOut() {
		assertThat(new Masking(List.of()).text("token=x1")).isEqualTo("token=x1");
		assertThat(new Masking(List.of()).header("Authorization", "x1")).isEqualTo("x1");
	}

	/** With time that is not linear this would take minutes. */
	@ParameterizedTest
	@ValueSource(strings = { "token", "token ", "token\\", "token:", "\"token\":[", "\"token\":\"" })
	void takesLongTextsInItsStride(String part) {
		assertThat(this.masking.text(part.repeat(200_000))).isNotNull();
	}

}
