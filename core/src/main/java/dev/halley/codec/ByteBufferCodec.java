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

package dev.halley.codec;

import java.nio.ByteBuffer;

/**
 * Byte buffers as binary messages. What goes out is copied, and the buffer's position
 * stays: a buffer may go to many connections. What comes in is read-only.
 */
final class ByteBufferCodec implements MessageCodec<ByteBuffer> {

	static final ByteBufferCodec INSTANCE = new ByteBufferCodec();

	private ByteBufferCodec() {
	}

	@Override
	public Payload encode(ByteBuffer message) {
		return Payload.binary(copy(message));
	}

	@Override
	public ByteBuffer decode(Payload payload) {
		return payload.binary();
	}

	static byte[] copy(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.duplicate().get(bytes);
		return bytes;
	}

}
