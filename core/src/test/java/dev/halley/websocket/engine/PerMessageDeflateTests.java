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

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.Deflater;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.halley.websocket.engine.Frames.FIN_CONTINUATION;
import static dev.halley.websocket.engine.Frames.FIN_PING;
import static dev.halley.websocket.engine.Frames.FIN_TEXT;
import static dev.halley.websocket.engine.Frames.bytes;
import static dev.halley.websocket.engine.Frames.hex;
import static dev.halley.websocket.engine.Frames.masked;
import static dev.halley.websocket.engine.Frames.maskedHeader;
import static dev.halley.websocket.engine.Frames.utf8;
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
		assertThat(writer.textFrame(utf8("a".repeat(1023)))[0]).isEqualTo((byte) 0x81);
		assertThat(writer.textFrame(utf8("a".repeat(1024)))[0]).isEqualTo((byte) 0xC1);
		assertThat(writer.binaryFrame(new byte[1024])[0]).isEqualTo((byte) 0xC2);
	}

	@Test
	void whatDoesNotShrinkGoesAsItIs() {
		FrameWriter writer = new FrameWriter(this.deflate.deflater(this.agreed));
		byte[] noise = noise(5000);
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
		for (byte[] message : List.of(new byte[length], noise(length), text(length))) {
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
		byte[] noise = noise(4000);
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
			probe.feed(client.textFrame(text(i * 7)));
		}
		assertThat(probe.messages()).hasSize(50);
		assertThat(probe.events()).noneMatch((event) -> event.startsWith("error"));
	}

	@Test
	void uncompressedMessagesMayComeBetweenCompressedOnes() {
		FrameWriter client = FrameWriter.client(deflater(false, 0));
		ReaderProbe probe = server().feed(client.textFrame(utf8("aaaaaaaaaaaaaaaaaaaa")), masked(FIN_TEXT, "plain"));
		assertThat(probe.events()).containsExactly("text aaaaaaaaaaaaaaaaaaaa", "text plain");
	}

	@Test
	void section6Rsv1OnlyOnTheFirstFragment() {
		byte[] hello = hex("f2 48 cd c9 c9 07 00");
		assertThat(server()
			.feed(masked(0x01 | RSV1, Arrays.copyOf(hello, 3)),
					masked(FIN_CONTINUATION | RSV1, Arrays.copyOfRange(hello, 3, 7)))
			.events()).containsExactly("error 1002");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x88, 0x89, 0x8A })
	void section6Rsv1NeverOnControlFrames(int first) {
		assertThat(server().feed(masked(first | RSV1, "")).events()).containsExactly("error 1002");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x10, 0x20, 0x50, 0x60, 0x70 })
	void section6TheOtherReservedBitsStayForbidden(int reserved) {
		assertThat(server().feed(masked(FIN_TEXT | reserved, bytes(0))).events()).containsExactly("error 1002");
	}

	@Test
	void controlFramesMayComeBetweenCompressedFragments() {
		byte[] hello = hex("f2 48 cd c9 c9 07 00");
		assertThat(server()
			.feed(masked(0x01 | RSV1, Arrays.copyOf(hello, 3)), masked(FIN_PING, "1"),
					masked(FIN_CONTINUATION, Arrays.copyOfRange(hello, 3, 7)))
			.events()).containsExactly("ping 31", "text Hello");
	}

	@Test
	void anEmptyPayloadIsAnEmptyMessage() {
		assertThat(server().feed(masked(FIN_TEXT | RSV1, "")).events()).containsExactly("text ");
	}

	@Test
	void textIsValidatedAfterInflating() {
		FrameWriter client = FrameWriter.client(deflater(true, 0));
		assertThat(server().feed(client.textFrame(bytes('a', 0xC0, 0xAF))).events()).containsExactly("error 1007");
		FrameWriter another = FrameWriter.client(deflater(true, 0));
		assertThat(server().feed(another.textFrame(bytes('a', 0xE2, 0x82))).events()).containsExactly("error 1007");
	}

	@Test
	void aCompressedPayloadNeedNotBeUtf8() {
		FrameWriter client = FrameWriter.client(deflater(true, 0));
		byte[] text = text(3000);
		assertThat(server().feed(client.textFrame(text)).messages()).containsExactly(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ff", "07", "06", "00 01 00 00 00", "f2 48 cd c9 c9 07 06", "05 e0 81 91 24 cb b2" })
	void invalidDataCloses1007(String payload) {
		ReaderProbe probe = server().feed(masked(0x82 | RSV1, hex(payload)));
		assertThat(probe.events()).containsExactly("error 1007");
		assertThat(probe.failure().reason()).isEqualTo("Invalid compressed data");
	}

	@Test
	void afterInvalidDataThePooledInflaterIsAsGoodAsNew() {
		server().feed(masked(0x82 | RSV1, hex("ff")));
		assertThat(this.deflate.idleInflaters()).isEqualTo(1);
		assertThat(server().feed(masked(FIN_TEXT | RSV1, hex("f2 48 cd c9 c9 07 00"))).events())
			.containsExactly("text Hello");
		assertThat(this.deflate.idleInflaters()).isEqualTo(1);
	}

	@Test
	void aBombCloses1009BeforeItIsInflated() {
		byte[] bomb = bomb(64 << 20);
		assertThat(bomb.length).isBetween(60_000, 70_000);
		long before = allocated();
		ReaderProbe probe = ReaderProbe.server(1 << 20, this.inflater).feed(masked(0x82 | RSV1, bomb));
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(allocated() - before).isLessThan(16L << 20);
	}

	@Test
	void theLimitCountsInflatedBytes() {
		byte[] payload = payload(text(70_000));
		assertThat(payload.length).isLessThan(69_999);
		assertThat(ReaderProbe.server(70_000, this.inflater).feed(masked(FIN_TEXT | RSV1, payload)).messages())
			.hasSize(1);
		assertThat(ReaderProbe.server(69_999, this.inflater).feed(masked(FIN_TEXT | RSV1, payload)).events())
			.containsExactly("error 1009");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 1023, 1024, 1025, 65_536 })
	void aMessageOfJustTheLimitPassesThoughItGrewByDeflating(int limit) {
		byte[] noise = noise(limit);
		byte[] payload = payload(noise);
		ReaderProbe probe = ReaderProbe.server(limit, this.inflater).feed(masked(0x82 | RSV1, payload));
		assertThat(probe.messages()).containsExactly(noise);
		byte[] more = payload(noise(limit + 1));
		assertThat(ReaderProbe.server(limit, this.inflater).feed(masked(0x82 | RSV1, more)).events())
			.containsExactly("error 1009");
	}

	@Test
	void aPayloadThatIsLongerThanAnyOfTheLimitIsRefusedByItsHeader() {
		ReaderProbe probe = ReaderProbe.server(10_000, this.inflater).feed(maskedHeader(0x82 | RSV1, 10_074));
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(ReaderProbe.server(10_000, this.inflater).feed(maskedHeader(0x82 | RSV1, 10_073)).events())
			.isEmpty();
	}

	@Test
	void manyBlocksWithBfinalAreOneMessage() {
		byte[] message = new byte[0];
		for (int i = 0; i < 200; i++) {
			message = Frames.join(message, hex("f3 48 cd c9 c9 07 00"));
		}
		assertThat(server().feed(masked(FIN_TEXT | RSV1, Frames.join(message, bytes(0)))).events())
			.containsExactly("text " + "Hello".repeat(200));
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
			assertThat(this.deflate.idleDeflaters() + this.deflate.idleInflaters()).isZero();
		}
		assertThat(this.deflate.idleDeflaters()).isEqualTo(1);
		assertThat(this.deflate.idleInflaters()).isEqualTo(1);
	}

	@Test
	void aDeflaterThatWasGivenBackKnowsNothingOfTheConnectionBefore() {
		DeflateParameters kept = new DeflateParameters(true, true, 0);
		byte[] text = text(2000);
		MessageDeflater first = this.deflate.deflater(kept);
		byte[] fresh = first.deflate(text);
		assertThat(first.deflate(text)).isNotEqualTo(fresh);
		first.close();
		assertThat(this.deflate.deflater(kept).deflate(text)).isEqualTo(fresh);
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
				IntStream.range(0, 200).forEach((i) -> probe.feed(writer.textFrame(text(1024 + i))));
				return probe.messages();
			};
			for (Future<List<byte[]>> done : threads.invokeAll(List.of(work, work, work, work))) {
				assertThat(done.get()).hasSize(200).allMatch((message) -> Arrays.equals(message, text(message.length)));
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

	// A deflater with takeover compresses even what does not shrink.
	private byte[] payload(byte[] message) {
		byte[] payload = deflater(true, 0).deflate(message);
		return (payload != null) ? payload : message;
	}

	private static byte[] inflate(MessageInflater inflater, byte[] payload, int limit) {
		try {
			return inflater.inflate(payload, payload.length, limit);
		}
		catch (WebSocketProtocolException ex) {
			throw new AssertionError(ex);
		}
	}

	private static byte[] bomb(int size) {
		Deflater deflater = new Deflater(9, true);
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		byte[] zeros = new byte[1 << 20];
		byte[] out = new byte[1 << 16];
		for (int done = 0; done < size; done += zeros.length) {
			deflater.setInput(zeros);
			for (int n = deflater.deflate(out); n > 0; n = deflater.deflate(out)) {
				bomb.write(out, 0, n);
			}
		}
		for (int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH); n > 0; n = deflater.deflate(out)) {
			bomb.write(out, 0, n);
		}
		deflater.end();
		return Arrays.copyOf(bomb.toByteArray(), bomb.size() - 4);
	}

	private static long allocated() {
		return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
			.getCurrentThreadAllocatedBytes();
	}

	private static byte[] noise(int length) {
		byte[] noise = new byte[length];
		new Random(length).nextBytes(noise);
		return noise;
	}

	private static byte[] text(int length) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; text.length() < length; i++) {
			text.append("line ").append(i * 7919).append(": ").append(i % 7).append('\n');
		}
		return utf8(text.substring(0, length));
	}

}
