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

package dev.halley.boot.cases;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages in pieces, too big ones, and such as cannot be read.
 */
abstract class MessageTests extends CaseTests {

	private static final int LIMIT = 65_536;

	private static final String TOO_BIG = "close 1009 message too big";

	private static final String UNREADABLE = "close 1003 unreadable message";

	private void assertClosed(Peer peer, String expected, int code) throws IOException, InterruptedException {
		peer.answerClose(expected);
		assertThat(peer.next()).isEqualTo("end");
		assertThat(run().done()).isEqualTo(code);
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@Test
	void textInFragmentsIsOneMessage() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.text("first"), Frame.part(Frame.TEXT, "se"), Frame.part(Frame.CONTINUATION, "co"),
					Frame.last("nd"), Frame.text("third"));
			assertThat(run().next()).isEqualTo("first");
			assertThat(run().next()).isEqualTo("second");
			assertThat(run().next()).isEqualTo("third");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void bytesInFragmentsAreOneMessage() throws Exception {
		try (Peer peer = connect("/collect-bytes")) {
			peer.send(Frame.binary(new byte[5]), Frame.part(Frame.BINARY, "se"), Frame.part(Frame.CONTINUATION, "co"),
					Frame.last("nd"), Frame.binary(new byte[0]));
			assertThat(run().next()).isEqualTo(5);
			assertThat(run().next()).isEqualTo(6);
			assertThat(run().next()).isEqualTo(0);
			closeInGoodOrder(peer);
		}
	}

	@Test
	void charactersMayBeSplitOverFragments() throws Exception {
		byte[] text = "Grüße 🌍".getBytes(StandardCharsets.UTF_8);
		try (Peer peer = connect("/collect")) {
			for (int i = 0; i < text.length; i++) {
				peer.send(Frame.part((i == 0) ? Frame.TEXT : Frame.CONTINUATION, new byte[] { text[i] }));
			}
			peer.send(Frame.last(""));
			assertThat(run().next()).isEqualTo("Grüße 🌍");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void aPingBetweenFragmentsIsAnsweredAtOnce() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.part(Frame.TEXT, "se"), Frame.ping("now"));
			assertThat(peer.next()).isEqualTo("pong now");
			peer.send(Frame.pong("unasked"), Frame.last("cond"));
			assertThat(run().next()).isEqualTo("second");
			closeInGoodOrder(peer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "ü", "🌍" })
	void aMessageOfTheLimitPassesInOneFrameAndInFragments(String character) throws Exception {
		String text = character.repeat(LIMIT / character.getBytes(StandardCharsets.UTF_8).length);
		int half = text.length() / 2;
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.text(text), Frame.part(Frame.TEXT, text.substring(0, half)),
					Frame.last(text.substring(half)));
			assertThat(run().next()).isEqualTo(text);
			assertThat(run().next()).isEqualTo(text);
			closeInGoodOrder(peer);
		}
	}

	@Test
	void oneByteMoreIsTooBigInOneFrame() throws Exception {
		try (Peer peer = connect("/collect")) {
			assertClosed(peer.say("x".repeat(LIMIT + 1)), TOO_BIG, 1009);
		}
	}

	@Test
	void oneByteMoreIsTooBigInFragments() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.part(Frame.TEXT, "x".repeat(LIMIT)), Frame.last("x"));
			assertClosed(peer, TOO_BIG, 1009);
		}
	}

	@Test
	void oneByteMoreIsTooBigInBinary() throws Exception {
		try (Peer peer = connect("/collect-bytes")) {
			peer.send(Frame.part(Frame.BINARY, new byte[LIMIT]), Frame.part(Frame.CONTINUATION, new byte[1]));
			assertClosed(peer, TOO_BIG, 1009);
		}
	}

	@Test
	void aMessageWithoutEndIsRefusedAtTheLimit() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.part(Frame.TEXT, "x"));
			byte[] part = Frame.part(Frame.CONTINUATION, "x".repeat(1024)).masked();
			for (int i = 0; i < 64; i++) {
				peer.send(part);
			}
			assertClosed(peer, TOO_BIG, 1009);
		}
	}

	@Test
	void bytesForAnEndpointOfTextAreRefused() throws Exception {
		try (Peer peer = connect("/collect")) {
			assertClosed(peer.send(Frame.binary(new byte[] { 'a' })), UNREADABLE, 1003);
		}
	}

	@Test
	void textForAnEndpointOfBytesIsRefused() throws Exception {
		try (Peer peer = connect("/collect-bytes")) {
			assertClosed(peer.say("a"), UNREADABLE, 1003);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/json  | {
			/json  | ''
			/json  | {"a":1} trailing
			/typed | {
			/typed | {"count":"not-a-number"}
			/typed | {"count":99999999999999999999}
			/typed | []
			/typed | null
			""")
	void brokenJsonIsRefusedWithAFixedReason(String path, String text) throws Exception {
		try (Peer peer = connect(path)) {
			assertClosed(peer.say(text), UNREADABLE, 1003);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/json", "/typed" })
	void deepJsonIsRefused(String path) throws Exception {
		try (Peer peer = connect(path)) {
			assertClosed(peer.say("[".repeat(60_000)), UNREADABLE, 1003);
		}
	}

	@Test
	void aDeepObjectInAFieldNobodyWantsIsRefused() throws Exception {
		try (Peer peer = connect("/typed")) {
			assertClosed(peer.say("{\"other\":".repeat(5_000)), UNREADABLE, 1003);
		}
	}

	@Test
	void whatValidationFindsIsRefused() throws Exception {
		try (Peer peer = connect("/valid")) {
			peer.say("{\"count\":10}");
			assertThat(run().next()).hasToString("Counted[count=10]");
			assertClosed(peer.say("{\"count\":11}"), "close 1008 invalid message", 1008);
		}
	}

	@Test
	void textThatIsNoUtf8AcrossFragmentsIsRefused() throws Exception {
		byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.part(Frame.TEXT, Arrays.copyOf(euro, 2)), Frame.last("x"));
			assertThat(peer.next()).startsWith("close 1007");
		}
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@Test
	void textThatEndsWithinACharacterIsRefused() throws Exception {
		byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.part(Frame.TEXT, Arrays.copyOf(euro, 2)), Frame.last(""));
			assertThat(peer.next()).startsWith("close 1007");
		}
		assertThat(run().hasHeardNothing()).isTrue();
	}

}
