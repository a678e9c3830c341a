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

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link ConnectionFilter}.
 */
class ConnectionFilterTests {

	private static final ConnectionFilter WHOLE = ConnectionFilter.ofUser("ann")
		.endpoint("/rooms/{room}")
		.transport("sse")
		.attribute("tenant", "acme")
		.attribute("user", "x");

	@Test
	void isToldToOtherNodesAsItIs() {
		assertThat(ConnectionFilter.of(WHOLE.toMap())).isEqualTo(WHOLE);
		assertThat(ConnectionFilter.of(ConnectionFilter.ALL.toMap())).isEqualTo(ConnectionFilter.ALL);
		assertThat(ConnectionFilter.of(Map.of("user", ""))).isEqualTo(ConnectionFilter.ofUser(""));
	}

	@Test
	void isNotWidenedByWhatThisVersionDoesNotKnow() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectionFilter.of(Map.of("address", "192.0.2.1")));
	}

	@Test
	void cannotBeChanged() {
		Map<String, String> attributes = new HashMap<>();
		ConnectionFilter filter = new ConnectionFilter(null, null, null, attributes);
		attributes.put("a", "b");
		assertThat(filter).isEqualTo(ConnectionFilter.ALL);
	}

}
