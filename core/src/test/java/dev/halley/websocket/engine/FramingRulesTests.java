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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 sections 5.1, 5.2, 5.3, 5.6, 5.7 and 5.8, rule by rule.
 */
class FramingRulesTests {

	private static byte[] payload(int length) {
		byte[] payload = new byte[length];
		for (int i = 0; i < length; i++) {
			payload[i] = (byte) (i * 31 + i / 251);
		}
		return payload;
	}

	@Nested
	class Section51Masking {

		@Test
		void aServerClosesWith1002OnAnUnmaskedFrame() {
			assertThat(ReaderProbe.read(Frames.plain(Frames.FIN_TEXT, "Hello"))).containsExactly("error 1002");
		}

		@Test
		void aServerClosesWith1002OnAnUnmaskedControlFrame() {
			assertThat(ReaderProbe.read(Frames.plain(Frames.FIN_PING, ""))).containsExactly("error 1002");
		}

		@Test
		void aServerNeedsNoMoreThanTwoBytesToSeeThatTheMaskIsMissing() {
			assertThat(ReaderProbe.read(Frames.hex("81 7F"))).containsExactly("error 1002");
		}

		@Test
		void aServerClosesWith1002IfALaterFrameIsUnmasked() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, "a"), Frames.plain(Frames.FIN_TEXT, "b")))
				.containsExactly("text a", "error 1002");
		}

		@Test
		void aClientClosesWith1002OnAMaskedFrame() {
			assertThat(ReaderProbe.client().feed(Frames.masked(Frames.FIN_TEXT, "Hello")).events())
				.containsExactly("error 1002");
		}

		@Test
		void aClientReadsPlainFrames() {
			assertThat(ReaderProbe.client().feed(Frames.plain(Frames.FIN_TEXT, "Hello")).events())
				.containsExactly("text Hello");
		}

		@Test
		void theMessageSaysWhatWasExpected() {
			WebSocketProtocolException failure = ReaderProbe.server()
				.feed(Frames.plain(Frames.FIN_TEXT, "Hello"))
				.failure();
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
				assertThat(ReaderProbe.read(Frames.masked(first | reserved, ""))).containsExactly("error 1002");
			}
		}

		@Test
		void closes1002InALaterFrame() {
			assertThat(
					ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, "a"), Frames.masked(Frames.FIN_TEXT | 0x20, "b")))
				.containsExactly("text a", "error 1002");
		}

	}

	@Nested
	class Section52Opcodes {

		@ParameterizedTest
		@ValueSource(ints = { 3, 4, 5, 6, 7 })
		void aReservedOneForDataCloses1002(int opcode) {
			assertThat(ReaderProbe.read(Frames.masked(0x80 | opcode, "a"))).containsExactly("error 1002");
			assertThat(ReaderProbe.read(Frames.masked(opcode, "a"))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { 11, 12, 13, 14, 15 })
		void aReservedOneForControlCloses1002(int opcode) {
			assertThat(ReaderProbe.read(Frames.masked(0x80 | opcode, "a"))).containsExactly("error 1002");
		}

		@Test
		void aReservedOneWithinAMessageCloses1002() {
			assertThat(ReaderProbe.read(Frames.masked(0x01, "a"), Frames.masked(0x83, "b")))
				.containsExactly("error 1002");
		}

		@Test
		void theKnownOnesGiveTheirEvents() {
			byte[] frames = Frames.join(Frames.masked(0x81, "a"), Frames.masked(0x82, "b"), Frames.masked(0x89, "c"),
					Frames.masked(0x8A, "d"), Frames.masked(0x01, "e"), Frames.masked(0x80, "f"),
					Frames.masked(0x88, ""));
			assertThat(ReaderProbe.read(frames)).containsExactly("text a", "binary 62", "ping 63", "pong 64", "text ef",
					"close 1005 ");
		}

	}

	@Nested
	class Section52Lengths {

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537, 200_000 })
		void anyLengthIsReadWhole(int length) {
			byte[] payload = payload(length);
			ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.FIN_BINARY, payload));
			assertThat(probe.messages()).singleElement().isEqualTo(payload);
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 125, 126, 127, 65535, 65536, 70_000 })
		void anyLengthIsReadWholeByteByByte(int length) {
			byte[] payload = payload(length);
			ReaderProbe probe = ReaderProbe.server().feedEach(Frames.masked(Frames.FIN_BINARY, payload));
			assertThat(probe.messages()).singleElement().isEqualTo(payload);
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 125 })
		void sixteenBitsForALengthOfSevenClose1002(int length) {
			assertThat(ReaderProbe.read(Frames.join(Frames.bytes(0x82, 0xFE, 0, length), Frames.KEY, new byte[length])))
				.containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(longs = { 0, 125, 126, 65535 })
		void sixtyFourBitsForASmallerLengthClose1002(long length) {
			byte[] wide = ByteBuffer.allocate(8).putLong(length).array();
			assertThat(ReaderProbe.read(Frames.join(Frames.bytes(0x82, 0xFF), wide, Frames.KEY)))
				.containsExactly("error 1002");
		}

		@Test
		void aLengthWithTheHighestBitCloses1002() {
			assertThat(ReaderProbe.read(Frames.join(Frames.hex("82 FF 80 00 00 00 00 00 00 00"), Frames.KEY)))
				.containsExactly("error 1002");
			assertThat(ReaderProbe.read(Frames.join(Frames.hex("82 FF FF FF FF FF FF FF FF FF"), Frames.KEY)))
				.containsExactly("error 1002");
		}

		@Test
		void theLongestLengthOf63BitsIsALengthAndMerelyTooBig() {
			assertThat(ReaderProbe.read(Frames.maskedHeader(Frames.FIN_BINARY, Long.MAX_VALUE)))
				.containsExactly("error 1009");
		}

		@Test
		void theMessageGivesTheLengthAsTheWireDid() {
			WebSocketProtocolException failure = ReaderProbe.server()
				.feed(Frames.join(Frames.hex("82 FF 80 00 00 00 00 00 00 01"), Frames.KEY))
				.failure();
			assertThat(failure)
				.hasMessage("Length out of range: length: 9223372036854775809 (expected: <= 9223372036854775807)");
		}

		@Test
		void aFrameIsNoMessageBeforeItsLastByte() {
			byte[] frame = Frames.masked(Frames.FIN_TEXT, "Hello");
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
			assertThat(ReaderProbe
				.read(Frames.masked(Frames.FIN_TEXT, Frames.utf8("Hello, world, and all"), Frames.hex(key))))
				.containsExactly("text Hello, world, and all");
		}

		@Test
		void eachFrameHasItsOwnKey() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, Frames.utf8("one"), Frames.hex("01020304")),
					Frames.masked(Frames.FIN_TEXT, Frames.utf8("two"), Frames.hex("f1f2f3f4"))))
				.containsExactly("text one", "text two");
		}

		@Test
		void eachFragmentStartsItsKeyAnew() {
			assertThat(ReaderProbe.read(Frames.masked(0x01, Frames.utf8("abc"), Frames.hex("01020304")),
					Frames.masked(0x00, Frames.utf8("defgh"), Frames.hex("11121314")),
					Frames.masked(0x80, Frames.utf8("i"), Frames.hex("21222324"))))
				.containsExactly("text abcdefghi");
		}

		@Test
		void theKeyGoesOnWhereAPayloadIsCut() {
			byte[] payload = payload(67);
			byte[] frame = Frames.masked(Frames.FIN_BINARY, payload);
			for (int cut = 0; cut <= frame.length; cut++) {
				ReaderProbe probe = ReaderProbe.server();
				probe.feed(frame, 0, cut);
				probe.feed(frame, cut, frame.length - cut);
				assertThat(probe.messages()).singleElement().isEqualTo(payload);
			}
		}

		@Test
		void theInputIsNotChanged() {
			byte[] frame = Frames.masked(Frames.FIN_TEXT, "Hello");
			byte[] copy = frame.clone();
			ReaderProbe.server().feed(frame);
			assertThat(frame).isEqualTo(copy);
		}

	}

	@Nested
	class Section56Data {

		@Test
		void textIsUtf8() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, "κόσμε 😀"))).containsExactly("text κόσμε 😀");
		}

		@Test
		void binaryIsAnything() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_BINARY, Frames.bytes(0xFF, 0xC0, 0x80, 0))))
				.containsExactly("binary ffc08000");
		}

		@Test
		void messagesMayBeEmpty() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, ""), Frames.masked(Frames.FIN_BINARY, "")))
				.containsExactly("text ", "binary ");
		}

		@Test
		void eachMessageIsAnArrayOfItsOwn() {
			ReaderProbe probe = ReaderProbe.server()
				.feed(Frames.join(Frames.masked(Frames.FIN_TEXT, "one"), Frames.masked(Frames.FIN_TEXT, "two")));
			assertThat(probe.messages()).containsExactly(Frames.utf8("one"), Frames.utf8("two"));
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
			FrameWriter.PLAIN.text(Frames.utf8("Hello"), this.sink);
			assertThat(this.sink.take()).isEqualTo(Frames.hex("81 05 48 65 6c 6c 6f"));
			assertThat(ReaderProbe.client().feed(Frames.hex("81 05 48 65 6c 6c 6f")).events())
				.containsExactly("text Hello");
		}

		@Test
		void aSingleFrameMaskedTextMessage() {
			FrameWriter.client(null, () -> 0x3D21FA37).text(Frames.utf8("Hello"), this.sink);
			assertThat(this.sink.take()).isEqualTo(Frames.hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
			assertThat(ReaderProbe.read(Frames.hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"))).containsExactly("text Hello");
		}

		@Test
		void aFragmentedUnmaskedTextMessage() {
			FrameWriter.PLAIN.fragment(Opcodes.TEXT, false, Frames.utf8("Hel"), this.sink);
			FrameWriter.PLAIN.fragment(Opcodes.CONTINUATION, true, Frames.utf8("lo"), this.sink);
			assertThat(this.sink.take()).isEqualTo(Frames.hex("01 03 48 65 6c 80 02 6c 6f"));
			assertThat(ReaderProbe.client().feed(Frames.hex("01 03 48 65 6c 80 02 6c 6f")).events())
				.containsExactly("text Hello");
		}

		@Test
		void anUnmaskedPingAndAMaskedPong() {
			FrameWriter.PLAIN.ping(Frames.utf8("Hello"), this.sink);
			assertThat(this.sink.take()).isEqualTo(Frames.hex("89 05 48 65 6c 6c 6f"));
			assertThat(ReaderProbe.read(Frames.hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58")))
				.containsExactly("pong 48656c6c6f");
		}

		@ParameterizedTest
		@CsvSource({ "256, 82 7E 01 00", "65536, 82 7F 00 00 00 00 00 01 00 00" })
		void binaryMessagesOf256BytesAndOf64Kib(int length, String header) {
			byte[] payload = payload(length);
			FrameWriter.PLAIN.binary(payload, this.sink);
			byte[] frame = this.sink.take();
			assertThat(frame).isEqualTo(Frames.join(Frames.hex(header), payload));
			assertThat(ReaderProbe.client().feed(frame).messages()).containsExactly(payload);
		}

	}

	@Nested
	class Section58Extensibility {

		@Test
		void nothingIsToleratedThatWasNotNegotiated() {
			byte[] compressed = Frames.hex("f2 48 cd c9 c9 07 00");
			assertThat(
					ReaderProbe.read(Frames.join(Frames.hex("c1 87"), Frames.KEY, Frames.xor(compressed, Frames.KEY))))
				.containsExactly("error 1002");
		}

	}

}
