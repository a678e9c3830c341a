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

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.halley.hub.broker.BrokerPayload;

import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * {@link NodeMessageCodec}.
 */
class NodeMessageCodecTests extends NodeCodecContract<NodeMessage> {

	@Override
	NodeMessage message() {
		long node = this.random.nextLong();
		if (this.random.nextBoolean()) {
			return new NodeMessage.Close(node, selection(), this.random.nextInt(5000), text());
		}
		byte[] bytes = new byte[this.random.nextInt(20)];
		this.random.nextBytes(bytes);
		return new NodeMessage.Send(node, selection(), text(), this.random.nextBoolean(), bytes);
	}

	private Map<String, String> selection() {
		Map<String, String> selection = new HashMap<>();
		for (int i = this.random.nextInt(4); i > 0; i--) {
			selection.put("name" + i, text());
		}
		return selection;
	}

	private String text() {
		return "ada \u00e4\u20ac\uD83D\uDE80".repeat(this.random.nextInt(3));
	}

	/** A selection of nothing is everybody. */
	@Test
	void aSelectionOfLessThanNothingIsRefused() throws IOException {
		byte[] bytes = encode(new NodeMessage.Close(1, Map.of("user", "ada"), 1000, ""));
		int count = 2 + Long.BYTES;
		bytes[count] = -1;
		assertThatIOException().isThrownBy(() -> decode(bytes)).withMessageStartingWith("Not a count");
	}

	@Override
	byte[] encode(NodeMessage message) throws IOException {
		return NodeMessageCodec.INSTANCE.encode(message).bytes();
	}

	@Override
	NodeMessage decode(byte[] bytes) throws IOException {
		return NodeMessageCodec.INSTANCE.decode(new BrokerPayload(bytes, true));
	}

}
