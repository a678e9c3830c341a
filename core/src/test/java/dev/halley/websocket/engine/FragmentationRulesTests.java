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

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 section 5.4, rule by rule.
 */
class FragmentationRulesTests {

	@Test
	void twoFragmentsAreOneMessage() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.FIN_CONTINUATION, "lo")))
			.containsExactly("text Hello");
	}

	@Test
	void manyFragmentsAreOneMessage() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "se"), Frames.masked(Frames.CONTINUATION, "co"),
				Frames.masked(Frames.FIN_CONTINUATION, "nd")))
			.containsExactly("text second");
	}

	@Test
	void theFirstFragmentSaysWhatTheMessageIs() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.BINARY, "a"), Frames.masked(Frames.FIN_CONTINUATION, "b")))
			.containsExactly("binary 6162");
	}

	@Test
	void anUnfragmentedMessageStandsBetweenFragmentedOnes() {
		byte[] fragmented = Frames.join(Frames.masked(Frames.TEXT, "a"), Frames.masked(Frames.FIN_CONTINUATION, "b"));
		assertThat(ReaderProbe.read(fragmented, Frames.masked(Frames.FIN_TEXT, "c"), fragmented))
			.containsExactly("text ab", "text c", "text ab");
	}

	@Test
	void fragmentsMayBeEmpty() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, ""), Frames.masked(Frames.CONTINUATION, ""),
				Frames.masked(Frames.FIN_CONTINUATION, "")))
			.containsExactly("text ");
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, ""), Frames.masked(Frames.CONTINUATION, "mid"),
				Frames.masked(Frames.FIN_CONTINUATION, "")))
			.containsExactly("text mid");
	}

	@Test
	void theMessageComesOnlyWithItsLastFragment() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.CONTINUATION, "lo")))
			.isEmpty();
	}

	@Test
	void controlFramesMayComeBetweenFragmentsAndAreHandedOverAtOnce() {
		ReaderProbe probe = ReaderProbe.server()
			.feed(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.FIN_PING, "1"));
		assertThat(probe.events()).containsExactly("ping 31");
		probe.feed(Frames.masked(Frames.FIN_PONG, "2"), Frames.masked(Frames.FIN_CONTINUATION, "lo"));
		assertThat(probe.events()).containsExactly("ping 31", "pong 32", "text Hello");
	}

	@Test
	void aCloseFrameMayComeBetweenFragmentsAndEndsTheMessage() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.FIN_CLOSE, ""),
				Frames.masked(Frames.FIN_CONTINUATION, "lo")))
			.containsExactly("close 1005 ");
	}

	@Test
	void aControlFrameBetweenFragmentsDoesNotTouchTheMaskOfTheMessage() {
		byte[] rest = Frames.masked(Frames.FIN_CONTINUATION, "defghijklmnop");
		ReaderProbe probe = ReaderProbe.server()
			.feed(Frames.masked(Frames.TEXT, "abc"), Frames.masked(Frames.FIN_PING, "12345"));
		probe.feedEach(rest);
		assertThat(probe.events()).last().isEqualTo("text abcdefghijklmnop");
	}

	@ParameterizedTest
	@ValueSource(ints = { Frames.CONTINUATION, Frames.FIN_CONTINUATION })
	void aContinuationOfNothingCloses1002(int first) {
		assertThat(ReaderProbe.read(Frames.masked(first, "a"))).containsExactly("error 1002");
	}

	@Test
	void aContinuationAfterAWholeMessageCloses1002() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.FIN_TEXT, "a"), Frames.masked(Frames.FIN_CONTINUATION, "b")))
			.containsExactly("text a", "error 1002");
	}

	@Test
	void aContinuationAfterTheLastFragmentCloses1002() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "a"), Frames.masked(Frames.FIN_CONTINUATION, "b"),
				Frames.masked(Frames.CONTINUATION, "c")))
			.containsExactly("text ab", "error 1002");
	}

	@ParameterizedTest
	@ValueSource(ints = { Frames.TEXT, Frames.FIN_TEXT, Frames.BINARY, Frames.FIN_BINARY })
	void aMessageWithinAMessageCloses1002(int first) {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "a"), Frames.masked(first, "b")))
			.containsExactly("error 1002");
	}

	@Test
	void aMessageWithinAMessageWhoseFirstFragmentWasEmptyCloses1002() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.BINARY, ""), Frames.masked(Frames.FIN_BINARY, "b")))
			.containsExactly("error 1002");
	}

	@Test
	void aControlFrameDoesNotEndTheMessage() {
		assertThat(ReaderProbe.read(Frames.masked(Frames.TEXT, "a"), Frames.masked(Frames.FIN_PING, ""),
				Frames.masked(Frames.FIN_TEXT, "b")))
			.containsExactly("ping ", "error 1002");
	}

	@Test
	void aMessageMayHave65536Fragments() {
		ReaderProbe probe = ReaderProbe.server(1 << 20);
		probe.feed(Frames.masked(Frames.BINARY, "a"), Frames.repeat(Frames.masked(Frames.CONTINUATION, "a"), 65_534),
				Frames.masked(Frames.FIN_CONTINUATION, "a"));
		assertThat(probe.messages()).singleElement().satisfies((message) -> assertThat(message).hasSize(65_536));
	}

	@Test
	void aMessageOfEndlessEmptyFragmentsCloses1009() {
		ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.TEXT, ""));
		byte[] fragments = Frames.repeat(Frames.masked(Frames.CONTINUATION, ""), 1000);
		for (int sent = 0; sent <= MessageAssembler.MAX_FRAGMENTS; sent += 1000) {
			probe.feed(fragments);
		}
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(probe.failure()).hasMessage("Too many fragments: fragments: 131073 (expected: <= 131072)");
	}

	@Test
	void theNumberOfFragmentsIsCountedForEachMessage() {
		ReaderProbe probe = ReaderProbe.server();
		byte[] message = Frames.join(Frames.masked(Frames.BINARY, "a"),
				Frames.repeat(Frames.masked(Frames.CONTINUATION, "a"), 59_998),
				Frames.masked(Frames.FIN_CONTINUATION, "a"));
		probe.feed(message, message, message);
		assertThat(probe.messages()).hasSize(3).allSatisfy((one) -> assertThat(one).hasSize(60_000));
	}

	@Test
	void fragmentsOfAllSizesKeepTheirOrder() {
		List<byte[]> frames = new ArrayList<>();
		StringBuilder expected = new StringBuilder("binary ");
		for (int size = 0; size < 300; size++) {
			frames.add(Frames.masked((size == 0) ? Frames.BINARY : Frames.CONTINUATION,
					Frames.repeat(Frames.bytes(size), size)));
			expected.append(String.format("%02x", size & 0xFF).repeat(size));
		}
		frames.add(Frames.masked(Frames.FIN_CONTINUATION, ""));
		assertThat(ReaderProbe.read(frames.toArray(byte[][]::new))).containsExactly(expected.toString());
	}

}
