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

package dev.halley.websocket.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.halley.CloseStatuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CloseCodesTests {

	@Test
	void justTheseAreAllowedOnTheWire() {
		for (int code = -1; code < 70_000; code++) {
			boolean registered = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
			boolean free = code >= 3000 && code <= 4999;
			assertThat(CloseStatuses.isSendable(code)).as("code %d", code).isEqualTo(registered || free);
		}
	}

	@Test
	void aPayloadIsTheCodeInNetworkByteOrderAndTheReason() {
		assertThat(CloseCodes.payload(1000, "")).containsExactly(0x03, 0xE8);
		assertThat(CloseCodes.payload(4999, "é")).containsExactly(0x13, 0x87, 0xC3, 0xA9);
	}

	@Test
	void noStatusIsAnEmptyPayload() {
		assertThat(CloseCodes.payload(1005, "")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 999, 1004, 1006, 1015, 2000, 5000, 66536 })
	void otherCodesAreRefused(int code) {
		assertThatIllegalArgumentException().isThrownBy(() -> CloseCodes.payload(code, ""))
			.withMessageStartingWith("code: " + code + " (expected: ");
	}

	@Test
	void aReasonOf123BytesStaysWhole() {
		String reason = "r".repeat(123);
		assertThat(reason(reason)).isEqualTo(Frames.utf8(reason));
		assertThat(CloseCodes.payload(1000, reason)).hasSize(125);
	}

	@Test
	void aLongerReasonIsCut() {
		assertThat(reason("r".repeat(124))).hasSize(123);
		assertThat(CloseCodes.payload(1000, "r".repeat(100_000))).hasSize(125);
	}

	@ParameterizedTest
	@ValueSource(strings = { "é", "€", "😀" })
	void aReasonIsCutAtACharacter(String character) {
		int size = Frames.utf8(character).length;
		for (int before = 0; before < 8; before++) {
			String reason = "r".repeat(before) + character.repeat(200);
			byte[] cut = reason(reason);
			assertThat(cut.length).isBetween(123 - size + 1, 123);
			assertThat(reason).startsWith(new String(cut, StandardCharsets.UTF_8));
		}
	}

	@Test
	void aLoneSurrogateBecomesAQuestionMark() {
		assertThat(reason("a\ud800b")).isEqualTo(Frames.utf8("a?b"));
	}

	private static byte[] reason(String reason) {
		byte[] payload = CloseCodes.payload(1000, reason);
		return Arrays.copyOfRange(payload, 2, payload.length);
	}

}
