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
import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.halley.hub.broker.BrokerPayload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link RecordCodec}.
 */
class RecordCodecTests extends NodeCodecContract<RecordMessage> {

	@Override
	RecordMessage message() {
		long id = this.random.nextLong();
		long node = this.random.nextLong();
		return switch (this.random.nextInt(6)) {
			case 0 -> new RecordMessage.Claim(node, id, this.random.nextLong(), recording());
			case 1 -> new RecordMessage.Item(id, this.random.nextInt(), payload());
			case 2 -> new RecordMessage.End(id, RecordMessage.Kind.values()[this.random.nextInt(4)],
					"a.B \u00e4\u20ac".repeat(this.random.nextInt(3)));
			case 3 -> new RecordMessage.Stop(id);
			case 4 -> new RecordMessage.Reading(node, id, this.random.nextBoolean());
			default -> new RecordMessage.Forgotten(id);
		};
	}

	private Recording recording() {
		Recording recording = Recording.keptFor(Duration.ofMillis(this.random.nextInt(100_000)))
			.withMessages(1 + this.random.nextInt(1000))
			.withBytes(1 + this.random.nextInt(1000));
		return this.random.nextBoolean() ? recording
				: recording.withAbandonAfter(Duration.ofMillis(1 + this.random.nextInt(1000)));
	}

	private BrokerPayload payload() {
		byte[] bytes = new byte[this.random.nextInt(30)];
		this.random.nextBytes(bytes);
		return new BrokerPayload(bytes, this.random.nextBoolean());
	}

	@Test
	void anItemTakesNoMoreThanItIsTakenFor() throws IOException {
		BrokerPayload payload = payload();
		assertThat(encode(new RecordMessage.Item(-1, Integer.MAX_VALUE, payload)))
			.hasSizeLessThanOrEqualTo(payload.bytes().length + RecordCodec.OVERHEAD);
	}

	@Override
	byte[] encode(RecordMessage message) {
		return RecordCodec.encode(message).bytes();
	}

	@Override
	RecordMessage decode(byte[] bytes) throws IOException {
		return RecordCodec.decode(new BrokerPayload(bytes, true));
	}

}
