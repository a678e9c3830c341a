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

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * RFC 7692 section 7.1: which offers are accepted, and with what answer.
 */
class DeflateNegotiationTests {

	private static final String PLAIN = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

	private static final String TAKEOVER = "permessage-deflate; server_no_context_takeover";

	private final PerMessageDeflate deflate = new PerMessageDeflate(DeflateSettings.DEFAULTS);

	private final PerMessageDeflate keeping = new PerMessageDeflate(new DeflateSettings(1024, -1, true, 4));

	@Test
	void theShortestOfferIsAcceptedWithoutTheServersContext() {
		assertThat(answer("permessage-deflate")).isEqualTo(TAKEOVER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; server_no_context_takeover",
			"permessage-deflate; server_no_context_takeover; foo, permessage-deflate" })
	void aClientThatSaysNothingOfItsMessagesMayTakeItsContextOver(String offer) {
		assertThat(answer(offer)).isEqualTo(TAKEOVER);
		assertThat(this.deflate.negotiate(List.of(offer))).isNotNull()
			.extracting(DeflateParameters::clientContextTakeover)
			.isEqualTo(true);
	}

	@Test
	void noOfferIsNoCompression() {
		assertThat(this.deflate.negotiate(List.of())).isNull();
		assertThat(answer("")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; client_no_context_takeover",
			"permessage-deflate; client_no_context_takeover; server_no_context_takeover",
			"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=8",
			"permessage-deflate; client_max_window_bits=15", "permessage-deflate; client_max_window_bits=\"10\"",
			"permessage-deflate;client_max_window_bits=9;client_no_context_takeover",
			"  permessage-deflate  ;  client_max_window_bits  =  10  ",
			"\tpermessage-deflate\t;\tclient_max_window_bits" })
	void theseAreAcceptedAndAnsweredAlike(String offer) {
		assertThat(answer(offer)).isEqualTo(PLAIN);
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 9, 10, 11, 12, 13, 14, 15 })
	void theServersWindowIsAcceptedAndAnswered(int bits) {
		assertThat(answer("permessage-deflate; server_max_window_bits=" + bits))
			.isEqualTo(TAKEOVER + "; server_max_window_bits=" + bits);
	}

	@ParameterizedTest
	@CsvSource({ "8, 256", "9, 512", "14, 16384", "15, 2147483647" })
	void aSmallWindowIsKeptByLeavingBiggerMessagesAlone(int bits, int most) {
		DeflateParameters agreed = this.deflate
			.negotiate(List.of("permessage-deflate; server_max_window_bits=" + bits));
		assertThat(agreed).isNotNull().extracting(DeflateParameters::maxCompressible).isEqualTo(most);
	}

	@Test
	void withoutAWindowMessagesOfAnySizeAreCompressed() {
		assertThat(this.deflate.negotiate(List.of("permessage-deflate"))).isNotNull()
			.extracting(DeflateParameters::maxCompressible)
			.isEqualTo(Integer.MAX_VALUE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; server_max_window_bits",
			"permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
			"permessage-deflate; server_max_window_bits=08", "permessage-deflate; server_max_window_bits=+9",
			"permessage-deflate; server_max_window_bits=", "permessage-deflate; server_max_window_bits=x",
			"permessage-deflate; server_max_window_bits=99999999999999999999",
			"permessage-deflate; client_max_window_bits=7", "permessage-deflate; client_max_window_bits=16",
			"permessage-deflate; client_max_window_bits=010", "permessage-deflate; client_max_window_bits=",
			"permessage-deflate; server_no_context_takeover=1", "permessage-deflate; client_no_context_takeover=true",
			"permessage-deflate; server_no_context_takeover; server_no_context_takeover",
			"permessage-deflate; client_max_window_bits; client_max_window_bits=10",
			"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", "permessage-deflate; unknown",
			"permessage-deflate; unknown=1" })
	void section71InvalidParametersDecline(String offer) {
		assertThat(answer(offer)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate;", "permessage-deflate;;client_max_window_bits",
			"permessage-deflate; client_max_window_bits=\"10", "permessage-deflate; client_max_window_bits=10\"",
			"permessage-deflate; client_max_window_bits=\"", "permessage-deflate; client_max_window_bits=\"\"",
			"permessage-deflate; client_max_window_bits=\"1 0\"", "permessage-deflate; =10",
			"permessage-deflate client_max_window_bits", "; permessage-deflate", "\"permessage-deflate\"",
			"permessage-deflate; client max_window_bits", "permessage-deflate\u0000", "permessage-déflate", "\\", ";",
			"=", ",", "\"", "\"\\" })
	void section9OfRfc6455MalformedOffersDeclineWithoutAnException(String offer) {
		assertThat(answer(offer)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-webkit-deflate-frame", "permessage-bzip2", "permessage-deflate-2", "Permessage-Deflate",
			"foo; permessage-deflate" })
	void otherExtensionsAreDeclined(String offer) {
		assertThat(answer(offer)).isNull();
	}

	@Test
	void theFirstOfferThatCanBeAcceptedIs() {
		assertThat(answer("permessage-deflate; server_max_window_bits=11, permessage-deflate"))
			.endsWith("; server_max_window_bits=11");
		assertThat(answer("permessage-deflate; server_max_window_bits=3, permessage-deflate")).isEqualTo(TAKEOVER);
		assertThat(answer("foo, permessage-deflate; nonsense, ,permessage-deflate; server_max_window_bits=15"))
			.endsWith("; server_max_window_bits=15");
	}

	@Test
	void offersMayBeSpreadOverHeaders() {
		assertThat(this.deflate.negotiate(List.of("foo; a=1", "permessage-deflate; bad", "permessage-deflate")))
			.isNotNull();
	}

	@Test
	void aMalformedOfferSpoilsNoOther() {
		assertThat(answer("permessage-deflate; x=\"a, permessage-deflate\", permessage-deflate")).isEqualTo(TAKEOVER);
		assertThat(this.deflate.negotiate(List.of("foo; x=\"unclosed", "permessage-deflate"))).isNotNull();
	}

	@Test
	void aQuoteEndsTheHeaderIfItIsNotClosed() {
		assertThat(answer("foo; x=\"unclosed, permessage-deflate")).isNull();
	}

	@Test
	void aQuotedValueIsUnescaped() {
		assertThat(answer("permessage-deflate; server_max_window_bits=\"1\\2\""))
			.isEqualTo(TAKEOVER + "; server_max_window_bits=12");
		assertThat(answer("foo; x=\"a\\\", b\", permessage-deflate")).isEqualTo(TAKEOVER);
	}

	@Test
	void contextIsTakenOverIfTheServerLikesItAndTheClientDoesNotRefuse() {
		assertThat(keptAnswer("permessage-deflate")).isEqualTo("permessage-deflate");
		assertThat(keptAnswer("permessage-deflate; client_max_window_bits")).isEqualTo("permessage-deflate");
	}

	@Test
	void section7111AClientThatRefusesTheServersContextGetsIt() {
		assertThat(keptAnswer("permessage-deflate; server_no_context_takeover"))
			.isEqualTo("permessage-deflate; server_no_context_takeover");
	}

	@Test
	void section7112AClientThatKeepsNoContextIsTakenAtItsWord() {
		assertThat(keptAnswer("permessage-deflate; client_no_context_takeover"))
			.isEqualTo("permessage-deflate; client_no_context_takeover");
	}

	@Test
	void aSmallWindowExcludesTheServersContext() {
		assertThat(keptAnswer("permessage-deflate; server_max_window_bits=10"))
			.isEqualTo("permessage-deflate; server_no_context_takeover; server_max_window_bits=10");
		assertThat(keptAnswer("permessage-deflate; server_max_window_bits=15"))
			.isEqualTo("permessage-deflate; server_max_window_bits=15");
	}

	@Test
	void theOffersOfBrowsersAreAccepted() {
		assertThat(answer("permessage-deflate; client_max_window_bits")).isEqualTo(PLAIN);
		assertThat(answer("permessage-deflate; client_no_context_takeover; server_no_context_takeover"))
			.isEqualTo(PLAIN);
	}

	@Test
	void randomHeadersNeverThrow() {
		String alphabet = "permessage-deflate;, =\"\\\t0189_client_max_window_bits\u0000é";
		Random random = new Random(7692);
		for (int round = 0; round < 50_000; round++) {
			StringBuilder header = new StringBuilder((round % 2 == 0) ? "permessage-deflate" : "");
			random.ints(random.nextInt(30), 0, alphabet.length()).forEach((i) -> header.append(alphabet.charAt(i)));
			assertThatNoException().isThrownBy(() -> answer(header.toString()));
		}
	}

	private String answer(String offer) {
		return header(this.deflate.negotiate(List.of(offer)));
	}

	private String keptAnswer(String offer) {
		return header(this.keeping.negotiate(List.of(offer)));
	}

	private static String header(DeflateParameters agreed) {
		return (agreed != null) ? agreed.header() : null;
	}

}
