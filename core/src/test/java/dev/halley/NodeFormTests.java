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

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * {@link NodeForm}.
 */
class NodeFormTests {

	private static DataInputStream in(byte... bytes) {
		return new DataInputStream(new ByteArrayInputStream(bytes));
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, Integer.MIN_VALUE, 1, Integer.MAX_VALUE })
	void aCountOrLengthOfMoreThanIsThereIsRefused(int size) {
		byte[] bytes = ByteBuffer.allocate(4).putInt(size).array();
		assertThatIOException().isThrownBy(() -> NodeForm.readCount(in(bytes))).withMessage("Not a count: " + size);
		assertThatIOException().isThrownBy(() -> NodeForm.readBytes(in(bytes))).withMessage("Not a length: " + size);
		assertThatIOException().isThrownBy(() -> NodeForm.readText(in(bytes))).withMessage("Not a length: " + size);
	}

	@Test
	void oneThatOnlyALaterVersionKnowsIsRefused() throws IOException {
		PresenceMessage.Kind[] all = PresenceMessage.Kind.values();
		assertThat(NodeForm.readOneOf(all, in((byte) (all.length - 1)))).isEqualTo(all[all.length - 1]);
		assertThatIOException().isThrownBy(() -> NodeForm.readOneOf(all, in((byte) all.length)))
			.withMessage("Not a Kind that this version knows: " + all.length);
		assertThatIOException().isThrownBy(() -> NodeForm.readOneOf(all, in((byte) -1)));
	}

}
