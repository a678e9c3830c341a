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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.halley.hub.broker.BrokerPayload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * {@link PresenceCodec}.
 */
class PresenceCodecTests extends NodeCodecContract<PresenceMessage> {

	@Override
	PresenceMessage message() {
		long node = this.random.nextLong();
		return switch (this.random.nextInt(4)) {
			case 0 -> new PresenceMessage.Beat(node);
			case 1 -> new PresenceMessage.Ask(node);
			case 2 -> new PresenceMessage.Changes(node, entries());
			default -> new PresenceMessage.State(node, this.random.nextLong(), this.random.nextBoolean(),
					this.random.nextBoolean(), entries());
		};
	}

	private List<PresenceMessage.Entry> entries() {
		List<PresenceMessage.Entry> entries = new ArrayList<>();
		for (int i = this.random.nextInt(5); i > 0; i--) {
			String name = "ada \u00e4\u20ac\uD83D\uDE80".repeat(this.random.nextInt(3)) + i;
			PresenceMessage.Kind kind = PresenceMessage.Kind.values()[this.random.nextInt(3)];
			byte[] data = new byte[this.random.nextInt(20)];
			this.random.nextBytes(data);
			entries.add((kind == PresenceMessage.Kind.GONE) ? PresenceMessage.Entry.gone(name)
					: new PresenceMessage.Entry(kind, name, this.random.nextLong(), this.random.nextLong(),
							new BrokerPayload(data, this.random.nextBoolean())));
		}
		return entries;
	}

	@Test
	void aMemberTakesNoMoreThanItIsTakenFor() throws IOException {
		for (int i = 0; i < 2000; i++) {
			List<PresenceMessage.Entry> entries = entries();
			int most = PresenceCodec.OVERHEAD
					+ entries.stream().mapToInt((entry) -> PresenceCodec.sizeOf(entry.name(), entry.data())).sum();
			assertThat(encode(new PresenceMessage.State(1, 1, true, true, entries))).hasSizeLessThanOrEqualTo(most);
		}
	}

	/** A state of nobody would end the presence of all. */
	@Test
	void lessThanNobodyIsRefused() throws IOException {
		byte[] bytes = encode(new PresenceMessage.State(1, 1, true, true, List.of()));
		bytes[bytes.length - Integer.BYTES] = -1;
		assertThatIOException().isThrownBy(() -> decode(bytes)).withMessageStartingWith("Not a count");
	}

	@Override
	byte[] encode(PresenceMessage message) throws IOException {
		return PresenceCodec.INSTANCE.encode(message).bytes();
	}

	@Override
	PresenceMessage decode(byte[] bytes) throws IOException {
		return PresenceCodec.INSTANCE.decode(new BrokerPayload(bytes, true));
	}

}
