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

import java.nio.charset.StandardCharsets;

import dev.halley.codec.Payload;

/**
 * Texts as they are between {@code [} and {@code ]}, which is {@code )} where nobody
 * asked for the end; {@code ~} as filler.
 */
final class TestFormat implements StreamFormat {

	boolean flushedEach;

	@Override
	public byte[] start() {
		return bytes("[");
	}

	@Override
	public byte[] encode(Payload payload) {
		return bytes((payload.kind() == Payload.Kind.PING) ? "~" : payload.text());
	}

	@Override
	public byte[] end(boolean asked) {
		return bytes(asked ? "]" : ")");
	}

	@Override
	public boolean isFlushedEach() {
		return this.flushedEach;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
