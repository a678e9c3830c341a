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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.node.ObjectNode;

import dev.halley.codec.Payload.Kind;
import dev.halley.codec.Samples.Animal;
import dev.halley.codec.Samples.Circle;
import dev.halley.codec.Samples.Count;
import dev.halley.codec.Samples.Dog;
import dev.halley.codec.Samples.Even;
import dev.halley.codec.Samples.Jump;
import dev.halley.codec.Samples.Move;
import dev.halley.codec.Samples.Page;
import dev.halley.codec.Samples.Shape;
import dev.halley.codec.Samples.Step;
import dev.halley.codec.Samples.Tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonCodecTests {

	private static final String UNREADABLE = "message: text (expected: JSON of the declared type)";

	private JsonMapper mapper = JsonMapper.builder().build();

	@Test
	void recordsGoOutAndComeIn() throws Exception {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		Payload payload = codec.encode(new Count("apples", 3));
		assertThat(payload).isEqualTo(Payload.text("{\"name\":\"apples\",\"count\":3}"));
		assertThat(codec.decode(payload)).isEqualTo(new Count("apples", 3));
	}

	@Test
	@SuppressWarnings({ "unchecked", "rawtypes" })
	void refusesToWriteWhatIsOfAnotherType() {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThatIllegalArgumentException().isThrownBy(() -> ((MessageCodec) codec).encode(new Step(1)))
			.withMessage("message: " + Step.class.getName() + " (expected: " + Count.class.getTypeName() + ")");
	}

	@Test
	void writesWhatAPrimitiveTypeStandsFor() throws Exception {
		MessageCodecs codecs = MessageCodecs.builder().json(this.mapper).build();
		@SuppressWarnings("unchecked")
		MessageCodec<Object> codec = (MessageCodec<Object>) codecs.codec(ResolvableType.forClass(int.class));
		assertThat(codec.encode(42).text()).isEqualTo("42");
	}

	@Test
	void readsTextThatIsAStringAndTextThatIsUtf8() throws Exception {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		String json = "{\"name\":\"ä\ud83d\ude00\",\"count\":1}";
		Count expected = new Count("ä\ud83d\ude00", 1);
		assertThat(codec.decode(Payload.text(json))).isEqualTo(expected);
		assertThat(codec.decode(Payload.text(json.getBytes(StandardCharsets.UTF_8)))).isEqualTo(expected);
	}

	@Test
	void sealedInterfacesCarryTheirTypeId() throws Exception {
		MessageCodec<Move> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(codec.encode(new Step(2)).text()).isEqualTo("{\"type\":\"step\",\"by\":2}");
		assertThat(codec.decode(Payload.text("{\"height\":3,\"type\":\"jump\"}"))).isEqualTo(new Jump(3));
	}

	@Test
	void onePermittedTypeCarriesItsTypeIdToo() throws Exception {
		MessageCodec<Step> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(codec.encode(new Step(2)).text()).isEqualTo("{\"type\":\"step\",\"by\":2}");
	}

	@Test
	void elementsOfListsCarryTheirTypeId() throws Exception {
		MessageCodec<List<Move>> codec = codec(new ParameterizedTypeReference<>() {
		});
		String json = "[{\"type\":\"step\",\"by\":1},{\"type\":\"jump\",\"height\":2}]";
		assertThat(codec.encode(List.of(new Step(1), new Jump(2))).text()).isEqualTo(json);
		assertThat(codec.decode(Payload.text(json))).containsExactly(new Step(1), new Jump(2));
	}

	@Test
	void elementsOfArraysAndOptionalsCarryTheirTypeId() throws Exception {
		MessageCodec<Move[]> array = codec(new ParameterizedTypeReference<>() {
		});
		MessageCodec<Optional<Move>> optional = codec(new ParameterizedTypeReference<>() {
		});
		MessageCodec<List<Move>[]> lists = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(array.encode(new Move[] { new Step(1) }).text()).isEqualTo("[{\"type\":\"step\",\"by\":1}]");
		assertThat(optional.encode(Optional.of(new Step(1))).text()).isEqualTo("{\"type\":\"step\",\"by\":1}");
		assertThat(lists.decode(Payload.text("[[{\"type\":\"step\",\"by\":1}]]"))[0]).containsExactly(new Step(1));
	}

	@Test
	void genericRecordsAndMapsKeepTheTypesOfTheirContent() throws Exception {
		MessageCodec<Page<Move>> page = codec(new ParameterizedTypeReference<>() {
		});
		MessageCodec<Map<String, List<Count>>> map = codec(new ParameterizedTypeReference<>() {
		});
		Page<Move> moves = new Page<>(1, List.of(new Step(1)));
		assertThat(page.encode(moves).text()).isEqualTo("{\"number\":1,\"content\":[{\"type\":\"step\",\"by\":1}]}");
		assertThat(page.decode(page.encode(moves))).isEqualTo(moves);
		assertThat(map.decode(Payload.text("{\"a\":[{\"name\":\"b\",\"count\":1}]}")))
			.isEqualTo(Map.of("a", List.of(new Count("b", 1))));
	}

	@Test
	void subclassesKeepTheirProperties() throws Exception {
		MessageCodec<Animal> codec = codec(new ParameterizedTypeReference<>() {
		});
		MessageCodec<Shape> sealed = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(codec.encode(new Dog()).text()).contains("\"barks\":true");
		assertThat(codec.encode(new Animal()).text()).isEqualTo("{\"name\":\"\"}");
		assertThat(sealed.encode(new Circle(4)).text()).isEqualTo("{\"radius\":4}");
	}

	@Test
	void theDeclaredTypeDecidesOnDefaultTyping() throws Exception {
		this.mapper = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfSubType(Shape.class).build(),
					DefaultTyping.OBJECT_AND_NON_CONCRETE)
			.build();
		MessageCodec<Shape> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(codec.decode(codec.encode(new Circle(4)))).isEqualTo(new Circle(4));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":[1,2.5,\"x\",null,true]}", "[]", "\"text\"", "5", "null" })
	void treesTakeAnyJson(String json) throws Exception {
		MessageCodec<JsonNode> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(codec.encode(codec.decode(Payload.text(json))).text()).isEqualTo(json);
	}

	@Test
	void scalarsAndEnumsAreJson() throws Exception {
		MessageCodec<Integer> number = codec(new ParameterizedTypeReference<>() {
		});
		MessageCodec<Kind> kind = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(number.decode(number.encode(42))).isEqualTo(42);
		assertThat(kind.encode(Kind.PING).text()).isEqualTo("\"PING\"");
		assertThat(kind.decode(Payload.text("\"PONG\""))).isEqualTo(Kind.PONG);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "{}}", "{} {}", "{\"count\":1} x", "nul", "null", "[]", "5", "\"text\"",
			"{\"count\":\"not-a-number\"}", "{\"count\":1e999999999}", "{'count':1}", "{\"count\":NaN}",
			"{\"count\":1,}", "\ufeff", "{\"name\":{\"a\":1}}", "\0{}", "{\"name\":\"\n\"}", "/**/{}", "<a/>" })
	void refusesWhatIsNotJsonOfTheType(String text) {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> codec.decode(Payload.text(text)))
			.withMessage(UNREADABLE);
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec.decode(Payload.text(text.getBytes(StandardCharsets.UTF_8))))
			.withMessage(UNREADABLE);
	}

	@Test
	void refusesTrailingTokensAlsoIfTheMapperTakesThem() {
		this.mapper = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
		MessageCodec<Integer> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> codec.decode(Payload.text("1 2")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE" })
	void readsUtf8Only(String charset) throws IOException {
		MessageCodec<ObjectNode> codec = codec(new ParameterizedTypeReference<>() {
		});
		byte[] bytes = "{\"a\":1}".getBytes(charset);
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> codec.decode(Payload.text(bytes)));
	}

	@Test
	void refusesAnEmptyTree() {
		MessageCodec<JsonNode> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> codec.decode(Payload.text("")));
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec.decode(Payload.text(new byte[0])));
	}

	@ParameterizedTest
	@CsvSource({ "JsonNode, [, 100000", "JsonNode, '{\"a\":', 100000", "Tree, '{\"children\":[', 20000" })
	void refusesDeepNesting(String type, String open, int depth) {
		MessageCodec<?> codec = codecs()
			.codec(ResolvableType.forClass("Tree".equals(type) ? Tree.class : JsonNode.class));
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec.decode(Payload.text(open.repeat(depth))))
			.withMessage(UNREADABLE);
	}

	@Test
	void whatAConstructorThrowsIsDueToTheContent() throws Exception {
		MessageCodec<Even> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThat(codec.decode(Payload.text("{\"number\":2}"))).isEqualTo(new Even(2));
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec.decode(Payload.text("{\"number\":3}")))
			.withMessage(UNREADABLE);
		this.mapper = JsonMapper.builder().disable(DeserializationFeature.WRAP_EXCEPTIONS).build();
		MessageCodec<Even> unwrapped = codec(new ParameterizedTypeReference<>() {
		});
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> unwrapped.decode(Payload.text("{\"number\":3}")));
	}

	@Test
	void theMessageOfTheExceptionShowsNothingButItsCauseTellsAll() {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec.decode(Payload.text("{\"count\":\"secret\"}")))
			.withCauseInstanceOf(JacksonException.class)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret", "Count", "jackson"));
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "BINARY", "PING", "PONG" })
	void refusesWhatIsNotText(Kind kind) {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec.decode(BuiltInCodecsTests.payload(kind)))
			.withMessage("message: " + kind + " (expected: TEXT)");
	}

	/**
	 * A peer can put half a surrogate pair into any string. It has no UTF-8, but must not
	 * fail what is sent to all others.
	 */
	@Test
	void halfOfASurrogatePairHarmsNobody() throws Exception {
		MessageCodec<Count> codec = codec(new ParameterizedTypeReference<>() {
		});
		Count poisoned = codec.decode(Payload.text("{\"name\":\"a\\ud800b\",\"count\":1}"));
		String sent = new String(codec.encode(poisoned).bytes(), StandardCharsets.UTF_8);
		assertThat(codec.decode(Payload.text(sent))).isEqualTo(poisoned);
	}

	@Test
	void whatCannotBeWrittenFails() {
		MessageCodec<Tree> codec = codec(new ParameterizedTypeReference<>() {
		});
		List<Tree> ring = new java.util.ArrayList<>();
		Tree tree = new Tree("ring", ring);
		ring.add(tree);
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> codec.encode(tree));
	}

	@ParameterizedTest
	@ValueSource(classes = { Shape.class, Runnable.class, Number.class })
	void anAbstractTypeWithoutTypeIdIsNotReadableButCanGoOut(Class<?> type) {
		ResolvableType shape = ResolvableType.forClass(type);
		assertThat(codecs().codec(shape)).isNotNull();
		if (type == Number.class) {
			assertThat(codecs().inbound(shape)).isNotNull();
			return;
		}
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> codecs().inbound(shape))
			.withMessageContaining(type.getName())
			.withMessageContaining("@JsonTypeInfo")
			.withMessageContaining("MessageCodec<" + type.getName() + ">");
	}

	@Test
	void aTypeWhoseDefinitionIsWrongIsNotReadable() {
		ResolvableType type = ResolvableType.forClass(Conflicting.class);
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> codecs().inbound(type))
			.withMessageContaining("which cannot be read from JSON")
			.withCauseInstanceOf(JacksonException.class);
	}

	@ParameterizedTest
	@ValueSource(
			classes = { Count.class, Move.class, Tree.class, JsonNode.class, List.class, Map.class, Integer.class })
	void readableTypesAreFoundReadable(Class<?> type) {
		MessageCodecs codecs = codecs();
		assertThat(codecs.inbound(ResolvableType.forClass(type))).isSameAs(codecs.codec(ResolvableType.forClass(type)));
	}

	private MessageCodecs codecs() {
		return MessageCodecs.builder().json(this.mapper).build();
	}

	@SuppressWarnings("unchecked")
	private <T> MessageCodec<T> codec(ParameterizedTypeReference<T> type) {
		return (MessageCodec<T>) codecs().codec(ResolvableType.forType(type));
	}

	static class Conflicting {

		void setValue(StringBuilder value) {
		}

		void setValue(Count value) {
		}

	}

}
