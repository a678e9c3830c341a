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

import dev.halley.codec.Payload;
import dev.halley.stream.StreamFormat;

/**
 * HTML as the application wrote it, a chunk for each message.
 */
final class HtmlFormat implements StreamFormat {

	static final HtmlFormat INSTANCE = new HtmlFormat();

	private static final byte[] HEARTBEAT = { ' ' };

	private static final byte[] NOTHING = {};

	private HtmlFormat() {
	}

	@Override
	public byte[] start() {
		return NOTHING;
	}

	@Override
	public byte[] encode(Payload payload) {
		return switch (payload.kind()) {
			case PING -> HEARTBEAT;
			case PONG -> NOTHING;
			case TEXT -> payload.bytes();
			case BINARY -> throw new IllegalArgumentException("message: BINARY (expected: TEXT)");
		};
	}

	@Override
	public boolean isFlushedEach() {
		return true;
	}

}
