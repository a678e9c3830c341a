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

package dev.halley.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ResolvableType;
import org.springframework.http.ResponseEntity;
import org.springframework.validation.annotation.Validated;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.codec.InvalidMessageException;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;
import dev.halley.codec.MessageDecodingException;
import dev.halley.codec.Payload;
import dev.halley.codec.UnsupportedMessageTypeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageValidationTests {

	@ParameterizedTest
	@ValueSource(strings = { "pair", "in", "mono", "stage", "entityOfCallable", "elements", "ofBound", "ofArray",
			"onTheMethod", "springsOnTheMethod", "composed" })
	void findsWhatIsToBeValidated(String method) {
		assertThat(groups(method, Say.class)).get().isEqualTo(new Class<?>[0]);
	}

	@ParameterizedTest
	@ValueSource(strings = { "nothing", "onlyOut", "rawPair", "outOfPair", "other" })
	void leavesTheOthersAlone(String method) {
		assertThat(groups(method, Say.class)).isEmpty();
	}

	@Test
	void findsTheGroups() {
		assertThat(groups("grouped", Say.class)).get().isEqualTo(new Class<?>[] { Loud.class });
	}

	@Test
	void findsTheAnnotationOnTheClassOfTheMessages() {
		assertThat(groups("nothing", Annotated.class)).get().isEqualTo(new Class<?>[0]);
		assertThat(groups("nothing", SpringAnnotated.class)).get().isEqualTo(new Class<?>[] { Loud.class });
		assertThat(groups("nothing", InheritsAnnotation.class)).isPresent();
	}

	@Test
	void findsTheAnnotationOnTheClassOfTheElements() {
		assertThat(MessageValidation.groups(method("nothing"),
				ResolvableType.forClassWithGenerics(List.class, Annotated.class)))
			.isPresent();
		assertThat(MessageValidation.groups(method("nothing"),
				ResolvableType.forArrayComponent(ResolvableType.forClass(Annotated.class))))
			.isPresent();
	}

	@Test
	void looksAtRawTypesThatReferToThemselves() {
		assertThat(groups("nothing", Enum.class)).isEmpty();
	}

	@Test
	void theCodecValidates() throws Exception {
		MessageCodec<?> codec = codec("pair");
		assertThat(codec.decode(Payload.text("{\"text\":\"a\"}"))).isEqualTo(new Say("a"));
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> codec.decode(Payload.text("{\"text\":\"\"}")))
			.withMessageContaining("text ");
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> codec.decode(Payload.text("{")));
	}

	@Test
	void theCodecDoesNotValidateUnasked() throws Exception {
		assertThat(codec("nothing").decode(Payload.text("{\"text\":\"\"}"))).isEqualTo(new Say(""));
	}

	@Test
	void refusesWhatHasNoCodec() {
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> MessageValidation
			.inboundCodec(MessageCodecs.builder().build(), endpoint("pair"), ResolvableType.forClass(Say.class)));
	}

	private static MessageCodec<?> codec(String method) {
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			MessageCodecs codecs = MessageCodecs.builder()
				.json(JsonMapper.builder().build())
				.validator(factory.getValidator())
				.build();
			return MessageValidation.inboundCodec(codecs, endpoint(method), ResolvableType.forClass(Say.class));
		}
	}

	private static java.util.Optional<Class<?>[]> groups(String method, Class<?> messageType) {
		return MessageValidation.groups(method(method), ResolvableType.forClass(messageType));
	}

	private static EndpointMethod endpoint(String name) {
		return new EndpointMethod(method(name), Endpoints.class);
	}

	private static Method method(String name) {
		return Stream.of(Endpoints.class.getDeclaredMethods())
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	@SuppressWarnings("rawtypes")
	interface Endpoints {

		InOut<@Valid Say, String> pair();

		In<@Valid Say> in();

		Mono<InOut<@Valid Say, String>> mono();

		CompletionStage<In<@Valid Say>> stage();

		ResponseEntity<Callable<InOut<@Valid Say, String>>> entityOfCallable();

		InOut<Map<String, List<@Valid Say>>, String> elements();

		InOut<? extends @Valid Say, String> ofBound();

		InOut<@Valid Say[], String> ofArray();

		@Valid
		InOut<Say, String> onTheMethod();

		@Validated
		InOut<Say, String> springsOnTheMethod();

		@Validated(Loud.class)
		InOut<Say, String> grouped();

		@Checked
		InOut<Say, String> composed();

		InOut<Say, String> nothing();

		Out<@Valid Say> onlyOut();

		InOut rawPair();

		InOut<String, @Valid Say> outOfPair();

		@Validation2
		InOut<@Validation2 Say, String> other();

	}

	interface Loud {

	}

	@Validated
	@Retention(RetentionPolicy.RUNTIME)
	@interface Checked {

	}

	/** Only its name is similar. */
	@Target({ ElementType.TYPE_USE, ElementType.METHOD })
	@Retention(RetentionPolicy.RUNTIME)
	@interface Validation2 {

	}

	record Say(@NotBlank String text) {
	}

	@Valid
	static class Annotated {

	}

	@Validated(Loud.class)
	static class SpringAnnotated {

	}

	static class InheritsAnnotation extends Annotated {

	}

}
