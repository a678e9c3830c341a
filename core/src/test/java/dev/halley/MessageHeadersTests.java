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

package dev.halley;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link MessageHeaders}: what travels along, and what of it is understood.
 */
class MessageHeadersTests {

	@Test
	void whatTravelsComesBackAsItWas() {
		Map<String, String> trace = Map.of("traceparent", "00-ab-cd-01", "bag gage", "a=1;b=ü\n \u2028", "empty", "");
		String headers = MessageHeaders.of(17, trace);
		assertThat(headers).matches("[!-~]+");
		assertThat(MessageHeaders.sent(headers)).isEqualTo(17);
		assertThat(MessageHeaders.trace(headers)).isEqualTo(trace);
		assertThat(MessageHeaders.trace(MessageHeaders.of(17, Map.of()))).isEmpty();
	}

	@Test
	void whatIsTooMuchDoesNotTravel() {
		assertThat(MessageHeaders.of(17, Map.of("traceparent", "1", "baggage", "x".repeat(4096)))).isEqualTo("17");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";", "=", "x", "-5", ";;=;a;=b", "99999999999999999999", "x;a=%", "x;a=%zz" })
	void whatIsNotUnderstoodSaysNothing(String headers) {
		assertThat(MessageHeaders.sent(headers)).isZero();
		assertThat(MessageHeaders.trace(headers)).isEmpty();
	}

	@Test
	void moreThanItMayBeIsNotRead() {
		assertThat(MessageHeaders.trace("1;a=" + "x".repeat(5000))).isEmpty();
	}

}
