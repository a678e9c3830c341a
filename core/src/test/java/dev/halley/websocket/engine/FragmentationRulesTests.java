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

import static dev.halley.websocket.engine.Frames.BINARY;
import static dev.halley.websocket.engine.Frames.CONTINUATION;
import static dev.halley.websocket.engine.Frames.FIN_BINARY;
import static dev.halley.websocket.engine.Frames.FIN_CLOSE;
import static dev.halley.websocket.engine.Frames.FIN_CONTINUATION;
import static dev.halley.websocket.engine.Frames.FIN_PING;
import static dev.halley.websocket.engine.Frames.FIN_PONG;
import static dev.halley.websocket.engine.Frames.FIN_TEXT;
import static dev.halley.websocket.engine.Frames.TEXT;
import static dev.halley.websocket.engine.Frames.bytes;
import static dev.halley.websocket.engine.Frames.join;
import static dev.halley.websocket.engine.Frames.masked;
import static dev.halley.websocket.engine.Frames.repeat;
import static dev.halley.websocket.engine.ReaderProbe.read;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * RFC 6455 section 5.4, rule by rule.
 */
class FragmentationRulesTests {

	@Test
	void twoFragmentsAreOneMessage() {
		assertThat(read(masked(TEXT, "Hel"), masked(FIN_CONTINUATION, "lo"))).containsExactly("text Hello");
	}

	@Test
	void manyFragmentsAreOneMessage() {
		assertThat(read(masked(TEXT, "se"), masked(CONTINUATION, "co"), masked(FIN_CONTINUATION, "nd")))
			.containsExactly("text second");
	}

	@Test
	void theFirstFragmentSaysWhatTheMessageIs() {
		assertThat(read(masked(BINARY, "a"), masked(FIN_CONTINUATION, "b"))).containsExactly("binary 6162");
	}

	@Test
	void anUnfragmentedMessageStandsBetweenFragmentedOnes() {
		byte[] fragmented = join(masked(TEXT, "a"), masked(FIN_CONTINUATION, "b"));
		assertThat(read(fragmented, masked(FIN_TEXT, "c"), fragmented)).containsExactly("text ab", "text c", "text ab");
	}

	@Test
	void fragmentsMayBeEmpty() {
		assertThat(read(masked(TEXT, ""), masked(CONTINUATION, ""), masked(FIN_CONTINUATION, "")))
			.containsExactly("text ");
		assertThat(read(masked(TEXT, ""), masked(CONTINUATION, "mid"), masked(FIN_CONTINUATION, "")))
			.containsExactly("text mid");
	}

	@Test
	void theMessageComesOnlyWithItsLastFragment() {
		assertThat(read(masked(TEXT, "Hel"), masked(CONTINUATION, "lo"))).isEmpty();
	}

	@Test
	void controlFramesMayComeBetweenFragmentsAndAreHandedOverAtOnce() {
		ReaderProbe probe = ReaderProbe.server().feed(masked(TEXT, "Hel"), masked(FIN_PING, "1"));
		assertThat(probe.events()).containsExactly("ping 31");
		probe.feed(masked(FIN_PONG, "2"), masked(FIN_CONTINUATION, "lo"));
		assertThat(probe.events()).containsExactly("ping 31", "pong 32", "text Hello");
	}

	@Test
	void aCloseFrameMayComeBetweenFragmentsAndEndsTheMessage() {
		assertThat(read(masked(TEXT, "Hel"), masked(FIN_CLOSE, ""), masked(FIN_CONTINUATION, "lo")))
			.containsExactly("close 1005 ");
	}

	@Test
	void aControlFrameBetweenFragmentsDoesNotTouchTheMaskOfTheMessage() {
		byte[] rest = masked(FIN_CONTINUATION, "defghijklmnop");
		ReaderProbe probe = ReaderProbe.server().feed(masked(TEXT, "abc"), masked(FIN_PING, "12345"));
		probe.feedEach(rest);
		assertThat(probe.events()).last().isEqualTo("text abcdefghijklmnop");
	}

	@ParameterizedTest
	@ValueSource(ints = { CONTINUATION, FIN_CONTINUATION })
	void aContinuationOfNothingCloses1002(int first) {
		assertThat(read(masked(first, "a"))).containsExactly("error 1002");
	}

	@Test
	void aContinuationAfterAWholeMessageCloses1002() {
		assertThat(read(masked(FIN_TEXT, "a"), masked(FIN_CONTINUATION, "b"))).containsExactly("text a", "error 1002");
	}

	@Test
	void aContinuationAfterTheLastFragmentCloses1002() {
		assertThat(read(masked(TEXT, "a"), masked(FIN_CONTINUATION, "b"), masked(CONTINUATION, "c")))
			.containsExactly("text ab", "error 1002");
	}

	@ParameterizedTest
	@ValueSource(ints = { TEXT, FIN_TEXT, BINARY, FIN_BINARY })
	void aMessageWithinAMessageCloses1002(int first) {
		assertThat(read(masked(TEXT, "a"), masked(first, "b"))).containsExactly("error 1002");
	}

	@Test
	void aMessageWithinAMessageWhoseFirstFragmentWasEmptyCloses1002() {
		assertThat(read(masked(BINARY, ""), masked(FIN_BINARY, "b"))).containsExactly("error 1002");
	}

	@Test
	void aControlFrameDoesNotEndTheMessage() {
		assertThat(read(masked(TEXT, "a"), masked(FIN_PING, ""), masked(FIN_TEXT, "b"))).containsExactly("ping ",
				"error 1002");
	}

	@Test
	void aMessageMayHave65536Fragments() {
		ReaderProbe probe = ReaderProbe.server(1 << 20);
		probe.feed(masked(BINARY, "a"), repeat(masked(CONTINUATION, "a"), 65_534), masked(FIN_CONTINUATION, "a"));
		assertThat(probe.messages()).singleElement().satisfies((message) -> assertThat(message).hasSize(65_536));
	}

	@Test
	void aMessageOfEndlessEmptyFragmentsCloses1009() {
		ReaderProbe probe = ReaderProbe.server().feed(masked(TEXT, ""));
		byte[] fragments = repeat(masked(CONTINUATION, ""), 1000);
		for (int sent = 0; sent <= MessageAssembler.MAX_FRAGMENTS; sent += 1000) {
			probe.feed(fragments);
		}
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(probe.failure()).hasMessage("Too many fragments: fragments: 131073 (expected: <= 131072)");
	}

	@Test
	void theNumberOfFragmentsIsCountedForEachMessage() {
		ReaderProbe probe = ReaderProbe.server();
		byte[] message = join(masked(BINARY, "a"), repeat(masked(CONTINUATION, "a"), 59_998),
				masked(FIN_CONTINUATION, "a"));
		probe.feed(message, message, message);
		assertThat(probe.messages()).hasSize(3).allSatisfy((one) -> assertThat(one).hasSize(60_000));
	}

	@Test
	void fragmentsOfAllSizesKeepTheirOrder() {
		List<byte[]> frames = new ArrayList<>();
		StringBuilder expected = new StringBuilder("binary ");
		for (int size = 0; size < 300; size++) {
			frames.add(masked((size == 0) ? BINARY : CONTINUATION, repeat(bytes(size), size)));
			expected.append(String.format("%02x", size & 0xFF).repeat(size));
		}
		frames.add(masked(FIN_CONTINUATION, ""));
		assertThat(read(frames.toArray(byte[][]::new))).containsExactly(expected.toString());
	}

}
