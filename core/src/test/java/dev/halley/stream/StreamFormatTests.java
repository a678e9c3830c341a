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

package dev.halley.stream;

import org.junit.jupiter.api.Test;

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the defaults of {@link StreamFormat}.
 */
class StreamFormatTests {

	private final StreamFormat format = new StreamFormat() {

		@Override
		public byte[] start() {
			return new byte[1];
		}

		@Override
		public byte[] encode(Payload payload) {
			return payload.bytes();
		}

		@Override
		public boolean isFlushedEach() {
			return true;
		}

	};

	@Test
	void nothingComesAfterTheLastMessage() {
		assertThat(this.format.end(true)).isEmpty();
		assertThat(this.format.end(false)).isEmpty();
	}

}
