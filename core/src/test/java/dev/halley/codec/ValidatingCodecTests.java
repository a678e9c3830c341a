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
import java.util.Map;
import java.util.Optional;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ValidatingCodecTests {

	private static final String VALID = "{\"text\":\"a\",\"level\":1}";

	private static final String INVALID = "{\"text\":\" \",\"level\":11}";

	private static ValidatorFactory factory;

	@BeforeAll
	static void startValidation() {
		factory = Validation.buildDefaultValidatorFactory();
	}

	@AfterAll
	static void stopValidation() {
		factory.close();
	}

	@Test
	void passesOnWhatIsValid() throws Exception {
		assertThat(codec(ResolvableType.forClass(Say.class)).decode(Payload.text(VALID))).isEqualTo(new Say("a", 1));
	}

	@Test
	void tellsAllViolationsInOrder() {
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> codec(ResolvableType.forClass(Say.class)).decode(Payload.text(INVALID)))
			.satisfies((ex) -> assertThat(ex.getInvalid()).isEqualTo(new Say(" ", 11)))
			.satisfies((ex) -> assertThat(ex.getViolations()).hasSize(2))
			.satisfies((ex) -> assertThat(ex.getViolations().get(0)).startsWith("level "))
			.satisfies((ex) -> assertThat(ex.getViolations().get(1)).startsWith("text "));
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> codec(ResolvableType.forClass(Form.class)).decode(Payload.text("{}")))
			.satisfies((ex) -> assertThat(ex.getViolations()).hasSize(8).isSorted());
	}

	@Test
	void validatesTheGroupsThatAreAskedFor() throws Exception {
		MessageCodec<?> codec = codec(ResolvableType.forClass(Say.class), Loud.class);
		assertThat(codec.decode(Payload.text("{\"text\":\" \",\"level\":1}"))).isEqualTo(new Say(" ", 1));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> codec.decode(Payload.text(INVALID)))
			.satisfies((ex) -> assertThat(ex.getViolations()).singleElement().asString().startsWith("level "));
	}

	static List<ParameterizedTypeReference<?>> containers() {
		return List.of(new ParameterizedTypeReference<List<Say>>() {
		}, new ParameterizedTypeReference<Say[]>() {
		});
	}

	@ParameterizedTest
	@MethodSource("containers")
	void validatesTheElementsOfAContainer(ParameterizedTypeReference<?> type) throws Exception {
		MessageCodec<?> codec = codec(ResolvableType.forType(type));
		assertThat(codec.decode(Payload.text("[" + VALID + ",null]"))).isNotNull();
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> codec.decode(Payload.text("[" + VALID + "," + INVALID + "]")));
	}

	@Test
	void validatesTheValuesOfAMapAndTheContentOfAnOptional() {
		MessageCodec<?> map = codec(ResolvableType.forType(new ParameterizedTypeReference<Map<String, Say>>() {
		}));
		MessageCodec<?> optional = codec(ResolvableType.forType(new ParameterizedTypeReference<Optional<Say>>() {
		}));
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> map.decode(Payload.text("{\"a\":" + INVALID + "}")));
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> optional.decode(Payload.text(INVALID)));
	}

	@Test
	void tellsAViolationThoughTheKeyThatHoldsItCannotBePrinted() {
		Validator validator = factory.getValidator();
		MessageCodec<Held> codec = new ValidatingCodec<>(new MessageCodec<>() {

			@Override
			public Payload encode(Held message) {
				return Payload.text("");
			}

			@Override
			public Held decode(Payload payload) {
				return new Held(Map.of(new Key(), ""));
			}

		}, validator);
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> codec.decode(Payload.text("")))
			.satisfies((ex) -> assertThat(ex.getViolations()).containsExactly("must not be blank"));
	}

	@Test
	void whatCannotBeReadIsNotValidated() {
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec(ResolvableType.forClass(Say.class)).decode(Payload.text("{")));
	}

	@Test
	@SuppressWarnings("unchecked")
	void doesNotValidateWhatGoesOut() throws Exception {
		MessageCodec<Say> codec = (MessageCodec<Say>) codec(ResolvableType.forClass(Say.class));
		assertThat(codec.encode(new Say(" ", 11))).isEqualTo(Payload.text(INVALID));
	}

	@Test
	void withoutAValidatorNothingIsValidated() throws Exception {
		MessageCodecs codecs = MessageCodecs.builder().json(JsonMapper.builder().build()).build();
		MessageCodec<?> codec = codecs.validatedInbound(ResolvableType.forClass(Say.class));
		assertThat(codec.decode(Payload.text(INVALID))).isEqualTo(new Say(" ", 11));
	}

	private static MessageCodec<?> codec(ResolvableType type, Class<?>... groups) {
		Validator validator = factory.getValidator();
		return MessageCodecs.builder()
			.json(JsonMapper.builder().build())
			.validator(validator)
			.build()
			.validatedInbound(type, groups);
	}

	record Form(@NotBlank String h, @NotBlank String b, @NotBlank String g, @NotBlank String d, @NotBlank String a,
			@NotBlank String f, @NotBlank String c, @NotBlank String e) {
	}

	record Held(Map<Key, @NotBlank String> texts) {
	}

	static final class Key {

		@Override
		public String toString() {
			throw new IllegalStateException("no session");
		}

	}

	interface Loud {

	}

	record Say(@NotBlank String text, @Max(10) @Max(value = 10, groups = Loud.class) int level) {
	}

}
