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
			"{token: [\"x1\"], n: 1} | {token: ******",
			"{'tokens': ['a]x1', 'x2'], 'n': 1} | {'tokens': ******, 'n': 1}" })
	void leavesOutTheValue(String text, String masked) {
		assertThat(this.masking.text(text)).isEqualTo(masked).doesNotContain("x1", "x2");
	}

	/** As writers of JSON escape what may stand in HTML, or is not ASCII. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"{\"url\":\"/?token\\u003dx1\\u0026b\\u003d2\"} | {\"url\":\"/?token=******&b=2\"}",
			"{\"a\":\"{\\u0022token\\u0022:\\u0022y\\\\u0022x1\\u0022,\\u0022n\\u0022:1}\"} "
					+ "| {\"a\":\"{\\\"token\\\":******,\\\"n\\\":1}\"}",
			"{\"a\":\"{\\u0022token\\u0022:\\u0022y\\\\\\u0022x1\\u0022,\\u0022n\\u0022:1}\"} "
					+ "| {\"a\":\"{\\\"token\\\":******,\\\"n\\\":1}\"}",
			"{\"a\":\"{\\\"b\\\":\\\"{\\\\u0022token\\\\u0022:\\\\u0022x1\\\\u0022,\\\\u0022n\\\\u0022:1}\\\"}\"} "
					+ "| {\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":******,\\\\\\\"n\\\\\\\":1}\\\"}\"}",
			"{\"token\":\"y\\u0022x1\",\"n\":1} | {\"token\":******,\"n\":1}",
			"{\"api\\u005fkey\":\"x1\"} | {\"api_key\":******}",
			"{\"a\":\"{\\\"t\\\\u006fken\\\":\\\"x1\\\"}\"} " + "| {\"a\":\"{\\\"token\\\":******}\"}" })
	void readsWhatIsEscaped(String text, String masked) {
		assertThat(this.masking.text(text)).isEqualTo(masked).doesNotContain("x1", "x2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"token value\":\"x1\",\"n\":1} | {\"token value\":******,\"n\":1}",
					"{\"password (again), please!\":\"x1\"} | {\"password (again), please!\":******}",
					"{\"a\":\"{\\\"token value\\\":\\\"x1\\\"}\"} | {\"a\":\"{\\\"token value\\\":******}\"}",
					"{\"a\":\"my token is\",\"token/b\":\"x1\"} | {\"a\":\"my token is\",\"token/b\":******}",
					"{\"api key\":\"x1\"} | {\"api key\":******}", "api.key = x1 | api.key = ******" })
	void namesMayBeOfAnyCharacters(String text, String masked) {
		assertThat(this.masking.text(text)).isEqualTo(masked).doesNotContain("x1");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "token=a)x1,'x2&b=2 | token=******&b=2", "token='a'x1&b=2 | token=******&b=2",
					"token=[a]x1&b=2 | token=******&b=2", "token => 'x1' | token => ******",
					"{\"token\"=>\"x1\", 1} | {\"token\"=>****** 1}",
					"a=%2F%3Ftoken%3Dx1%26b%3D2&c=3 | a=%2F%3Ftoken%3D******&c=3",
					"a=%252F%253Ftoken%253dx1%2526b&c=3 | a=%252F%253Ftoken%253d******&c=3",
					"a=%7B%22token%22%3A%22x1%22%7D&c=3 | a=%7B%22token%22%3A******&c=3",
					"{\"a\":\"/%3Ftoken%3Dx1\",\"n\":1} | {\"a\":\"/%3Ftoken%3D******\",\"n\":1}" })
	void parametersMayHaveAllThatNeedsNoEncoding(String text, String masked) {
		assertThat(this.masking.text(text)).isEqualTo(masked).doesNotContain("x1", "x2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"пароль\":\"x1\"}", "{\"ПАРОЛЬ\":\"x1\"}",
			"{\"\\u043f\\u0430\\u0440\\u043e\\u043b\\u044c\":\"x1\"}", "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C=x1",
			"%d0%9f%d0%b0%d1%80%d0%be%d0%bb%d1%8c=x1", "पासवर्ड=x1", "पासवर्डों=x1",
			"{\"\\u092a\\u093e\\u0938\\u0935\\u0930\\u094d\\u0921\":\"x1\"}" })
	void namesMayBeOfAnyAlphabet(String text) {
		assertThat(new Masking(List.of("пароль", "पासवर्ड")).text(text)).doesNotContain("x1").contains(Masking.MASK);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"token\":\"x1", "{\"token\":\"x1\\", "{\"token\":[\"x1\",\"", "{\"token\": x1",
			"token=x1", "{\"a\":\"{\\\"token\\\":\\\"x1", "{\"a\":\"{\\\"tokens\\\":[\\\"y]\\\",\\\"x1\\\"]}\"}" })
	void aValueThatIsCutGoesToTheEnd(String text) {
		assertThat(this.masking.text(text)).doesNotContain("x1").endsWith(Masking.MASK);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"token\",\"text\":\"hi\"}", "hello", "", "{\"text\":\"my password is here\"}",
			"token", "{\"token\"", "\\u0041\\u000a\\u009b\\u2028\\u202e\\u005c", "{\"a\":\"token b\",\"c\":1}",
			"token \"a\":1" })
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
	@ValueSource(strings = { "token", "token ", "token\\", "token:", "\"token\":[", "\"token\":\"", "token a",
			"token a\"", "token%", "token%25", "\\", "\\u0022token", "token=[", "token='" })
	void takesLongTextsInItsStride(String part) {
		assertThat(this.masking.text(part.repeat(200_000) + "x\\u0041")).isNotNull();
	}

}
