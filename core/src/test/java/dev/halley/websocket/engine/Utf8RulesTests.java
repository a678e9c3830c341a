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

import java.util.HexFormat;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 section 8.1: text that is not UTF-8 fails the connection, and as early as can
 * be known.
 */
class Utf8RulesTests {

	/**
	 * Sequences whose last byte is the first that cannot be right.
	 */
	static Stream<String> brokenAtTheLastByte() {
		return Stream.of("80", "bf", "c0", "c1", "f5", "f8", "fc", "fe", "ff", "c2 20", "c2 c2", "e0 80", "e0 9f",
				"e1 20", "e2 82 20", "e2 82 c0", "ed a0", "ed bf", "ef bf c0", "f0 80", "f0 8f", "f0 9f 98 20",
				"f0 9f 20", "f4 90", "f4 bf", "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0");
	}

	@ParameterizedTest
	@MethodSource("brokenAtTheLastByte")
	void aBrokenMessageCloses1007(String sequence) {
		assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT,
				Frames.join(Frames.utf8("Hello "), Frames.hex(sequence), Frames.utf8(" world")))))
			.containsExactly("error 1007");
	}

	@ParameterizedTest
	@MethodSource("brokenAtTheLastByte")
	void itFailsAtTheFirstBadByteThoughTheFrameIsNotWhole(String sequence) {
		byte[] bad = Frames.hex(sequence);
		byte[] payload = Frames.join(Frames.utf8("Hello"), bad);
		ReaderProbe probe = ReaderProbe.server().feed(Frames.maskedHeader(Frames.FIN_TEXT, 1000));
		byte[] masked = Frames.xor(payload, Frames.KEY);
		probe.feed(masked, 0, masked.length - 1);
		assertThat(probe.events()).isEmpty();
		probe.feed(masked, masked.length - 1, 1);
		assertThat(probe.events()).containsExactly("error 1007");
	}

	@ParameterizedTest
	@MethodSource("brokenAtTheLastByte")
	void itFailsInTheFragmentWithTheFirstBadByte(String sequence) {
		byte[] bad = Frames.hex(sequence);
		ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.TEXT, "Hello"));
		for (int i = 0; i < bad.length; i++) {
			assertThat(probe.events()).isEmpty();
			probe.feed(Frames.masked(Frames.CONTINUATION, Frames.bytes(bad[i])));
		}
		assertThat(probe.events()).containsExactly("error 1007");
	}

	@ParameterizedTest
	@ValueSource(strings = { "c2", "e2", "e2 82", "f0", "f0 9f", "f0 9f 98", "61 62 63 64 65 66 67 68 f0 9f 98" })
	void aMessageMustNotEndWithinACharacter(String sequence) {
		assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, Frames.hex(sequence))))
			.containsExactly("error 1007");
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, Frames.hex(sequence)),
				Frames.masked(Frames.FIN_CONTINUATION, "")))
			.containsExactly("error 1007");
	}

	@ParameterizedTest
	@ValueSource(strings = { "c2", "e2", "e2 82", "f0", "f0 9f", "f0 9f 98" })
	void aFragmentMayEndWithinACharacter(String sequence) {
		ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.TEXT, Frames.hex(sequence)));
		assertThat(probe.events()).isEmpty();
		assertThat(probe.reader().isEnded()).isFalse();
	}

	@Test
	void aCharacterMayBeSpreadOverFragments() {
		byte[] text = Frames.utf8("aé€😀z");
		for (int cut = 0; cut <= text.length; cut++) {
			byte[] head = java.util.Arrays.copyOf(text, cut);
			byte[] tail = java.util.Arrays.copyOfRange(text, cut, text.length);
			assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, head), Frames.masked(Frames.FIN_PING, "é"),
					Frames.masked(Frames.FIN_CONTINUATION, tail)))
				.containsExactly("ping " + HexFormat.of().formatHex(Frames.utf8("é")), "text aé€😀z");
		}
	}

	@Test
	void eachMessageStartsAnew() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, "é"),
				Frames.masked(Frames.FIN_TEXT, Frames.bytes(0xA9))))
			.containsExactly("text é", "error 1007");
	}

	@Test
	void binaryFragmentsAreNotValidated() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.BINARY, Frames.bytes(0xC0)),
				Frames.masked(Frames.FIN_CONTINUATION, Frames.bytes(0xFF))))
			.containsExactly("binary c0ff");
	}

	@Test
	void theLastAndTheFirstOfEachRangeAreText() {
		String edges = "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\ufffe\uffff\ud800\udc00\udbff\udfff";
		assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, edges))).containsExactly("text " + edges);
	}

	@Test
	void theReasonForTheCloseSaysNothingOfTheText() {
		assertThat(ReaderProbe.server().feed(Frames.masked(Frames.FIN_TEXT, Frames.bytes(0xFF))).failure().reason())
			.isEqualTo("Invalid UTF-8");
	}

}
