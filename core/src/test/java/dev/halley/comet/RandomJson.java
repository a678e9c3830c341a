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

package dev.halley.comet;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random JSON trees whose names and strings are hostile, and whose numbers JavaScript can
 * hold. The same seed gives the same trees.
 */
final class RandomJson {

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final Random random;

	private RandomJson(long seed) {
		this.random = new Random(seed);
	}

	static Stream<String> texts(long seed, int count) {
		RandomJson json = new RandomJson(seed);
		return IntStream.range(0, count).mapToObj((i) -> json.text());
	}

	private String text() {
		JsonNode tree = tree(4);
		return this.random.nextBoolean() ? MAPPER.writeValueAsString(tree)
				: MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
	}

	private JsonNode tree(int depth) {
		return switch (this.random.nextInt((depth > 0) ? 8 : 6)) {
			case 0 -> NODES.nullNode();
			case 1 -> NODES.booleanNode(this.random.nextBoolean());
			case 2 -> NODES.numberNode(this.random.nextInt());
			case 3 -> NODES.numberNode(this.random.nextGaussian() * Math.pow(10, this.random.nextInt(40) - 20));
			case 4, 5 -> NODES.stringNode(HostileText.mixture(this.random));
			case 6 -> array(depth);
			default -> object(depth);
		};
	}

	private ArrayNode array(int depth) {
		ArrayNode array = NODES.arrayNode();
		IntStream.range(0, this.random.nextInt(5)).forEach((i) -> array.add(tree(depth - 1)));
		return array;
	}

	private ObjectNode object(int depth) {
		ObjectNode object = NODES.objectNode();
		IntStream.range(0, this.random.nextInt(5)).forEach((i) -> object.set(name(), tree(depth - 1)));
		return object;
	}

	private String name() {
		return (this.random.nextInt(20) == 0) ? "__proto__" : HostileText.mixture(this.random);
	}

}
