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
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The form of what nodes tell each other: what those of one version do, and what another
 * version may send.
 *
 * @param <M> the type of the messages
 */
abstract class NodeCodecContract<M> {

	final Random random = new Random(42);

	/** Any message. */
	abstract M message();

	abstract byte[] encode(M message) throws IOException;

	abstract M decode(byte[] bytes) throws IOException;

	@Test
	void whatIsEncodedIsDecoded() throws IOException {
		for (int i = 0; i < 2000; i++) {
			M message = message();
			assertThat(decode(encode(message))).isEqualTo(message);
		}
	}

	@Test
	void anotherVersionIsNotUnderstood() throws IOException {
		byte[] bytes = encode(message());
		bytes[0] = 2;
		assertThatIOException().isThrownBy(() -> decode(bytes)).withMessageContaining("this version knows");
		byte[] kind = encode(message());
		kind[1] = 9;
		assertThatIOException().isThrownBy(() -> decode(kind)).withMessageContaining("this version knows");
	}

	@Test
	void whatIsCutOffOrChangedIsRefusedOrAnotherMessage() throws IOException {
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

}
