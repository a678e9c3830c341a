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

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@link ConnectionAttributes}.
 */
class ConnectionAttributesTests {

	private final ConnectionAttributes attributes = new ConnectionAttributes();

	@Test
	void areSetReplacedAndRemoved() {
		assertThat(this.attributes.set("tenant", "acme").get("tenant")).isEqualTo("acme");
		Map<String, String> before = this.attributes.all();
		assertThat(this.attributes.set("tenant", "other").all()).containsOnly(Map.entry("tenant", "other"));
		assertThat(this.attributes.remove("tenant").remove("unknown").get("tenant")).isNull();
		assertThat(before).containsOnly(Map.entry("tenant", "acme"));
	}

	@Test
	void areFew() {
		for (int i = 0; i < ConnectionAttributes.MOST; i++) {
			this.attributes.set("a" + i, "");
		}
		assertThat(this.attributes.set("a3", "again").all()).hasSize(16);
		assertThatIllegalStateException().isThrownBy(() -> this.attributes.set("b", ""))
			.withMessage("attributes: 17 (expected: <= 16)");
		assertThat(this.attributes.all()).hasSize(16).doesNotContainKey("b");
	}

	@Test
	void areShort() {
		String longest = "x".repeat(256);
		assertThat(this.attributes.set(longest, longest).get(longest)).isEqualTo(longest);
		assertThatIllegalArgumentException().isThrownBy(() -> this.attributes.set("a", longest + "x"))
			.withMessage("attribute 'a': 257 characters (expected: <= 256)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.attributes.set(longest + "x", ""))
			.withMessageStartingWith("name of an attribute: 257");
		assertThatIllegalArgumentException().isThrownBy(() -> this.attributes.set("", "x"));
	}

}
