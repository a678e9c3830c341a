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

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 sections 5.5, 7.1.5, 7.1.6 and 7.4, rule by rule.
 */
class ControlFrameRulesTests {

	@Nested
	class Section55All {

		@ParameterizedTest
		@ValueSource(ints = { Frames.FIN_PING, Frames.FIN_PONG })
		void theyCarryUpTo125Bytes(int first) {
			String expected = ((first == Frames.FIN_PING) ? "ping " : "pong ") + "61".repeat(125);
			assertThat(ReaderProbe.read(Frames.masked(first, "a".repeat(125)))).containsExactly(expected);
		}

		@ParameterizedTest
		@ValueSource(ints = { Frames.FIN_PING, Frames.FIN_PONG, Frames.FIN_CLOSE })
		void morePayloadCloses1002(int first) {
			assertThat(ReaderProbe.read(Frames.masked(first, new byte[126]))).containsExactly("error 1002");
			assertThat(ReaderProbe.read(Frames.maskedHeader(first, 65536))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { Frames.FIN_PING, Frames.FIN_PONG, Frames.FIN_CLOSE })
		void theLengthCodeAloneIsEnoughToRefuse(int first) {
			assertThat(ReaderProbe.read(Frames.bytes(first, 0xFE))).containsExactly("error 1002");
			assertThat(ReaderProbe.read(Frames.bytes(first, 0xFF))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { Frames.FIN_PING, Frames.FIN_PONG, Frames.FIN_CLOSE })
		void fragmentsClose1002(int first) {
			assertThat(ReaderProbe.read(Frames.masked(first & 0x7F, ""))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { Frames.FIN_PING, Frames.FIN_PONG })
		void theyMayBeCutAnywhere(int first) {
			ReaderProbe probe = ReaderProbe.server().feedEach(Frames.masked(first, "0123456789"));
			assertThat(probe.events()).singleElement().asString().endsWith("30313233343536373839");
		}

	}

	@Nested
	class Section551Close {

		@Test
		void anEmptyOneHasNoStatus() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_CLOSE, ""))).containsExactly("close 1005 ");
		}

		@Test
		void oneByteCloses1002() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_CLOSE, Frames.bytes(0x03))))
				.containsExactly("error 1002");
		}

		@Test
		void theCodeIsInNetworkByteOrder() {
			assertThat(ReaderProbe
				.read(Frames.join(Frames.hex("88 82"), Frames.KEY, Frames.xor(Frames.hex("03 E8"), Frames.KEY))))
				.containsExactly("close 1000 ");
		}

		@Test
		void theReasonFollowsTheCode() {
			assertThat(ReaderProbe.read(Frames.close(1001, "going ❤"))).containsExactly("close 1001 going ❤");
		}

		@Test
		void theReasonHasUpTo123Bytes() {
			assertThat(ReaderProbe.read(Frames.close(1000, "r".repeat(123))))
				.containsExactly("close 1000 " + "r".repeat(123));
			assertThat(ReaderProbe.read(Frames.close(1000, "r".repeat(124)))).containsExactly("error 1002");
		}

		@Test
		void aReasonThatIsNotUtf8Closes1007() {
			byte[] overlong = Frames.closePayload(1000, Frames.bytes(0xC0, 0xAF));
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_CLOSE, overlong))).containsExactly("error 1007");
		}

		@Test
		void aReasonCutWithinACharacterCloses1007() {
			assertThat(ReaderProbe
				.read(Frames.masked(Frames.FIN_CLOSE, Frames.closePayload(1000, Frames.bytes('a', 0xE2, 0x82)))))
				.containsExactly("error 1007");
		}

		@Test
		void aWrongCodeCountsBeforeAWrongReason() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_CLOSE, Frames.closePayload(1005, Frames.bytes(0xC0)))))
				.containsExactly("error 1002");
		}

		@Test
		void nothingIsTakenAfterIt() {
			byte[] later = Frames.join(Frames.masked(Frames.FIN_TEXT, "late"), Frames.masked(Frames.FIN_PING, ""),
					Frames.close(1001, ""));
			assertThat(ReaderProbe.read(Frames.join(Frames.close(1000, ""), later))).containsExactly("close 1000 ");
			assertThat(ReaderProbe.read(Frames.close(1000, ""), later)).containsExactly("close 1000 ");
		}

		@Test
		void garbageAfterItIsDiscardedWithoutAnError() {
			assertThat(ReaderProbe.read(Frames.close(1000, ""), Frames.bytes(0xFF, 0xFF, 0xFF, 0xFF)))
				.containsExactly("close 1000 ");
		}

		@Test
		void whatComesAfterItIsConsumed() {
			byte[] input = Frames.join(Frames.close(1000, ""), Frames.masked(Frames.FIN_TEXT, "late"));
			ReaderProbe probe = ReaderProbe.server();
			assertThat(probe.feed(input, 0, input.length)).isEqualTo(input.length);
			assertThat(probe.reader().isEnded()).isTrue();
		}

	}

	@Nested
	class Section552And553PingAndPong {

		@Test
		void aPingGivesItsPayloadToAnswerWith() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_PING, Frames.bytes(0, 0xFF, 0x80))))
				.containsExactly("ping 00ff80");
		}

		@Test
		void eachPingIsHandedOver() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_PING, "1"), Frames.masked(Frames.FIN_PING, "2"),
					Frames.masked(Frames.FIN_PING, "")))
				.containsExactly("ping 31", "ping 32", "ping ");
		}

		@Test
		void aPongMayComeUnasked() {
			assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_PONG, "heart"))).containsExactly("pong 6865617274");
		}

		@Test
		void aPongWritesThePingsPayload() {
			ByteSink sink = new ByteSink();
			FrameWriter.PLAIN.pong(Frames.utf8("Hello"), sink);
			assertThat(sink.take()).isEqualTo(Frames.hex("8a 05 48 65 6c 6c 6f"));
		}

	}

	@Nested
	class Section74Codes {

		@ParameterizedTest
		@ValueSource(ints = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
				4999 })
		void theseMayBeReceived(int code) {
			assertThat(ReaderProbe.read(Frames.close(code, "why"))).containsExactly("close " + code + " why");
		}

		@ParameterizedTest
		@ValueSource(ints = { 1004, 1005, 1006, 1015 })
		void section741ThoseThatMustNotBeOnTheWireClose1002(int code) {
			assertThat(ReaderProbe.read(Frames.close(code, ""))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 1, 100, 999 })
		void section742ThoseBelow1000Close1002(int code) {
			assertThat(ReaderProbe.read(Frames.close(code, ""))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { 1016, 1100, 1999, 2000, 2999 })
		void section742UnregisteredOnesClose1002(int code) {
			assertThat(ReaderProbe.read(Frames.close(code, ""))).containsExactly("error 1002");
		}

		@ParameterizedTest
		@ValueSource(ints = { 5000, 32767, 32768, 65535 })
		void section742ThoseAbove4999Close1002(int code) {
			assertThat(ReaderProbe.read(Frames.close(code, ""))).containsExactly("error 1002");
		}

		@Test
		void theMessageNamesTheCode() {
			assertThat(ReaderProbe.server().feed(Frames.close(2999, "")).failure())
				.hasMessage("Invalid close code: code: 2999 (expected: 1000-1003, 1007-1014, 3000-4999)");
		}

	}

}
