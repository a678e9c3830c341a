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

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CloseStatuses}.
 */
class CloseStatusesTests {

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999 })
	void statusThatMayBeSentPassesAsItIs(int code) {
		CloseStatus status = new CloseStatus(code, "why");
		assertThat(CloseStatuses.sendable(status)).isSameAs(status);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1004, 1005, 1006, 1015, 1016, 2000, 2999 })
	void statusThatMayNotBeSentIsRefusedWithItsCode(int code) {
		assertThatIllegalArgumentException().isThrownBy(() -> CloseStatuses.sendable(new CloseStatus(code)))
			.withMessageContaining("close status: " + code)
			.withMessageContaining("expected: 1000 to 1003");
	}

	@Test
	void reasonOf123BytesIsNotCut() {
		assertThat(CloseStatuses.sendable(new CloseStatus(4001, "x".repeat(123))).getReason()).hasSize(123);
	}

	@Test
	void reasonOf124BytesLosesOne() {
		assertThat(CloseStatuses.sendable(new CloseStatus(4001, "x".repeat(124))).getReason()).hasSize(123);
	}

	@Test
	void reasonIsCutBetweenCharactersOfTwoBytes() {
		assertThat(bytesOfCut("é".repeat(100))).isEqualTo(122);
	}

	@Test
	void reasonIsCutBetweenCharactersOfThreeBytes() {
		assertThat(bytesOfCut("x" + "€".repeat(66))).isEqualTo(121);
	}

	@Test
	void reasonIsCutBetweenCharactersOfTwoChars() {
		String cut = cut("xx" + "😀".repeat(50));
		assertThat(cut).isEqualTo("xx" + "😀".repeat(30));
	}

	@Test
	void codeSurvivesTheCut() {
		assertThat(CloseStatuses.sendable(new CloseStatus(4001, "x".repeat(200))).getCode()).isEqualTo(4001);
	}

	@Test
	void halvesOfCharactersBecomeQuestionMarks() {
		assertThat(cut("\ud83d".repeat(200))).isEqualTo("?".repeat(123));
		assertThat(cut("a\ud83d😀\ude00b")).isEqualTo("a?😀?b");
	}

	@Test
	void wholeCharactersStayAsTheyAre() {
		CloseStatus status = new CloseStatus(4001, "é€😀");
		assertThat(CloseStatuses.sendable(status)).isSameAs(status);
	}

	@Test
	void missingReasonStaysMissing() {
		assertThat(CloseStatuses.sendable(new CloseStatus(1000)).getReason()).isNull();
	}

	@Test
	void statusIsRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.close(null)).withMessage("'status' must not be null");
	}

	private static int bytesOfCut(String reason) {
		return cut(reason).getBytes(StandardCharsets.UTF_8).length;
	}

	private static String cut(String reason) {
		String cut = CloseStatuses.sendable(new CloseStatus(4001, reason)).getReason();
		assertThat(cut).isNotNull();
		return cut;
	}

}
