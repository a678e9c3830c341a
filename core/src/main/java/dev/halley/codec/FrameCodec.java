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
import java.util.EnumSet;
import java.util.Set;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.codec.Payload.Kind;

/**
 * Spring's WebSocket messages: for those who want to see and to choose the type of the
 * frames. Messages are whole in both directions.
 */
final class FrameCodec implements MessageCodec<WebSocketMessage<?>> {

	private final Set<Kind> kinds;

	private FrameCodec(Set<Kind> kinds) {
		this.kinds = kinds;
	}

	/**
	 * Makes the codec of a type of frames.
	 * @param type the type, a {@link WebSocketMessage}
	 * @return the codec
	 * @throws UnsupportedMessageTypeException if it is none of Spring's own types
	 */
	static FrameCodec of(MessageType type) {
		Set<Kind> kinds = kinds(type);
		if (kinds.isEmpty()) {
			throw new UnsupportedMessageTypeException(type.toString(), "a WebSocketMessage that is not known",
					"WebSocketMessage<?>, TextMessage, BinaryMessage, PingMessage or PongMessage");
		}
		return new FrameCodec(kinds);
	}

	private static Set<Kind> kinds(MessageType type) {
		Set<Kind> kinds = EnumSet.noneOf(Kind.class);
		for (Kind kind : Kind.values()) {
			if (type.raw() == type(kind) || (type.raw() == WebSocketMessage.class && isContent(type, kind))) {
				kinds.add(kind);
			}
		}
		return kinds;
	}

	private static boolean isContent(MessageType type, Kind kind) {
		return type.arguments()
			.stream()
			.allMatch((argument) -> argument.raw()
				.isAssignableFrom((kind == Kind.TEXT) ? String.class : ByteBuffer.class));
	}

	private static Class<?> type(Kind kind) {
		return switch (kind) {
			case TEXT -> TextMessage.class;
			case BINARY -> BinaryMessage.class;
			case PING -> PingMessage.class;
			case PONG -> PongMessage.class;
		};
	}

	@Override
	public Payload encode(WebSocketMessage<?> message) {
		if (!message.isLast()) {
			throw new IllegalArgumentException("message: a fragment (expected: a whole message)");
		}
		if (message instanceof TextMessage text) {
			return Payload.text(text.getPayload());
		}
		if (message.getPayload() instanceof ByteBuffer buffer) {
			return encode(message, ByteBufferCodec.copy(buffer));
		}
		throw unknown(message);
	}

	private static Payload encode(WebSocketMessage<?> message, byte[] bytes) {
		if (message instanceof BinaryMessage) {
			return Payload.binary(bytes);
		}
		if (message instanceof PingMessage) {
			return Payload.ping(bytes);
		}
		if (message instanceof PongMessage) {
			return Payload.pong(bytes);
		}
		throw unknown(message);
	}

	private static IllegalArgumentException unknown(WebSocketMessage<?> message) {
		return new IllegalArgumentException("message: " + message.getClass().getName()
				+ " (expected: TextMessage, BinaryMessage, PingMessage or PongMessage)");
	}

	@Override
	public WebSocketMessage<?> decode(Payload payload) {
		if (!this.kinds.contains(payload.kind())) {
			throw new MessageDecodingException("message: " + payload.kind() + " (expected: " + this.kinds + ")");
		}
		return switch (payload.kind()) {
			case TEXT -> new TextMessage(payload.text());
			case BINARY -> new BinaryMessage(payload.bytes());
			case PING -> new PingMessage(ByteBuffer.wrap(payload.bytes()));
			case PONG -> new PongMessage(ByteBuffer.wrap(payload.bytes()));
		};
	}

}
