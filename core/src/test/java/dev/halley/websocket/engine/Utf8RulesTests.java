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

import static dev.halley.websocket.engine.Frames.CONTINUATION;
import static dev.halley.websocket.engine.Frames.FIN_CONTINUATION;
import static dev.halley.websocket.engine.Frames.FIN_PING;
import static dev.halley.websocket.engine.Frames.FIN_TEXT;
import static dev.halley.websocket.engine.Frames.TEXT;
import static dev.halley.websocket.engine.Frames.bytes;
import static dev.halley.websocket.engine.Frames.hex;
import static dev.halley.websocket.engine.Frames.join;
import static dev.halley.websocket.engine.Frames.masked;
import static dev.halley.websocket.engine.Frames.maskedHeader;
import static dev.halley.websocket.engine.Frames.utf8;
import static dev.halley.websocket.engine.Frames.xor;
import static dev.halley.websocket.engine.ReaderProbe.read;
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
		assertThat(read(masked(FIN_TEXT, join(utf8("Hello "), hex(sequence), utf8(" world")))))
			.containsExactly("error 1007");
	}

	@ParameterizedTest
	@MethodSource("brokenAtTheLastByte")
	void itFailsAtTheFirstBadByteThoughTheFrameIsNotWhole(String sequence) {
		byte[] bad = hex(sequence);
		byte[] payload = join(utf8("Hello"), bad);
		ReaderProbe probe = ReaderProbe.server().feed(maskedHeader(FIN_TEXT, 1000));
		byte[] masked = xor(payload, Frames.KEY);
		probe.feed(masked, 0, masked.length - 1);
		assertThat(probe.events()).isEmpty();
		probe.feed(masked, masked.length - 1, 1);
		assertThat(probe.events()).containsExactly("error 1007");
	}

	@ParameterizedTest
	@MethodSource("brokenAtTheLastByte")
	void itFailsInTheFragmentWithTheFirstBadByte(String sequence) {
		byte[] bad = hex(sequence);
		ReaderProbe probe = ReaderProbe.server().feed(masked(TEXT, "Hello"));
		for (int i = 0; i < bad.length; i++) {
			assertThat(probe.events()).isEmpty();
			probe.feed(masked(CONTINUATION, bytes(bad[i])));
		}
		assertThat(probe.events()).containsExactly("error 1007");
	}

	@ParameterizedTest
	@ValueSource(strings = { "c2", "e2", "e2 82", "f0", "f0 9f", "f0 9f 98", "61 62 63 64 65 66 67 68 f0 9f 98" })
	void aMessageMustNotEndWithinACharacter(String sequence) {
		assertThat(read(masked(FIN_TEXT, hex(sequence)))).containsExactly("error 1007");
		assertThat(read(masked(TEXT, hex(sequence)), masked(FIN_CONTINUATION, ""))).containsExactly("error 1007");
	}

	@ParameterizedTest
	@ValueSource(strings = { "c2", "e2", "e2 82", "f0", "f0 9f", "f0 9f 98" })
	void aFragmentMayEndWithinACharacter(String sequence) {
		ReaderProbe probe = ReaderProbe.server().feed(masked(TEXT, hex(sequence)));
		assertThat(probe.events()).isEmpty();
		assertThat(probe.reader().isEnded()).isFalse();
	}

	@Test
	void aCharacterMayBeSpreadOverFragments() {
		byte[] text = utf8("aé€😀z");
		for (int cut = 0; cut <= text.length; cut++) {
			byte[] head = java.util.Arrays.copyOf(text, cut);
			byte[] tail = java.util.Arrays.copyOfRange(text, cut, text.length);
			assertThat(read(masked(TEXT, head), masked(FIN_PING, "é"), masked(FIN_CONTINUATION, tail)))
				.containsExactly("ping " + HexFormat.of().formatHex(utf8("é")), "text aé€😀z");
		}
	}

	@Test
	void eachMessageStartsAnew() {
		assertThat(read(masked(FIN_TEXT, "é"), masked(FIN_TEXT, bytes(0xA9)))).containsExactly("text é", "error 1007");
	}

	@Test
	void binaryFragmentsAreNotValidated() {
		assertThat(read(masked(Frames.BINARY, bytes(0xC0)), masked(FIN_CONTINUATION, bytes(0xFF))))
			.containsExactly("binary c0ff");
	}

	@Test
	void theLastAndTheFirstOfEachRangeAreText() {
		String edges = "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\ufffe\uffff\ud800\udc00\udbff\udfff";
		assertThat(read(masked(FIN_TEXT, edges))).containsExactly("text " + edges);
	}

	@Test
	void theReasonForTheCloseSaysNothingOfTheText() {
		assertThat(ReaderProbe.server().feed(masked(FIN_TEXT, bytes(0xFF))).failure().reason())
			.isEqualTo("Invalid UTF-8");
	}

}
