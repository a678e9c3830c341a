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

package dev.halley.test;

import java.nio.charset.StandardCharsets;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;

/**
 * Hands messages over as they are. What they say of themselves stands for what they would
 * be on a wire, so that they have a size.
 */
final class ObjectCodec implements MessageCodec<Object> {

	static final ObjectCodec INSTANCE = new ObjectCodec();

	private ObjectCodec() {
	}

	@Override
	public Payload encode(Object message) {
		return (message instanceof byte[] bytes) ? Payload.binary(bytes)
				: Payload.text(String.valueOf(message).getBytes(StandardCharsets.UTF_8), new Itself(message));
	}

	@Override
	public Object decode(Payload payload) {
		if (payload.content() instanceof Itself itself) {
			return itself.message();
		}
		return (payload.kind() == Payload.Kind.TEXT) ? payload.text() : payload.bytes();
	}

	/**
	 * Says that a payload stands for a message.
	 *
	 * @param message the message
	 */
	private record Itself(Object message) implements Payload.Content {
	}

}
