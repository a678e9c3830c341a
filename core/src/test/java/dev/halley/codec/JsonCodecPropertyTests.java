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

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import dev.halley.codec.Samples.Count;
import dev.halley.codec.Samples.Even;
import dev.halley.codec.Samples.Move;
import dev.halley.codec.Samples.Tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Seeds are fixed: a failure names the one that repeats it.
 */
class JsonCodecPropertyTests {

	private static final int ROUNDS = 200;

	private final MessageCodecs codecs = MessageCodecs.builder().json(JsonMapper.builder().build()).build();

	static LongStream seeds() {
		return LongStream.range(0, 20);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void everyTreeComesBackAsItWasSent(long seed) throws Exception {
		MessageCodec<JsonNode> codec = codec(JsonNode.class);
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			JsonNode tree = tree(random, 5);
			byte[] sent = codec.encode(tree).bytes();
			assertThat(codec.decode(Payload.text(sent))).isEqualTo(tree);
			assertThat(codec.decode(Payload.text(new String(sent, StandardCharsets.UTF_8)))).isEqualTo(tree);
		}
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void everyNestedRecordComesBackAsItWasSent(long seed) throws Exception {
		MessageCodec<Tree> codec = codec(Tree.class);
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			Tree tree = namedTree(random, 4);
			assertThat(codec.decode(codec.encode(tree))).isEqualTo(tree);
		}
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void garbageIsRefusedAndNothingElseHappens(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			byte[] garbage = new byte[random.nextInt(40)];
			random.nextBytes(garbage);
			decodeEverywhere(seed, garbage);
		}
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void damagedJsonIsReadOrRefusedAndNothingElseHappens(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			byte[] json = sample(random).getBytes(StandardCharsets.UTF_8);
			for (int damages = random.nextInt(3); damages >= 0; damages--) {
				json[random.nextInt(json.length)] = damage(random);
			}
			decodeEverywhere(seed, json);
		}
	}

	@Test
	void jsonThatIsCutAnywhereIsRefused() {
		MessageCodec<Count> codec = codec(Count.class);
		byte[] json = "{\"name\":\"a\\u00e4\ud83d\ude00\",\"count\":12}".getBytes(StandardCharsets.UTF_8);
		IntStream.range(0, json.length)
			.forEach(
					(length) -> assertThat(isRead(codec, java.util.Arrays.copyOf(json, length))).as("cut at %s", length)
						.isFalse());
		assertThat(isRead(codec, json)).isTrue();
	}

	private void decodeEverywhere(long seed, byte[] json) {
		for (Class<?> type : List.of(JsonNode.class, Count.class, Even.class, Move.class, Tree.class, List.class)) {
			for (Payload payload : List.of(Payload.text(json),
					Payload.text(new String(json, StandardCharsets.UTF_8)))) {
				try {
					assertThat(codec(type).decode(payload)).isInstanceOf(type);
				}
				catch (MessageDecodingException ex) {
					assertThat(ex).hasMessage("message: text (expected: JSON of the declared type)");
				}
				catch (Exception ex) {
					fail("seed " + seed + ", " + type.getSimpleName() + ": " + payload.text(), ex);
				}
			}
		}
	}

	private static boolean isRead(MessageCodec<?> codec, byte[] json) {
		try {
			codec.decode(Payload.text(json));
			return true;
		}
		catch (MessageDecodingException ex) {
			return false;
		}
		catch (Exception ex) {
			return fail(ex);
		}
	}

	private static byte damage(Random random) {
		String interesting = "{}[]\",:\\0e-.ntfu \0\n";
		return (byte) (random.nextBoolean() ? interesting.charAt(random.nextInt(interesting.length()))
				: random.nextInt(256));
	}

	private static String sample(Random random) {
		List<String> samples = List.of("{\"name\":\"abc\",\"count\":12}", "{\"number\":4}",
				"{\"type\":\"step\",\"by\":2}", "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}",
				"[1,2.5e3,\"\\u00e4\",null,true,{\"a\":{}}]");
		return samples.get(random.nextInt(samples.size()));
	}

	private static Tree namedTree(Random random, int depth) {
		int children = (depth > 0) ? random.nextInt(3) : 0;
		return new Tree(string(random),
				IntStream.range(0, children).mapToObj((i) -> namedTree(random, depth - 1)).toList());
	}

	private static JsonNode tree(Random random, int depth) {
		JsonNodeFactory nodes = JsonNodeFactory.instance;
		return switch (random.nextInt((depth > 0) ? 8 : 6)) {
			case 0 -> nodes.nullNode();
			case 1 -> nodes.booleanNode(random.nextBoolean());
			case 2 -> nodes.numberNode(random.nextInt());
			case 3 -> nodes.numberNode(random.nextGaussian() * 1e10);
			case 4 -> nodes.numberNode(new BigInteger(100, random).setBit(90));
			case 5 -> nodes.stringNode(string(random));
			case 6 -> array(nodes.arrayNode(), random, depth);
			default -> object(nodes.objectNode(), random, depth);
		};
	}

	private static ArrayNode array(ArrayNode array, Random random, int depth) {
		IntStream.range(0, random.nextInt(4)).forEach((i) -> array.add(tree(random, depth - 1)));
		return array;
	}

	private static ObjectNode object(ObjectNode object, Random random, int depth) {
		IntStream.range(0, random.nextInt(4)).forEach((i) -> object.set(string(random), tree(random, depth - 1)));
		return object;
	}

	/**
	 * Characters of all planes, without lone surrogates.
	 */
	private static String string(Random random) {
		return random.ints(random.nextInt(8), 0, 0x11000)
			.map((i) -> (i < 0x10000) ? i : 0x1F600 + (i & 0xff))
			.filter((i) -> i < Character.MIN_SURROGATE || i > Character.MAX_SURROGATE)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	@SuppressWarnings("unchecked")
	private <T> MessageCodec<T> codec(Class<T> type) {
		return (MessageCodec<T>) this.codecs.codec(ResolvableType.forClass(type));
	}

}
