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

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * RFC 7692 sections 6 and 7.2: compressing, inflating, and their bounds.
 */
class PerMessageDeflateTests {

	private static final int RSV1 = 0x40;

	private final PerMessageDeflate deflate = new PerMessageDeflate(DeflateSettings.DEFAULTS);

	private final DeflateParameters agreed = new DeflateParameters(false, false, 0);

	private final MessageInflater inflater = this.deflate.inflater(this.agreed);

	@AfterEach
	void close() {
		this.deflate.close();
	}

	@Test
	void aMessageUnderTheThresholdGoesAsItIs() {
		FrameWriter writer = new FrameWriter(this.deflate.deflater(this.agreed));
		assertThat(writer.textFrame(Frames.utf8("a".repeat(1023)))[0]).isEqualTo((byte) 0x81);
		assertThat(writer.textFrame(Frames.utf8("a".repeat(1024)))[0]).isEqualTo((byte) 0xC1);
		assertThat(writer.binaryFrame(new byte[1024])[0]).isEqualTo((byte) 0xC2);
	}

	@Test
	void whatDoesNotShrinkGoesAsItIs() {
		FrameWriter writer = new FrameWriter(this.deflate.deflater(this.agreed));
		byte[] noise = Frames.noise(5000);
		assertThat(writer.binaryFrame(noise)).isEqualTo(Frames.plain(0x82, noise));
	}

	@Test
	void whatIsOverTheWindowGoesAsItIs() {
		FrameWriter writer = new FrameWriter(this.deflate.deflater(new DeflateParameters(false, false, 11)));
		assertThat(writer.binaryFrame(new byte[2048])[0]).isEqualTo((byte) 0xC2);
		assertThat(writer.binaryFrame(new byte[2049])[0]).isEqualTo((byte) 0x82);
	}

	@Test
	void fragmentsAndControlFramesAreNeverCompressed() {
		FrameWriter writer = new FrameWriter(deflater(false, 0));
		ByteSink sink = new ByteSink();
		writer.ping(new byte[125], sink);
		assertThat(sink.array()[0]).isEqualTo((byte) 0x89);
		sink.clear();
		writer.fragment(Opcodes.BINARY, true, new byte[5000], sink);
		assertThat(sink.array()[0]).isEqualTo((byte) 0x82);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 100, 1000, 10_000, 100_000, 1_000_000 })
	void whatIsWrittenIsReadAgain(int length) {
		for (byte[] message : List.of(new byte[length], Frames.noise(length), Frames.lines(length))) {
			for (boolean takeover : List.of(true, false)) {
				FrameWriter client = FrameWriter.client(deflater(takeover, 0));
				ReaderProbe probe = ReaderProbe.server(length, inflater(takeover));
				probe.feed(client.binaryFrame(message), client.binaryFrame(message), client.binaryFrame(message));
				assertThat(probe.messages()).containsExactly(message, message, message);
			}
		}
	}

	@Test
	void everySizeSurvivesThoughTheFlushMarkerMeetsTheEndOfTheRoom() {
		MessageDeflater deflater = deflater(true, 0);
		MessageInflater keeping = inflater(true);
		byte[] noise = Frames.noise(4000);
		for (int length = 1; length < noise.length; length++) {
			byte[] message = Arrays.copyOf(noise, length);
			byte[] payload = deflater.deflate(message);
			assertThat(inflate(keeping, payload, length)).isEqualTo(message);
		}
	}

	@Test
	void messagesThatAreSmallSkipTheContextOfBothEndsAlike() {
		FrameWriter client = FrameWriter.client(deflater(true, 100));
		ReaderProbe probe = ReaderProbe.server(1 << 20, inflater(true));
		for (int i = 0; i < 50; i++) {
			probe.feed(client.textFrame(Frames.lines(i * 7)));
		}
		assertThat(probe.messages()).hasSize(50);
		assertThat(probe.events()).noneMatch((event) -> event.startsWith("error"));
	}

	@Test
	void uncompressedMessagesMayComeBetweenCompressedOnes() {
		FrameWriter client = FrameWriter.client(deflater(false, 0));
		ReaderProbe probe = server().feed(client.textFrame(Frames.utf8("aaaaaaaaaaaaaaaaaaaa")),
				Frames.masked(Frames.FIN_TEXT, "plain"));
		assertThat(probe.events()).containsExactly("text aaaaaaaaaaaaaaaaaaaa", "text plain");
	}

	@Test
	void section6Rsv1OnlyOnTheFirstFragment() {
		byte[] hello = Frames.hex("f2 48 cd c9 c9 07 00");
		assertThat(server()
			.feed(Frames.masked(0x01 | RSV1, Arrays.copyOf(hello, 3)),
					Frames.masked(Frames.FIN_CONTINUATION | RSV1, Arrays.copyOfRange(hello, 3, 7)))
			.events()).containsExactly("error 1002");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x88, 0x89, 0x8A })
	void section6Rsv1NeverOnControlFrames(int first) {
		assertThat(server().feed(Frames.masked(first | RSV1, "")).events()).containsExactly("error 1002");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x10, 0x20, 0x50, 0x60, 0x70 })
	void section6TheOtherReservedBitsStayForbidden(int reserved) {
		assertThat(server().feed(Frames.masked(Frames.FIN_TEXT | reserved, Frames.bytes(0))).events())
			.containsExactly("error 1002");
	}

	@Test
	void controlFramesMayComeBetweenCompressedFragments() {
		byte[] hello = Frames.hex("f2 48 cd c9 c9 07 00");
		assertThat(server()
			.feed(Frames.masked(0x01 | RSV1, Arrays.copyOf(hello, 3)), Frames.masked(Frames.FIN_PING, "1"),
					Frames.masked(Frames.FIN_CONTINUATION, Arrays.copyOfRange(hello, 3, 7)))
			.events()).containsExactly("ping 31", "text Hello");
	}

	@Test
	void anEmptyPayloadIsAnEmptyMessage() {
		assertThat(server().feed(Frames.masked(Frames.FIN_TEXT | RSV1, "")).events()).containsExactly("text ");
	}

	@Test
	void deflatersAreReused() {
		MessageDeflater deflater = this.deflate.deflater(this.agreed);
		for (int i = 0; i < 10; i++) {
			deflater.deflate(new byte[2000]);
			this.deflate.deflater(this.agreed).deflate(new byte[2000]);
		}
		assertThat(this.deflate.idleDeflaters()).isEqualTo(1);
	}

	@Test
	void aConnectionThatTakesContextOverHoldsADeflaterAndGivesItBack() {
		DeflateParameters kept = new DeflateParameters(true, true, 0);
		try (MessageDeflater one = this.deflate.deflater(kept); MessageInflater two = this.deflate.inflater(kept)) {
			assertThat(inflate(two, one.deflate(new byte[2000]), 2000)).isEqualTo(new byte[2000]);
			assertThat(this.deflate.idleDeflaters()).isZero();
		}
		assertThat(this.deflate.idleDeflaters()).isEqualTo(1);
	}

	@Test
	void aDeflaterThatWasGivenBackKnowsNothingOfTheConnectionBefore() {
		DeflateParameters kept = new DeflateParameters(true, true, 0);
		byte[] text = Frames.lines(2000);
		MessageDeflater first = this.deflate.deflater(kept);
		byte[] fresh = first.deflate(text);
		assertThat(first.deflate(text)).isNotEqualTo(fresh);
		first.close();
		assertThat(this.deflate.deflater(kept).deflate(text)).isEqualTo(fresh);
	}

	@Test
	void aReaderHoldsNoInflaterBetweenMessages() {
		DeflateParameters kept = new DeflateParameters(true, true, 0);
		for (byte[] ending : List.of(Frames.close(1000, ""), Frames.masked(0xFF, ""),
				Frames.masked(0xC2, Frames.hex("ff")))) {
			ReaderProbe probe = ReaderProbe.server(1 << 20, this.deflate.inflater(kept));
			probe.feed(Frames.masked(Frames.FIN_TEXT | RSV1, Frames.hex("f2 48 cd c9 c9 07 00")));
			assertThat(this.deflate.idleInflaters()).isEqualTo(1);
			probe.feed(ending);
			probe.reader().end();
			assertThat(this.deflate.idleInflaters()).isEqualTo(1);
		}
	}

	@Test
	void aWriterIsSharedByConnectionsThatAgreedOnTheSame() {
		FrameWriter writer = this.deflate.writer(this.agreed);
		assertThat(this.deflate.writer(new DeflateParameters(false, true, 15))).isSameAs(writer);
		assertThat(this.deflate.writer(new DeflateParameters(false, false, 11))).isNotSameAs(writer);
		assertThat(writer.binaryFrame(new byte[5000])[0]).isEqualTo((byte) 0xC2);
	}

	@Test
	void aWriterThatTakesContextOverIsOneConnectionsAndIsReleased() {
		DeflateParameters kept = new DeflateParameters(true, true, 0);
		FrameWriter writer = this.deflate.writer(kept);
		assertThat(this.deflate.writer(kept)).isNotSameAs(writer);
		writer.binaryFrame(new byte[2000]);
		assertThat(this.deflate.idleDeflaters()).isZero();
		writer.release();
		assertThat(this.deflate.idleDeflaters()).isEqualTo(1);
	}

	@Test
	void releasingASharedWriterDoesNothing() {
		FrameWriter writer = this.deflate.writer(this.agreed);
		byte[] frame = writer.binaryFrame(new byte[2000]);
		writer.release();
		FrameWriter.PLAIN.release();
		assertThat(writer.binaryFrame(new byte[2000])).isEqualTo(frame);
	}

	@Test
	void withoutTakeoverFramesCanBeSharedAndWithItNot() {
		assertThat(new FrameWriter(this.deflate.deflater(this.agreed)).sharesFrames()).isTrue();
		assertThat(new FrameWriter(this.deflate.deflater(new DeflateParameters(true, false, 0))).sharesFrames())
			.isFalse();
	}

	@Test
	void manyThreadsShareOneWriterAndOneInflater() throws Exception {
		FrameWriter writer = FrameWriter.client(this.deflate.deflater(this.agreed));
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			Callable<List<byte[]>> work = () -> {
				ReaderProbe probe = server();
				IntStream.range(0, 200).forEach((i) -> probe.feed(writer.textFrame(Frames.lines(1024 + i))));
				return probe.messages();
			};
			for (Future<List<byte[]>> done : threads.invokeAll(List.of(work, work, work, work))) {
				assertThat(done.get()).hasSize(200)
					.allMatch((message) -> Arrays.equals(message, Frames.lines(message.length)));
			}
		}
		finally {
			threads.shutdown();
		}
		assertThat(this.deflate.idleDeflaters()).isBetween(1, 4);
	}

	@Test
	void closingEndsWhatIsPooledAndWhatComesBackLater() {
		DeflateParameters kept = new DeflateParameters(true, true, 0);
		MessageDeflater open = this.deflate.deflater(kept);
		open.deflate(new byte[2000]);
		this.deflate.deflater(this.agreed).deflate(new byte[2000]);
		assertThat(this.deflate.idleDeflaters()).isEqualTo(1);
		this.deflate.close();
		assertThat(this.deflate.idleDeflaters()).isZero();
		assertThat(open.deflate(new byte[2000])).isNotNull();
		open.close();
		assertThat(this.deflate.idleDeflaters()).isZero();
	}

	@Test
	void wrongSettingsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new DeflateSettings(-1, 6, false, 1))
			.withMessage("threshold: -1 (expected: >= 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> new DeflateSettings(0, 10, false, 1))
			.withMessage("level: 10 (expected: -1 to 9)");
		assertThatIllegalArgumentException().isThrownBy(() -> new DeflateSettings(0, 6, false, 0))
			.withMessage("pooled: 0 (expected: >= 1)");
	}

	private ReaderProbe server() {
		return ReaderProbe.server(1 << 20, this.inflater);
	}

	private MessageDeflater deflater(boolean takeover, int threshold) {
		return new PerMessageDeflate(new DeflateSettings(threshold, -1, takeover, 1))
			.deflater(new DeflateParameters(takeover, takeover, 0));
	}

	private MessageInflater inflater(boolean takeover) {
		return this.deflate.inflater(new DeflateParameters(takeover, takeover, 0));
	}

	private static byte[] inflate(MessageInflater inflater, byte[] payload, int limit) {
		try {
			return inflater.inflate(payload, payload.length, limit);
		}
		catch (WebSocketProtocolException ex) {
			throw new AssertionError(ex);
		}
	}

}
