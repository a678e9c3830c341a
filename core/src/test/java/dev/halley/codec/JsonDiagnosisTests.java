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

package dev.halley.codec;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonDiagnosis}.
 */
class JsonDiagnosisTests {

	private final MessageCodec<?> codec = MessageCodecs.builder()
		.json(JsonMapper.builder().build())
		.build()
		.codec(ResolvableType.forClass(Order.class));

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^', value = {
			"{secret               | not well-formed JSON, line 1, column 2",
			"{\"id\": \"secret\"}    | no JSON of int at id, line 1, column 8",
			"{\"lines\": [{\"count\": 1}, {\"count\": [\"secret\"]}]} | no JSON of int at lines.[1].count, line 1, column 36",
			"[]                      | no JSON of Order, line 1, column 1",
			"null                    | message: text (expected: JSON of the declared type)",
			"\"secret\"              | no JSON of Order, line 1, column 1" })
	void saysWhereWithoutTheValues(String json, String diagnosis) {
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> this.codec.decode(Payload.text(json.strip())))
			.satisfies((ex) -> assertThat(ex.diagnosis()).isEqualTo(diagnosis).doesNotContain("secret"))
			.withMessage("message: text (expected: JSON of the declared type)");
	}

	record Order(int id, List<Line> lines) {
	}

	record Line(int count) {
	}

}
