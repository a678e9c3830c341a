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

package dev.halley.websocket.engine;

import java.nio.ByteBuffer;
import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.halley.websocket.engine.Frames.FIN_BINARY;
import static dev.halley.websocket.engine.Frames.FIN_PING;
import static dev.halley.websocket.engine.Frames.FIN_TEXT;
import static dev.halley.websocket.engine.Frames.KEY;
import static dev.halley.websocket.engine.Frames.bytes;
import static dev.halley.websocket.engine.Frames.hex;
import static dev.halley.websocket.engine.Frames.join;
import static dev.halley.websocket.engine.Frames.masked;
import static dev.halley.websocket.engine.Frames.maskedHeader;
import static dev.halley.websocket.engine.Frames.plain;
import static dev.halley.websocket.engine.Frames.utf8;
import static dev.halley.websocket.engine.Frames.xor;
import static dev.halley.websocket.engine.ReaderProbe.read;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 sections 5.1, 5.2, 5.3, 5.6, 5.7 and 5.8, rule by rule.
 */
class FramingRulesTests {

	@Nested
	class Section51Masking {

		@Test
		void aServerClosesWith1002OnAnUnmaskedFrame() {
			assertThat(read(plain(FIN_TEXT, "Hello"))).containsExactly("error 1002");
		}

		@Test
		void aServerClosesWith1002OnAnUnmaskedControlFrame() {
			assertThat(read(plain(FIN_PING, ""))).containsExactly("error 1002");
		}

		@Test
		void aServerNeedsNoMoreThanTwoBytesToSeeThatTheMaskIsMissing() {
			assertThat(read(hex("81 7F"))).containsExactly("error 1002");
		}

		@Test
		void aServerClosesWith1002IfALaterFrameIsUnmasked() {
			assertThat(read(masked(FIN_TEXT, "a"), plain(FIN_TEXT, "b"))).containsExactly("text a", "error 1002");
		}

		@Test
		void aClientClosesWith1002OnAMaskedFrame() {
			assertThat(ReaderProbe.client().feed(masked(FIN_TEXT, "Hello")).events()).containsExactly("error 1002");
		}

		@Test
		void aClientReadsPlainFrames() {
			assertThat(ReaderProbe.client().feed(plain(FIN_TEXT, "Hello")).events()).containsExactly("text Hello");
		}

		@Test
		void theMessageSaysWhatWasExpected() {
			WebSocketProtocolException failure = ReaderProbe.server().feed(plain(FIN_TEXT, "Hello")).failure();
			assertThat(failure).hasMessage("Wrong masking: masked: false (expected: true)");
			assertThat(failure.reason()).isEqualTo("Wrong masking");
		}

	}

	@Nested
	class Section52ReservedBits {

		@ParameterizedTest
		@ValueSource(ints = { 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70 })
		void anyOfThemCloses1002WithoutAnExtension(int reserved) {
			for (int first : List.of(0x81, 0x82, 0x80, 0x01, 0x88, 0x89, 0x8A)) {
				assertThat(read(masked(first | reserved, ""))).containsExactly("error 1002");
			}
		}

		@Test
		void closes1002InALaterFrame() {
			assertThat(read(masked(FIN_TEXT, "a"), masked(FIN_TEXT | 0x20, "b"))).containsExactly("text a",
					"error 1002");
		}

	}

	@Nested
	class Section52Opcodes {

		@ParameterizedTest
		@ValueSource(ints = { 3, 4, 5, 6, 7 })
		void aReservedOneForDataCloses1002(int opcode) {
			assertThat(read(masked(0x80 | opcode, "a"))).containsExactly("error 1002");
			assertThat(read(masked(opcode, "a"))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { 11, 12, 13, 14, 15 })
		void aReservedOneForControlCloses1002(int opcode) {
			assertThat(read(masked(0x80 | opcode, "a"))).containsExactly("error 1002");
		}

		@Test
		void aReservedOneWithinAMessageCloses1002() {
			assertThat(read(masked(0x01, "a"), masked(0x83, "b"))).containsExactly("error 1002");
		}

		@Test
		void theKnownOnesGiveTheirEvents() {
			byte[] frames = join(masked(0x81, "a"), masked(0x82, "b"), masked(0x89, "c"), masked(0x8A, "d"),
					masked(0x01, "e"), masked(0x80, "f"), masked(0x88, ""));
			assertThat(read(frames)).containsExactly("text a", "binary 62", "ping 63", "pong 64", "text ef",
					"close 1005 ");
		}

	}

	@Nested
	class Section52Lengths {

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537, 200_000 })
		void anyLengthIsReadWhole(int length) {
			byte[] payload = payload(length);
			ReaderProbe probe = ReaderProbe.server().feed(masked(FIN_BINARY, payload));
			assertThat(probe.messages()).singleElement().isEqualTo(payload);
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, 70_000 })
		void anyLengthIsReadWholeByteByByte(int length) {
			byte[] payload = payload(length);
			ReaderProbe probe = ReaderProbe.server().feedEach(masked(FIN_BINARY, payload));
			assertThat(probe.messages()).singleElement().isEqualTo(payload);
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 125 })
		void sixteenBitsForALengthOfSevenClose1002(int length) {
			assertThat(read(join(bytes(0x82, 0xFE, 0, length), KEY, new byte[length]))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(longs = { 0, 125, 126, 65535 })
		void sixtyFourBitsForASmallerLengthClose1002(long length) {
			byte[] wide = ByteBuffer.allocate(8).putLong(length).array();
			assertThat(read(join(bytes(0x82, 0xFF), wide, KEY))).containsExactly("error 1002");
		}

		@Test
		void aLengthWithTheHighestBitCloses1002() {
			assertThat(read(join(hex("82 FF 80 00 00 00 00 00 00 00"), KEY))).containsExactly("error 1002");
			assertThat(read(join(hex("82 FF FF FF FF FF FF FF FF FF"), KEY))).containsExactly("error 1002");
		}

		@Test
		void theLongestLengthOf63BitsIsALengthAndMerelyTooBig() {
			assertThat(read(maskedHeader(FIN_BINARY, Long.MAX_VALUE))).containsExactly("error 1009");
		}

		@Test
		void theMessageGivesTheLengthAsTheWireDid() {
			WebSocketProtocolException failure = ReaderProbe.server()
				.feed(join(hex("82 FF 80 00 00 00 00 00 00 01"), KEY))
				.failure();
			assertThat(failure)
				.hasMessage("Length out of range: length: 9223372036854775809 (expected: <= 9223372036854775807)");
		}

		@Test
		void aFrameIsNoMessageBeforeItsLastByte() {
			byte[] frame = masked(FIN_TEXT, "Hello");
			ReaderProbe probe = ReaderProbe.server();
			probe.feed(frame, 0, frame.length - 1);
			assertThat(probe.events()).isEmpty();
			probe.feed(frame, frame.length - 1, 1);
			assertThat(probe.events()).containsExactly("text Hello");
		}

	}

	@Nested
	class Section53Keys {

		@ParameterizedTest
		@ValueSource(strings = { "00000000", "ffffffff", "80808080", "01000000", "00000001", "37fa213d" })
		void anyKeyUnmasks(String key) {
			assertThat(read(masked(FIN_TEXT, utf8("Hello, world, and all"), hex(key))))
				.containsExactly("text Hello, world, and all");
		}

		@Test
		void eachFrameHasItsOwnKey() {
			assertThat(read(masked(FIN_TEXT, utf8("one"), hex("01020304")),
					masked(FIN_TEXT, utf8("two"), hex("f1f2f3f4"))))
				.containsExactly("text one", "text two");
		}

		@Test
		void eachFragmentStartsItsKeyAnew() {
			assertThat(read(masked(0x01, utf8("abc"), hex("01020304")), masked(0x00, utf8("defgh"), hex("11121314")),
					masked(0x80, utf8("i"), hex("21222324"))))
				.containsExactly("text abcdefghi");
		}

		@Test
		void theKeyGoesOnWhereAPayloadIsCut() {
			byte[] payload = payload(67);
			byte[] frame = masked(FIN_BINARY, payload);
			for (int cut = 0; cut <= frame.length; cut++) {
				ReaderProbe probe = ReaderProbe.server();
				probe.feed(frame, 0, cut);
				probe.feed(frame, cut, frame.length - cut);
				assertThat(probe.messages()).singleElement().isEqualTo(payload);
			}
		}

		@Test
		void theInputIsNotChanged() {
			byte[] frame = masked(FIN_TEXT, "Hello");
			byte[] copy = frame.clone();
			ReaderProbe.server().feed(frame);
			assertThat(frame).isEqualTo(copy);
		}

	}

	@Nested
	class Section56Data {

		@Test
		void textIsUtf8() {
			assertThat(read(masked(FIN_TEXT, "κόσμε 😀"))).containsExactly("text κόσμε 😀");
		}

		@Test
		void binaryIsAnything() {
			assertThat(read(masked(FIN_BINARY, bytes(0xFF, 0xC0, 0x80, 0)))).containsExactly("binary ffc08000");
		}

		@Test
		void messagesMayBeEmpty() {
			assertThat(read(masked(FIN_TEXT, ""), masked(FIN_BINARY, ""))).containsExactly("text ", "binary ");
		}

		@Test
		void eachMessageIsAnArrayOfItsOwn() {
			ReaderProbe probe = ReaderProbe.server().feed(join(masked(FIN_TEXT, "one"), masked(FIN_TEXT, "two")));
			assertThat(probe.messages()).containsExactly(utf8("one"), utf8("two"));
		}

	}

	/**
	 * The examples of section 5.7, byte for byte.
	 */
	@Nested
	class Section57Examples {

		private final ByteSink sink = new ByteSink();

		@Test
		void aSingleFrameUnmaskedTextMessage() {
			FrameWriter.PLAIN.text(utf8("Hello"), this.sink);
			assertThat(this.sink.take()).isEqualTo(hex("81 05 48 65 6c 6c 6f"));
			assertThat(ReaderProbe.client().feed(hex("81 05 48 65 6c 6c 6f")).events()).containsExactly("text Hello");
		}

		@Test
		void aSingleFrameMaskedTextMessage() {
			FrameWriter.client(null, () -> 0x3D21FA37).text(utf8("Hello"), this.sink);
			assertThat(this.sink.take()).isEqualTo(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
			assertThat(read(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"))).containsExactly("text Hello");
		}

		@Test
		void aFragmentedUnmaskedTextMessage() {
			FrameWriter.PLAIN.fragment(Opcodes.TEXT, false, utf8("Hel"), this.sink);
			FrameWriter.PLAIN.fragment(Opcodes.CONTINUATION, true, utf8("lo"), this.sink);
			assertThat(this.sink.take()).isEqualTo(hex("01 03 48 65 6c 80 02 6c 6f"));
			assertThat(ReaderProbe.client().feed(hex("01 03 48 65 6c 80 02 6c 6f")).events())
				.containsExactly("text Hello");
		}

		@Test
		void anUnmaskedPingAndAMaskedPong() {
			FrameWriter.PLAIN.ping(utf8("Hello"), this.sink);
			assertThat(this.sink.take()).isEqualTo(hex("89 05 48 65 6c 6c 6f"));
			assertThat(read(hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"))).containsExactly("pong 48656c6c6f");
		}

		@ParameterizedTest
		@CsvSource({ "256, 82 7E 01 00", "65536, 82 7F 00 00 00 00 00 01 00 00" })
		void binaryMessagesOf256BytesAndOf64Kib(int length, String header) {
			byte[] payload = payload(length);
			FrameWriter.PLAIN.binary(payload, this.sink);
			byte[] frame = this.sink.take();
			assertThat(frame).isEqualTo(join(hex(header), payload));
			assertThat(ReaderProbe.client().feed(frame).messages()).containsExactly(payload);
		}

	}

	@Nested
	class Section58Extensibility {

		@Test
		void nothingIsToleratedThatWasNotNegotiated() {
			byte[] compressed = hex("f2 48 cd c9 c9 07 00");
			assertThat(read(join(hex("c1 87"), KEY, xor(compressed, KEY)))).containsExactly("error 1002");
		}

	}

	private static byte[] payload(int length) {
		byte[] payload = new byte[length];
		for (int i = 0; i < length; i++) {
			payload[i] = (byte) (i * 31 + i / 251);
		}
		return payload;
	}

}
