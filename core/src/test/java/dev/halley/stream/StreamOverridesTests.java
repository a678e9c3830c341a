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

package dev.halley.stream;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.halley.Overflow;
import dev.halley.connection.ConnectionSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StreamOverrides}.
 */
class StreamOverridesTests {

	private static final ConnectionSettings CONFIGURED = ConnectionSettings.DEFAULT;

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void noneChangeNothing() {
		assertThat(StreamOverrides.NONE.settings(CONFIGURED)).isEqualTo(CONFIGURED);
		assertThat(StreamOverrides.NONE.timeoutOr(SECOND)).isEqualTo(SECOND);
	}

	@Test
	void eachChangesItsOwnAndKeepsTheOthers() {
		StreamOverrides overrides = StreamOverrides.NONE.withHeartbeat(SECOND)
			.withOverflow(Overflow.LATEST)
			.withTimeout(Duration.ZERO);
		assertThat(overrides).isEqualTo(
				StreamOverrides.NONE.withTimeout(Duration.ZERO).withOverflow(Overflow.LATEST).withHeartbeat(SECOND));
		assertThat(overrides.settings(CONFIGURED))
			.isEqualTo(CONFIGURED.withPingInterval(SECOND).withOverflow(Overflow.LATEST));
		assertThat(overrides.timeoutOr(SECOND)).isZero();
	}

	@Test
	void negativeTimeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> StreamOverrides.NONE.withTimeout(SECOND.negated()))
			.withMessage("timeout: PT-1S (expected: >= 0)");
	}

	@Test
	void heartbeatThatNoConnectionTakesIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> StreamOverrides.NONE.withHeartbeat(Duration.ZERO))
			.withMessageStartingWith("pingInterval: PT0S");
	}

}
