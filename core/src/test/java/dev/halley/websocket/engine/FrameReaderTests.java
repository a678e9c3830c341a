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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Input, backpressure, life cycle and memory of {@link FrameReader}.
 */
class FrameReaderTests {

	private static final byte[] THREE = Frames.join(Frames.masked(Frames.FIN_TEXT, "one"),
			Frames.masked(Frames.FIN_PING, "two"), Frames.masked(Frames.FIN_BINARY, "three"));

	@Test
	void consumesAllOfWhatIsNotYetAFrame() {
		byte[] frame = Frames.masked(Frames.FIN_TEXT, "Hello");
		for (int length = 0; length < frame.length; length++) {
			assertThat(ReaderProbe.server().feed(frame, 0, length)).isEqualTo(length);
		}
	}

	@Test
	void readsOnlyTheGivenPartOfTheArray() {
		byte[] padded = Frames.join(new byte[7], Frames.masked(Frames.FIN_TEXT, "Hello"), new byte[9]);
		ReaderProbe probe = ReaderProbe.server();
		assertThat(probe.feed(padded, 7, padded.length - 16)).isEqualTo(padded.length - 16);
		assertThat(probe.events()).containsExactly("text Hello");
		assertThat(probe.reader().isIdle()).isTrue();
	}

	@Test
	void refusesAPartOutsideOfTheArray() {
		FrameReader reader = ReaderProbe.server().reader();
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> reader.read(new byte[4], 2, 3));
	}

	@Test
	void refusesANegativeLimit() {
		assertThatIllegalArgumentException().isThrownBy(() -> ReaderProbe.server(-1))
			.withMessage("limit: -1 (expected: >= 0)");
	}

	@Test
	void stopsAfterAnyEventAndLeavesTheRest() {
		ReaderProbe probe = stopping();
		int first = probe.feed(THREE, 0, THREE.length);
		assertThat(first).isEqualTo(Frames.masked(Frames.FIN_TEXT, "one").length);
		assertThat(probe.events()).containsExactly("text one");
		int second = probe.feed(THREE, first, THREE.length - first);
		assertThat(probe.events()).containsExactly("text one", "ping 74776f");
		int third = probe.feed(THREE, first + second, THREE.length - first - second);
		assertThat(probe.events()).hasSize(3).last().isEqualTo("binary 7468726565");
		assertThat(first + second + third).isEqualTo(THREE.length);
	}

	@Test
	void readsNoByteOfTheNextFrameBeforeItIsResumed() {
		ReaderProbe probe = stopping();
		byte[] input = Frames.join(Frames.masked(Frames.FIN_TEXT, "one"), Frames.plain(Frames.FIN_TEXT, "unmasked"));
		int consumed = probe.feed(input, 0, input.length);
		assertThat(probe.events()).containsExactly("text one");
		probe.feed(input, consumed, input.length - consumed);
		assertThat(probe.events()).containsExactly("text one", "error 1002");
	}

	@Test
	void stopsBetweenTheFragmentsOfAMessageToo() {
		byte[] input = Frames.join(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.FIN_PING, ""),
				Frames.masked(Frames.FIN_CONTINUATION, "lo"));
		ReaderProbe probe = stopping();
		int consumed = probe.feed(input, 0, input.length);
		assertThat(probe.events()).containsExactly("ping ");
		probe.feed(input, consumed, input.length - consumed);
		assertThat(probe.events()).containsExactly("ping ", "text Hello");
	}

	@Test
	void readsFromBuffersWithAnArray() throws Exception {
		ByteBuffer buffer = ByteBuffer.wrap(Frames.join(new byte[3], THREE), 3, THREE.length).slice();
		ReaderProbe probe = ReaderProbe.server();
		probe.reader().read(buffer);
		assertThat(probe.events()).hasSize(3);
		assertThat(buffer.hasRemaining()).isFalse();
	}

	@Test
	void readsFromDirectAndReadOnlyBuffers() throws Exception {
		byte[] big = Frames.masked(Frames.FIN_BINARY, new byte[50_000]);
		ByteBuffer direct = ByteBuffer.allocateDirect(big.length + THREE.length).put(big).put(THREE).flip();
		for (ByteBuffer buffer : List.of(direct, direct.duplicate().asReadOnlyBuffer())) {
			ReaderProbe probe = ReaderProbe.server();
			probe.reader().read(buffer);
			assertThat(probe.events()).hasSize(4).last().isEqualTo("binary 7468726565");
			assertThat(buffer.hasRemaining()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void advancesABufferOnlyOverWhatWasConsumed(boolean direct) throws Exception {
		ByteBuffer buffer = (direct ? ByteBuffer.allocateDirect(100) : ByteBuffer.allocate(100)).put(THREE).flip();
		ReaderProbe probe = stopping();
		probe.reader().read(buffer);
		assertThat(buffer.position()).isEqualTo(Frames.masked(Frames.FIN_TEXT, "one").length);
		probe.reader().read(buffer);
		probe.reader().read(buffer);
		assertThat(probe.events()).hasSize(3);
		assertThat(buffer.hasRemaining()).isFalse();
	}

	@Test
	void anEmptyBufferIsNothing() throws Exception {
		ReaderProbe probe = ReaderProbe.server();
		probe.reader().read(ByteBuffer.allocateDirect(0));
		probe.reader().read(ByteBuffer.allocate(0));
		assertThat(probe.events()).isEmpty();
	}

	@Test
	void anErrorComesOnceAndTheRestIsDiscarded() {
		byte[] input = Frames.join(Frames.plain(Frames.FIN_TEXT, "unmasked"), Frames.masked(Frames.FIN_TEXT, "late"));
		ReaderProbe probe = ReaderProbe.server().feed(input, input);
		assertThat(probe.events()).containsExactly("error 1002");
		assertThat(probe.reader().isEnded()).isTrue();
		assertThat(probe.feed(input, 0, input.length)).isEqualTo(input.length);
	}

	@Test
	void whatCameBeforeAnErrorIsHandedOver() {
		assertThat(ReaderProbe.read(Frames.join(THREE, Frames.plain(Frames.FIN_TEXT, "x")))).hasSize(4)
			.startsWith("text one")
			.last()
			.isEqualTo("error 1002");
	}

	@Test
	void theExceptionHasNoStackTrace() {
		assertThat(ReaderProbe.server().feed(Frames.plain(Frames.FIN_TEXT, "x")).failure().getStackTrace()).isEmpty();
	}

	@Test
	void endDiscardsWhatIsHeldAndWhatComes() {
		ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.TEXT, "Hel"));
		probe.reader().end();
		assertThat(probe.reader().heldBytes()).isZero();
		probe.feed(Frames.masked(Frames.FIN_CONTINUATION, "lo"), Frames.masked(Frames.FIN_TEXT, "late"));
		assertThat(probe.events()).isEmpty();
	}

	@Test
	void endFromAHandlerTakesEffectAtOnce() {
		List<FrameReader> readers = new ArrayList<>();
		RecordingHandler handler = new RecordingHandler(() -> {
			readers.get(0).end();
			return true;
		});
		readers.add(new FrameReader(Role.SERVER, 100, null, handler));
		assertThat(feed(readers.get(0), THREE)).isEqualTo(THREE.length);
		assertThat(handler.events()).containsExactly("text one");
	}

	@Test
	void whatAHandlerThrowsGoesThrough() {
		RecordingHandler handler = new RecordingHandler(() -> {
			throw new IllegalStateException("handler");
		});
		FrameReader reader = new FrameReader(Role.SERVER, 100, null, handler);
		assertThatIllegalStateException().isThrownBy(() -> reader.read(THREE, 0, THREE.length)).withMessage("handler");
	}

	@Test
	void anIdleReaderHoldsNothing() {
		ReaderProbe probe = ReaderProbe.server();
		assertThat(probe.reader().isIdle()).isTrue();
		assertThat(probe.reader().heldBytes()).isZero();
		probe.feed(THREE, Frames.masked(Frames.FIN_BINARY, new byte[100_000]));
		assertThat(probe.reader().isIdle()).isTrue();
		assertThat(probe.reader().heldBytes()).isZero();
	}

	@Test
	void isNotIdleOnceAHeaderAFrameOrAMessageHasBegun() {
		assertThat(ReaderProbe.server().feed(Frames.bytes(0x81)).reader().isIdle()).isFalse();
		assertThat(ReaderProbe.server().feed(Frames.maskedHeader(Frames.FIN_TEXT, 5)).reader().isIdle()).isFalse();
		assertThat(ReaderProbe.server().feed(Frames.maskedHeader(Frames.FIN_PING, 5)).reader().isIdle()).isFalse();
		assertThat(ReaderProbe.server().feed(Frames.masked(Frames.TEXT, "")).reader().isIdle()).isFalse();
	}

	@Test
	void aFragmentedMessageIsReleasedWhenItIsDone() {
		ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.BINARY, new byte[5000]));
		assertThat(probe.reader().heldBytes()).isGreaterThanOrEqualTo(5000);
		probe.feed(Frames.masked(Frames.FIN_CONTINUATION, ""));
		assertThat(probe.reader().heldBytes()).isZero();
		assertThat(probe.messages()).singleElement().satisfies((message) -> assertThat(message).hasSize(5000));
	}

	@Test
	void anAnnouncedLengthIsNotTrustedBeyond2Kib() {
		ReaderProbe probe = ReaderProbe.server(100 << 20).feed(Frames.maskedHeader(Frames.FIN_BINARY, 100 << 20));
		probe.feed(new byte[1]);
		assertThat(probe.reader().heldBytes()).isEqualTo(2 * 1024);
	}

	@Test
	void theArrayGrowsWithWhatHasComeAndEndsAtTheMessagesSize() {
		byte[] frame = Frames.masked(Frames.FIN_BINARY, new byte[300_000]);
		ReaderProbe probe = ReaderProbe.server();
		for (int sent = 0; sent < frame.length - 1000; sent += 1000) {
			probe.feed(frame, sent, 1000);
			assertThat(probe.reader().heldBytes()).isBetween(sent + 1000 - 14,
					Math.min(300_000, Math.max(2 * 1024, 2 * sent + 2000)));
		}
	}

	@Test
	void aWholeMessageInTheInputNeedsNoLongerArrayThanItself() {
		byte[] frame = Frames.masked(Frames.FIN_BINARY, new byte[60_000]);
		ReaderProbe probe = ReaderProbe.server();
		probe.feed(frame, 0, frame.length - 1);
		assertThat(probe.reader().heldBytes()).isBetween(59_999, 60_000);
	}

	@Test
	void aMessageOfTheLimitPasses() {
		assertThat(ReaderProbe.server(5).feed(Frames.masked(Frames.FIN_TEXT, "Hello")).events())
			.containsExactly("text Hello");
		assertThat(ReaderProbe.server(5)
			.feed(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.FIN_CONTINUATION, "lo"))
			.events()).containsExactly("text Hello");
		assertThat(ReaderProbe.server(0).feed(Frames.masked(Frames.FIN_TEXT, "")).events()).containsExactly("text ");
	}

	@Test
	void oneByteMoreCloses1009() {
		WebSocketProtocolException failure = ReaderProbe.server(4)
			.feed(Frames.masked(Frames.FIN_TEXT, "Hello"))
			.failure();
		assertThat(failure.code()).isEqualTo(1009);
		assertThat(failure.reason()).isEqualTo("message too big");
		assertThat(failure).hasMessage("message too big: size: 0 + 5 (expected: <= 4)");
	}

	@Test
	void oneByteMoreInFragmentsCloses1009() {
		ReaderProbe probe = ReaderProbe.server(5)
			.feed(Frames.masked(Frames.TEXT, "Hel"), Frames.masked(Frames.CONTINUATION, "lo"));
		assertThat(probe.events()).isEmpty();
		probe.feed(Frames.masked(Frames.FIN_CONTINUATION, "!"));
		assertThat(probe.events()).containsExactly("error 1009");
	}

	@Test
	void theDeclaredLengthIsEnoughToClose1009() {
		ReaderProbe probe = ReaderProbe.server(1000).feed(Frames.maskedHeader(Frames.FIN_BINARY, 1001));
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(probe.reader().heldBytes()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1001 - 10, 1L << 31, 1L << 32, Long.MAX_VALUE })
	void theDeclaredLengthOfAFragmentIsAddedToWhatIsThere(long length) {
		ReaderProbe probe = ReaderProbe.server(1000).feed(Frames.masked(Frames.BINARY, new byte[10]));
		probe.feed(Frames.maskedHeader(Frames.CONTINUATION, length));
		assertThat(probe.events()).containsExactly("error 1009");
	}

	@Test
	void theLimitIsEachMessagesOwn() {
		byte[] frame = Frames.masked(Frames.FIN_TEXT, "Hello");
		assertThat(ReaderProbe.server(5).feed(frame, frame, frame).events()).hasSize(3).containsOnly("text Hello");
	}

	@Test
	void controlFramesDoNotCountTowardsTheLimit() {
		assertThat(ReaderProbe.server(5)
			.feed(Frames.masked(Frames.TEXT, "Hello"), Frames.masked(Frames.FIN_PING, "0123456789"),
					Frames.masked(Frames.FIN_CONTINUATION, ""), Frames.close(1000, "a long farewell"))
			.events()).containsExactly("ping 30313233343536373839", "text Hello", "close 1000 a long farewell");
	}

	@Test
	void theHighestLimitDoesNotOverflow() {
		ReaderProbe probe = ReaderProbe.server(Integer.MAX_VALUE).feed(Frames.masked(Frames.BINARY, "a"));
		probe.feed(Frames.maskedHeader(Frames.CONTINUATION, Integer.MAX_VALUE));
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(ReaderProbe.server(Integer.MAX_VALUE).feed(Frames.masked(Frames.FIN_TEXT, "a")).events())
			.containsExactly("text a");
	}

	@Test
	void manySmallFragmentsDoNotCopyTheMessageEachTime() {
		byte[] fragment = Frames.masked(Frames.CONTINUATION, Frames.utf8("0123456789"));
		ReaderProbe probe = ReaderProbe.server().feed(Frames.masked(Frames.BINARY, Frames.utf8("0123456789")));
		int arrays = 0;
		int held = probe.reader().heldBytes();
		for (int i = 0; i < 10_000; i++) {
			probe.feed(fragment);
			if (probe.reader().heldBytes() != held) {
				held = probe.reader().heldBytes();
				arrays++;
			}
		}
		assertThat(arrays).isLessThan(12);
	}

	private static ReaderProbe stopping() {
		return ReaderProbe.server(1 << 20, null, new RecordingHandler(() -> false));
	}

	private static int feed(FrameReader reader, byte[] bytes) {
		try {
			return reader.read(bytes, 0, bytes.length);
		}
		catch (WebSocketProtocolException ex) {
			throw new AssertionError(ex);
		}
	}

}
