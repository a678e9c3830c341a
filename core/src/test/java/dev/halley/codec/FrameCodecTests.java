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
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ResolvableType;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import dev.halley.codec.Payload.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FrameCodecTests {

	private static final ByteBuffer BYTES = ByteBuffer.wrap(new byte[] { 1, 2 });

	static Stream<WebSocketMessage<?>> messages() {
		return Stream.of(new TextMessage("äöü"), new BinaryMessage(BYTES), new PingMessage(BYTES),
				new PongMessage(BYTES));
	}

	@ParameterizedTest
	@MethodSource("messages")
	void messagesOfAllKindsGoOutAndComeIn(WebSocketMessage<?> message) throws Exception {
		FrameCodec codec = codec(ResolvableType.forClass(WebSocketMessage.class));
		assertThat(codec.decode(codec.encode(message))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void aDeclaredKindTakesThatKindOnly(WebSocketMessage<?> message) throws Exception {
		FrameCodec codec = codec(ResolvableType.forClass(message.getClass()));
		Payload payload = codec.encode(message);
		assertThat(codec.decode(payload)).isEqualTo(message);
		for (Kind kind : Kind.values()) {
			if (kind != payload.kind()) {
				assertThatExceptionOfType(MessageDecodingException.class)
					.isThrownBy(() -> codec.decode(BuiltInCodecsTests.payload(kind)))
					.withMessage("message: " + kind + " (expected: [" + payload.kind() + "])");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void theTypeOfTheContentNarrowsTheKinds(Kind kind) {
		Payload payload = BuiltInCodecsTests.payload(kind);
		FrameCodec text = codec(ResolvableType.forClassWithGenerics(WebSocketMessage.class, String.class));
		FrameCodec bytes = codec(ResolvableType.forClassWithGenerics(WebSocketMessage.class, ByteBuffer.class));
		FrameCodec refusing = (kind == Kind.TEXT) ? bytes : text;
		assertThatExceptionOfType(MessageDecodingException.class).isThrownBy(() -> refusing.decode(payload));
		assertThat(((kind == Kind.TEXT) ? text : bytes).decode(payload)).isNotNull();
	}

	@Test
	void aBufferMayGoOutManyTimes() {
		FrameCodec codec = codec(ResolvableType.forClass(BinaryMessage.class));
		BinaryMessage message = new BinaryMessage(BYTES);
		assertThat(codec.encode(message)).isEqualTo(codec.encode(message))
			.isEqualTo(Payload.binary(new byte[] { 1, 2 }));
	}

	@Test
	void refusesToSendAFragment() {
		FrameCodec codec = codec(ResolvableType.forClass(TextMessage.class));
		assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(new TextMessage("a", false)))
			.withMessage("message: a fragment (expected: a whole message)");
	}

	@Test
	void refusesToSendATypeOfItsOwn() {
		FrameCodec codec = codec(ResolvableType.forClass(WebSocketMessage.class));
		assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(new Special("content")))
			.withMessageContaining(Special.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(new Special(BYTES)))
			.withMessageContaining("(expected: TextMessage, BinaryMessage, PingMessage or PongMessage)");
	}

	@Test
	void refusesTypesThatAreNotSpringsOwn() {
		for (ResolvableType type : List.of(ResolvableType.forClass(Special.class),
				ResolvableType.forClassWithGenerics(WebSocketMessage.class, Integer.class))) {
			assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> codec(type))
				.withMessageContaining("a WebSocketMessage that is not known");
		}
	}

	private static FrameCodec codec(ResolvableType type) {
		return (FrameCodec) MessageCodecs.builder().build().codec(type);
	}

	record Special(Object content) implements WebSocketMessage<Object> {

		@Override
		public Object getPayload() {
			return this.content;
		}

		@Override
		public int getPayloadLength() {
			return 0;
		}

		@Override
		public boolean isLast() {
			return true;
		}

	}

}
