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
import java.util.Map;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The codecs that need no library: text, bytes and frames.
 */
final class BuiltInCodecs implements CodecFactory {

	private static final Map<Class<?>, MessageCodec<?>> CODECS = Map.of(String.class, TextCodec.INSTANCE,
			CharSequence.class, TextCodec.INSTANCE, byte[].class, BytesCodec.INSTANCE, ByteBuffer.class,
			ByteBufferCodec.INSTANCE, Void.class, NoMessageCodec.INSTANCE);

	@Override
	public @Nullable MessageCodec<?> create(MessageType type) {
		refuseOpen(type);
		refuseAsynchronous(type);
		return type.is(WebSocketMessage.class) ? FrameCodec.of(type) : CODECS.get(type.raw());
	}

	/**
	 * An {@code Object} could be text, bytes or JSON: a string would be sent as JSON with
	 * quotes, which nobody expects.
	 */
	private static void refuseOpen(MessageType type) {
		if (type.raw() == Object.class) {
			throw new UnsupportedMessageTypeException(type.toString(), "which can be anything",
					"a type that says what is sent: String, byte[], JsonNode, a record, a sealed interface with "
							+ "@JsonTypeInfo, or Void where nothing is");
		}
	}

	private static void refuseAsynchronous(MessageType type) {
		if (type.is(Publisher.class) || type.is(CompletionStage.class)) {
			throw new UnsupportedMessageTypeException(type.toString(), "which is no message but a source of them",
					"the type of its elements");
		}
	}

}
