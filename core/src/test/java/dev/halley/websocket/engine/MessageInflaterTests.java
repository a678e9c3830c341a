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
import java.util.Random;
import java.util.zip.Deflater;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * RFC 7692 section 7.2.2: what is inflated is checked, and bounded while it is inflated.
 */
class MessageInflaterTests {

	private static final int RSV1 = 0x40;

	private final PerMessageDeflate deflate = new PerMessageDeflate(DeflateSettings.DEFAULTS);

	private final MessageInflater inflater = this.deflate.inflater(new DeflateParameters(false, false, 0));

	@AfterEach
	void close() {
		this.deflate.close();
	}

	@Test
	void textIsValidatedAfterInflating() {
		FrameWriter client = FrameWriter.client(deflater());
		assertThat(server().feed(client.textFrame(Frames.bytes('a', 0xC0, 0xAF))).events())
			.containsExactly("error 1007");
		FrameWriter another = FrameWriter.client(deflater());
		assertThat(server().feed(another.textFrame(Frames.bytes('a', 0xE2, 0x82))).events())
			.containsExactly("error 1007");
	}

	@Test
	void aCompressedPayloadNeedNotBeUtf8() {
		FrameWriter client = FrameWriter.client(deflater());
		byte[] text = Frames.lines(3000);
		assertThat(server().feed(client.textFrame(text)).messages()).containsExactly(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ff", "07", "06", "00 01 00 00 00", "f2 48 cd c9 c9 07 06", "05 e0 81 91 24 cb b2" })
	void invalidDataCloses1007(String payload) {
		ReaderProbe probe = server().feed(Frames.masked(0x82 | RSV1, Frames.hex(payload)));
		assertThat(probe.events()).containsExactly("error 1007");
		assertThat(probe.failure().reason()).isEqualTo("Invalid compressed data");
	}

	@Test
	void afterInvalidDataThePooledInflaterIsAsGoodAsNew() {
		server().feed(Frames.masked(0x82 | RSV1, Frames.hex("ff")));
		assertThat(this.deflate.idleInflaters()).isEqualTo(1);
		assertThat(server().feed(Frames.masked(Frames.FIN_TEXT | RSV1, Frames.hex("f2 48 cd c9 c9 07 00"))).events())
			.containsExactly("text Hello");
		assertThat(this.deflate.idleInflaters()).isEqualTo(1);
	}

	@Test
	void aBombCloses1009BeforeItIsInflated() {
		byte[] bomb = bomb(64 << 20);
		assertThat(bomb.length).isBetween(60_000, 70_000);
		long before = allocated();
		ReaderProbe probe = ReaderProbe.server(1 << 20, this.inflater).feed(Frames.masked(0x82 | RSV1, bomb));
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(allocated() - before).isLessThan(16L << 20);
	}

	@Test
	void theLimitCountsInflatedBytes() {
		byte[] payload = payload(Frames.lines(70_000));
		assertThat(payload.length).isLessThan(69_999);
		assertThat(ReaderProbe.server(70_000, this.inflater)
			.feed(Frames.masked(Frames.FIN_TEXT | RSV1, payload))
			.messages()).hasSize(1);
		assertThat(
				ReaderProbe.server(69_999, this.inflater).feed(Frames.masked(Frames.FIN_TEXT | RSV1, payload)).events())
			.containsExactly("error 1009");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 1023, 1024, 1025, 65_536 })
	void aMessageOfJustTheLimitPassesThoughItGrewByDeflating(int limit) {
		byte[] noise = Frames.noise(limit);
		byte[] payload = payload(noise);
		ReaderProbe probe = ReaderProbe.server(limit, this.inflater).feed(Frames.masked(0x82 | RSV1, payload));
		assertThat(probe.messages()).containsExactly(noise);
		byte[] more = payload(Frames.noise(limit + 1));
		assertThat(ReaderProbe.server(limit, this.inflater).feed(Frames.masked(0x82 | RSV1, more)).events())
			.containsExactly("error 1009");
	}

	@Test
	void aPayloadThatIsLongerThanAnyOfTheLimitIsRefusedByItsHeader() {
		ReaderProbe probe = ReaderProbe.server(10_000, this.inflater).feed(Frames.maskedHeader(0x82 | RSV1, 10_074));
		assertThat(probe.events()).containsExactly("error 1009");
		assertThat(ReaderProbe.server(10_000, this.inflater).feed(Frames.maskedHeader(0x82 | RSV1, 10_073)).events())
			.isEmpty();
	}

	@Test
	void manyBlocksWithBfinalAreOneMessage() {
		byte[] message = new byte[0];
		for (int i = 0; i < 200; i++) {
			message = Frames.join(message, Frames.hex("f3 48 cd c9 c9 07 00"));
		}
		assertThat(server().feed(Frames.masked(Frames.FIN_TEXT | RSV1, Frames.join(message, Frames.bytes(0)))).events())
			.containsExactly("text " + "Hello".repeat(200));
	}

	private ReaderProbe server() {
		return ReaderProbe.server(1 << 20, this.inflater);
	}

	// A deflater with takeover compresses even what does not shrink.
	private byte[] payload(byte[] message) {
		byte[] payload = deflater().deflate(message);
		return (payload != null) ? payload : message;
	}

	private MessageDeflater deflater() {
		return new PerMessageDeflate(new DeflateSettings(0, -1, true, 1))
			.deflater(new DeflateParameters(true, true, 0));
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

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void section7231WhatComesLaterMayReferToAllThatTheWindowHolds(long seed) throws Exception {
		Random random = new Random(seed);
		byte[] source = Frames.noise(1 << 14);
		DeflateParameters takeover = new DeflateParameters(false, true, 0);
		try (MessageDeflater client = new MessageDeflater(
				new Pool<>(1, () -> new Deflater(-1, true), Deflater::reset, Deflater::end), true, 0,
				Integer.MAX_VALUE); MessageInflater server = this.deflate.inflater(takeover)) {
			for (int i = 0; i < 300; i++) {
				int length = 1 + random.nextInt((i % 50 == 0) ? 100_000 : 3000);
				int from = random.nextInt(source.length);
				byte[] message = new byte[length];
				for (int j = 0; j < length; j++) {
					message[j] = source[(from + j) % source.length];
				}
				byte[] compressed = client.deflate(message);
				assertThat(compressed).as("message %s", i).isNotNull();
				assertThat(server.inflate(compressed, compressed.length, length)).as("message %s", i)
					.isEqualTo(message);
			}
		}
	}

	@Test
	void withoutTakeoverAReferenceToAnEarlierMessageCloses1007() throws Exception {
		byte[] text = Frames.noise(500);
		try (MessageDeflater client = new MessageDeflater(
				new Pool<>(1, () -> new Deflater(-1, true), Deflater::reset, Deflater::end), true, 0,
				Integer.MAX_VALUE)) {
			byte[] first = client.deflate(text);
			byte[] second = client.deflate(text);
			this.inflater.inflate(first, first.length, 500);
			assertThatExceptionOfType(WebSocketProtocolException.class)
				.isThrownBy(() -> this.inflater.inflate(second, second.length, 500))
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(1007));
		}
	}

	private static long allocated() {
		return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
			.getCurrentThreadAllocatedBytes();
	}

}
