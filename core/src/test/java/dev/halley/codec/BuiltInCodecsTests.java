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
import java.nio.ReadOnlyBufferException;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ResolvableType;
import reactor.core.publisher.Flux;

import dev.halley.codec.Payload.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class BuiltInCodecsTests {

	private final MessageCodecs codecs = MessageCodecs.builder().build();

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "ä\u2028\0", "\ud83d\ude00", "{}" })
	void stringsAreText(String text) throws Exception {
		Payload payload = codec(String.class).encode(text);
		assertThat(payload).isEqualTo(Payload.text(text));
		assertThat(codec(String.class).decode(Payload.text(payload.bytes()))).isEqualTo(text);
	}

	@Test
	void anyCharacterSequenceIsText() throws Exception {
		assertThat(codec(CharSequence.class).encode(new StringBuilder("abc"))).isEqualTo(Payload.text("abc"));
		assertThat(codec(CharSequence.class)).isSameAs(codec(String.class));
	}

	@Test
	void byteArraysAreBinary() throws Exception {
		byte[] bytes = { 0, -1, 127 };
		assertThat(codec(byte[].class).encode(bytes)).isEqualTo(Payload.binary(bytes));
		assertThat(codec(byte[].class).decode(Payload.binary(bytes))).isEqualTo(bytes);
	}

	@Test
	void byteBuffersAreBinary() throws Exception {
		ByteBuffer buffer = ByteBuffer.wrap(new byte[] { 9, 1, 2, 9 }, 1, 2);
		assertThat(codec(ByteBuffer.class).encode(buffer)).isEqualTo(Payload.binary(new byte[] { 1, 2 }));
		assertThat(codec(ByteBuffer.class).decode(Payload.binary(new byte[] { 1, 2 }))).isEqualTo(buffer);
	}

	@Test
	void aByteBufferMayGoOutManyTimes() throws Exception {
		ByteBuffer buffer = ByteBuffer.allocateDirect(2).put((byte) 1).put((byte) 2).flip();
		Payload first = codec(ByteBuffer.class).encode(buffer);
		buffer.put(0, (byte) 5);
		assertThat(first.bytes()).containsExactly(1, 2);
		assertThat(codec(ByteBuffer.class).encode(buffer).bytes()).containsExactly(5, 2);
		assertThat(buffer.remaining()).isEqualTo(2);
	}

	@Test
	void aByteBufferThatCameInCannotBeWrittenTo() throws Exception {
		ByteBuffer buffer = (ByteBuffer) codec(ByteBuffer.class).decode(Payload.binary(new byte[1]));
		assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> buffer.put((byte) 1));
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "BINARY", "PING", "PONG" })
	void stringsAreReadFromTextOnly(Kind kind) {
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec(String.class).decode(payload(kind)))
			.withMessage("message: " + kind + " (expected: TEXT)");
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "TEXT", "PING", "PONG" })
	void bytesAreReadFromBinaryOnly(Kind kind) {
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec(byte[].class).decode(payload(kind)))
			.withMessage("message: " + kind + " (expected: BINARY)");
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec(ByteBuffer.class).decode(payload(kind)))
			.withMessage("message: " + kind + " (expected: BINARY)");
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void voidTakesNoMessage(Kind kind) {
		assertThatExceptionOfType(MessageDecodingException.class)
			.isThrownBy(() -> codec(Void.class).decode(payload(kind)))
			.withMessage("message: " + kind + " (expected: none)");
	}

	@Test
	void voidSendsNoMessage() {
		assertThatIllegalStateException().isThrownBy(() -> codec(Void.class).encode("a"))
			.withMessage("message: a (expected: none)");
	}

	@Test
	void refusesObjectAndSaysWhatToWrite() {
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> codec(Object.class))
			.withMessageContaining("java.lang.Object, which can be anything")
			.satisfies((ex) -> assertThat(ex.getType()).isEqualTo("java.lang.Object"))
			.satisfies((ex) -> assertThat(ex.getRemedy()).contains("String", "record", "Void"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Flux.class, CompletionStage.class })
	void refusesSourcesOfMessages(Class<?> type) {
		assertThatExceptionOfType(UnsupportedMessageTypeException.class).isThrownBy(() -> codec(type))
			.withMessageEndingWith("(expected: the type of its elements)");
	}

	@SuppressWarnings("unchecked")
	private MessageCodec<Object> codec(Class<?> type) {
		return (MessageCodec<Object>) this.codecs.codec(ResolvableType.forClass(type));
	}

	static Payload payload(Kind kind) {
		return switch (kind) {
			case TEXT -> Payload.text("text");
			case BINARY -> Payload.binary(new byte[1]);
			case PING -> Payload.ping(new byte[1]);
			case PONG -> Payload.pong(new byte[1]);
		};
	}

}
