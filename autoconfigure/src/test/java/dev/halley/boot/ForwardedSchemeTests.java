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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForwardedScheme}.
 */
class ForwardedSchemeTests {

	@ParameterizedTest
	@CsvSource(delimiter = '>', value = { "wss > https", "ws > http", "WSS > https", "https > https", "wsx > wsx",
			"'https, wss' > 'https, https'", "'ws , wss,http' > 'http , https,http'", "aws > aws", "'' > ''" })
	void aSchemeOfWebSocketsIsOneOfPages(String before, String after) {
		assertThat(ForwardedScheme.normalize("X-Forwarded-Proto", before)).isEqualTo(after);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '>',
			value = { "proto=wss > proto=https", "'for=a; Proto=\"ws\";by=b' > 'for=a; Proto=\"http\";by=b'",
					"'proto=wss, for=x;proto=ws' > 'proto=https, for=x;proto=http'", "host=wss > host=wss",
					"for=proto=wss > for=proto=wss", "proto=wsx > proto=wsx" })
	void soItIsAmongOtherThings(String before, String after) {
		assertThat(ForwardedScheme.normalize("Forwarded", before)).isEqualTo(after);
	}

	@Test
	void nothingIsDoneWhereNobodyReadsTheHeaders() {
		MockEnvironment environment = new MockEnvironment();
		assertThat(ForwardedScheme.isNeeded(environment)).isTrue();
		environment.setProperty("server.forward-headers-strategy", "NONE");
		assertThat(ForwardedScheme.isNeeded(environment)).isFalse();
	}

	@Test
	void nothingIsDoneWhereTheServerIsToldOfTheScheme() {
		MockEnvironment environment = new MockEnvironment();
		environment.setProperty("server.tomcat.remoteip.protocolHeaderHttpsValue", "wss");
		assertThat(ForwardedScheme.isNeeded(environment)).isFalse();
	}

	@Test
	void anotherHeaderMayNameTheScheme() {
		MockEnvironment environment = new MockEnvironment();
		assertThat(ForwardedScheme.headers(environment)).containsExactly("X-Forwarded-Proto");
		environment.setProperty("server.tomcat.remoteip.protocol-header", "X-Scheme");
		assertThat(ForwardedScheme.headers(environment)).containsExactly("X-Forwarded-Proto", "X-Scheme");
	}

}
