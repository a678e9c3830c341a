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
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.halley.hub.broker.BrokerPayload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * {@link RecordCodec}: what nodes of one version tell each other, and what another
 * version may send.
 */
class RecordCodecTests {

	private final Random random = new Random(42);

	@Test
	void whatIsEncodedIsDecoded() throws IOException {
		for (int i = 0; i < 2000; i++) {
			RecordMessage message = message();
			assertThat(decode(encode(message))).isEqualTo(message);
		}
	}

	private RecordMessage message() {
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

	@Test
	void anotherVersionIsNotUnderstood() {
		byte[] bytes = encode(new RecordMessage.Stop(1));
		bytes[0] = 2;
		assertThatIOException().isThrownBy(() -> decode(bytes)).withMessageContaining("this version knows");
		byte[] kind = encode(new RecordMessage.Stop(1));
		kind[1] = 9;
		assertThatIOException().isThrownBy(() -> decode(kind)).withMessageContaining("this version knows");
	}

	@Test
	void whatIsCutOffOrChangedIsRefusedOrAnotherMessage() {
		for (int i = 0; i < 20_000; i++) {
			byte[] bytes = encode(message());
			byte[] broken = Arrays.copyOf(bytes, this.random.nextInt(bytes.length + 1));
			for (int j = this.random.nextInt(3); j > 0 && broken.length > 0; j--) {
				broken[this.random.nextInt(broken.length)] = (byte) this.random.nextInt();
			}
			try {
				assertThat(decode(broken)).isNotNull();
			}
			catch (IOException ex) {
				assertThat(ex).isNotNull();
			}
		}
	}

	private static byte[] encode(RecordMessage message) {
		return RecordCodec.encode(message).bytes();
	}

	private static RecordMessage decode(byte[] bytes) throws IOException {
		return RecordCodec.decode(new BrokerPayload(bytes, true));
	}

}
