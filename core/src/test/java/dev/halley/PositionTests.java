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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Position}.
 */
class PositionTests {

	@ParameterizedTest
	@CsvSource({ "0,0", "1,1", "-1,42", "9223372036854775807,9223372036854775807", "-9223372036854775808,7" })
	void textGivesThePositionBack(long epoch, long offset) {
		Position position = new Position(epoch, offset);
		assertThat(Position.parse(position.toString())).isEqualTo(position)
			.hasSameHashCodeAs(position)
			.hasToString(position.toString());
		assertThat(position.toString()).matches("[a-z0-9]+-[0-9]+");
	}

	@Test
	void otherPlaceIsAnotherPosition() {
		assertThat(new Position(1, 2)).isNotEqualTo(new Position(1, 3))
			.isNotEqualTo(new Position(2, 2))
			.isNotEqualTo("1-2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "1", "1-", "-1", "1--2", "1-+2", "+1-2", "1-02", "01-2", "A-2", "1-2 ", "1-2-3",
			"é-1", "1-９", "3w5e11264sgsg-1", "1-9223372036854775808" })
	void textOfNoPositionIsRefused(String text) {
		assertThat(Position.parseOrNull(text)).isNull();
		assertThatIllegalArgumentException().isThrownBy(() -> Position.parse(text))
			.withMessage("position: '" + text + "' (expected: one that a hub has given)");
	}

	@Test
	void longTextIsCutInTheMessage() {
		assertThatIllegalArgumentException().isThrownBy(() -> Position.parse("x".repeat(1000)))
			.withMessage("position: '" + "x".repeat(40) + "…' (expected: one that a hub has given)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1-1.2-2", "0-0.1-9.zz-3", "1y2p0ij32e8e6-1.1y2p0ij32e8e7-1" })
	void positionInSeveralHubsIsOneString(String text) {
		Position position = Position.parse(text);
		assertThat(position).hasToString(text).isEqualTo(Position.parse(text)).hasSameHashCodeAs(Position.parse(text));
		assertThat(position).isNotEqualTo(Position.parse(text.replaceFirst("\\..*", "")));
		assertThat(position.isInSeveral()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { ".", "1-1.", ".1-1", "1-1..2-2", "2-2.1-1", "1-1.1-2", "1-1.x", "1-1,2-2" })
	void garbledPositionInSeveralHubsIsRefused(String text) {
		assertThat(Position.parseOrNull(text)).isNull();
		assertThat(Position.parseOrUnknown(text)).isEqualTo(Position.UNKNOWN);
	}

	@Test
	void positionIsInThirtyTwoHubsAtMost() {
		Position all = new Position(1, 1);
		for (int i = 2; i <= 40; i++) {
			all = all.with(new Position(i, i));
		}
		assertThat(all.in(32)).isNotNull();
		assertThat(all.in(33)).isNull();
		assertThat(Position.parse(all.toString())).isEqualTo(all);
		assertThat(Position.parseOrNull(all + ".zz-1")).isNull();
		assertThat(Position.parseOrNull("1-1.".repeat(100_000))).isNull();
	}

	@Test
	void longestPositionCanBeReadAgain() {
		Position all = new Position(Long.MIN_VALUE, Long.MAX_VALUE);
		for (int i = 1; i < 32; i++) {
			all = all.with(new Position(Long.MIN_VALUE + i, Long.MAX_VALUE));
		}
		assertThat(Position.parse(all.toString())).isEqualTo(all);
	}

	@Test
	void laterPlaceReplacesTheEarlierAndTheOthersStay() {
		Position both = new Position(1, 1).with(new Position(-7, 2)).with(new Position(1, 5));
		assertThat(both.in(1)).extracting(Position::offset).isEqualTo(5L);
		assertThat(both.in(-7)).extracting(Position::offset).isEqualTo(2L);
		assertThat(both.in(3)).isNull();
		assertThat(both).isEqualTo(new Position(-7, 2).with(new Position(1, 5)));
	}

	@Test
	void livesOfHubsDiffer() {
		assertThat(Epochs.next()).isNotEqualTo(Epochs.next());
	}

}
