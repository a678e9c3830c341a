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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which origins are the application's own, and which match a pattern.
 */
class AllowedOriginsTests {

	@ParameterizedTest
	@CsvSource({ "http, example.org, 80, http://example.org, true",
			"http, example.org, 80, http://EXAMPLE.org:80, true", "https, example.org, 443, https://example.org, true",
			"https, example.org, 443, http://example.org, false",
			"https, example.org, 8443, https://example.org, false",
			"https, example.org, 8443, https://example.org:8443, true",
			"http, example.org, 80, http://www.example.org, false", "http, ::1, 8080, http://[::1]:8080, true",
			"http, [::1], 8080, http://[::1]:8080, true", "http, example.org, 80, http://example.org:99999, false",
			"http, example.org, 80, http://example.org#, false", "http, example.org, 80, //example.org, false",
			"http, example.org, 80, http://exam ple.org, false" })
	void withoutPatternsOnlyTheOwnOriginIsAllowed(String scheme, String host, int port, String origin,
			boolean allowed) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setScheme(scheme);
		request.setServerName(host);
		request.setServerPort(port);
		assertThat(AllowedOrigins.of(List.of()).allows(origin, request)).isEqualTo(allowed);
	}

	@ParameterizedTest
	@CsvSource({ "https://example.org, https://example.org, true", "https://example.org, https://example.org:443, true",
			"https://example.org, https://example.org:444, false",
			"https://Example.org:*, https://example.org:444, true",
			"https://*.example.org, https://a.b.example.org, true", "https://*.example.org, https://example.org, false",
			"https://*.example.org, https://.example.org, false",
			"https://*.example.org, https://evilexample.org, false",
			"https://*.example.org, https://a.exampleXorg, false", "https://*, https://anything.at.all, true",
			"https://*, http://anything.at.all, false", "https://app-*.org, https://app-1.org, true",
			"chrome-extension://abcdef, chrome-extension://abcdef, true", "https://[::1]:9, https://[::1]:9, true" })
	void aPatternAllowsWhatItMatches(String pattern, String origin, boolean allowed) {
		assertThat(
				AllowedOrigins.of(List.of("https://first.org", pattern)).allows(origin, new MockHttpServletRequest()))
			.isEqualTo(allowed);
	}

	@Test
	void aHostThatIsLongerThanAnyNameIsNone() {
		AllowedOrigins origins = AllowedOrigins.of(List.of("https://*.*.*.*.org"));
		String host = "a.".repeat(124) + ".org";
		assertThat(origins.allows("https://a" + host, new MockHttpServletRequest())).isTrue();
		assertThat(origins.allows("https://ab" + host, new MockHttpServletRequest())).isFalse();
	}

	@Test
	void theOwnOriginIsAllowedBesidesPatterns() {
		assertThat(AllowedOrigins.of(List.of("https://example.org"))
			.allows("http://localhost", new MockHttpServletRequest())).isTrue();
	}

	@Test
	void anAsteriskAllowsAllThatIsWellFormed() {
		AllowedOrigins all = AllowedOrigins.of(List.of("*"));
		assertThat(all.allows("https://example.org", new MockHttpServletRequest())).isTrue();
		assertThat(all.allows("null", new MockHttpServletRequest())).isTrue();
		assertThat(all.allows("garbage", new MockHttpServletRequest())).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "example.org", "https://example.org/", "https://", "https://example.org:port",
			"*://example.org", "https://user@example.org", "null", "**" })
	void whatIsNoPatternIsRefused(String pattern) {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> AllowedOrigins.of(List.of(pattern)))
			.withMessageContaining("'" + pattern + "' (expected: ");
	}

}
