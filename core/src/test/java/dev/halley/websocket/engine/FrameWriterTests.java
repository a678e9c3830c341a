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
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FrameWriterTests {

	private final ByteSink sink = new ByteSink();

	private final FrameWriter writer = FrameWriter.PLAIN;

	@ParameterizedTest
	@CsvSource({ "0, 82 00", "1, 82 01", "125, 82 7d", "126, 82 7e 00 7e", "127, 82 7e 00 7f", "255, 82 7e 00 ff",
			"256, 82 7e 01 00", "65535, 82 7e ff ff", "65536, 82 7f 00 00 00 00 00 01 00 00",
			"16777216, 82 7f 00 00 00 00 01 00 00 00" })
	void theLengthTakesTheFewestBytes(int length, String header) {
		byte[] expected = Frames.join(Frames.hex(header), new byte[length]);
		assertThat(this.writer.binaryFrame(new byte[length])).isEqualTo(expected);
		this.writer.binary(new byte[length], this.sink);
		assertThat(this.sink.take()).isEqualTo(expected);
	}

	@Test
	void textAndBinaryDifferInTheirOpcode() {
		assertThat(this.writer.textFrame(Frames.utf8("a"))).isEqualTo(Frames.hex("81 01 61"));
		assertThat(this.writer.binaryFrame(Frames.utf8("a"))).isEqualTo(Frames.hex("82 01 61"));
	}

	@Test
	void framesStandBehindEachOther() {
		this.writer.text(Frames.utf8("one"), this.sink);
		this.writer.ping(Frames.utf8("two"), this.sink);
		this.writer.binary(Frames.utf8("three"), this.sink);
		this.writer.close(1000, "bye", this.sink);
		assertThat(ReaderProbe.client().feed(this.sink.take()).events()).containsExactly("text one", "ping 74776f",
				"binary 7468726565", "close 1000 bye");
	}

	@Test
	void aFrameMadeBeforeCanBePutBetweenOthers() {
		byte[] shared = this.writer.textFrame(Frames.utf8("shared"));
		this.writer.text(Frames.utf8("own"), this.sink);
		this.sink.write(shared);
		assertThat(this.sink.take()).isEqualTo(Frames.join(Frames.plain(0x81, "own"), Frames.plain(0x81, "shared")));
	}

	@Test
	void aSinkIsUsedAgainWithoutAnotherArray() {
		this.writer.text(Frames.utf8("first"), this.sink);
		byte[] array = this.sink.array();
		this.sink.clear();
		this.writer.text(Frames.utf8("second"), this.sink);
		assertThat(this.sink.array()).isSameAs(array);
		assertThat(this.sink.take()).isEqualTo(Frames.plain(0x81, "second"));
	}

	@Test
	void fragmentsCarryFinOnTheLastOne() {
		this.writer.fragment(Opcodes.TEXT, false, Frames.utf8("a"), this.sink);
		this.writer.fragment(Opcodes.CONTINUATION, false, Frames.utf8("b"), this.sink);
		this.writer.fragment(Opcodes.CONTINUATION, true, Frames.utf8("c"), this.sink);
		assertThat(this.sink.take()).isEqualTo(Frames.hex("01 01 61 00 01 62 80 01 63"));
	}

	@Test
	void aCloseFrameWithoutAStatusIsEmpty() {
		this.writer.close(1005, "", this.sink);
		assertThat(this.sink.take()).isEqualTo(Frames.hex("88 00"));
	}

	@Test
	void aLongCloseReasonIsCut() {
		this.writer.close(1011, "€".repeat(100), this.sink);
		assertThat(ReaderProbe.client().feed(this.sink.take()).events())
			.containsExactly("close 1011 " + "€".repeat(41));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1004, 1006, 1015 })
	void aCodeThatMustNotBeSentIsRefused(int code) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.writer.close(code, "", this.sink));
		assertThat(this.sink.length()).isZero();
	}

	@Test
	void aControlFrameOf126BytesIsRefused() {
		this.writer.ping(new byte[125], this.sink);
		assertThatIllegalArgumentException().isThrownBy(() -> this.writer.ping(new byte[126], this.sink))
			.withMessage("length: 126 (expected: <= 125)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.writer.pong(new byte[126], this.sink));
		assertThat(this.sink.length()).isEqualTo(127);
	}

	@Test
	void aClientMasksEveryFrameWithAKeyOfItsOwn() {
		AtomicInteger keys = new AtomicInteger(0x04030201);
		FrameWriter client = FrameWriter.client(null, keys::getAndIncrement);
		client.text(Frames.utf8("aaaa"), this.sink);
		client.pong(Frames.utf8("aaaa"), this.sink);
		assertThat(this.sink.take())
			.isEqualTo(Frames.hex("81 84 01 02 03 04 60 63 62 65  8a 84 02 02 03 04 63 63 62 65"));
	}

	@Test
	void aKeyOfZeroIsStillAMask() {
		FrameWriter.client(null, () -> 0).text(Frames.utf8("a"), this.sink);
		assertThat(this.sink.take()).isEqualTo(Frames.hex("81 81 00 00 00 00 61"));
	}

	@Test
	void aClientsRandomKeysDiffer() {
		FrameWriter client = FrameWriter.client(null);
		assertThat(client.binaryFrame(new byte[100])).isNotEqualTo(client.binaryFrame(new byte[100]));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 65535, 65536 })
	void aServerReadsWhatAClientWrites(int length) {
		byte[] data = "x".repeat(length).getBytes();
		FrameWriter client = FrameWriter.client(null);
		ReaderProbe probe = ReaderProbe.server().feed(client.textFrame(data), client.binaryFrame(data));
		client.text(data, this.sink);
		client.fragment(Opcodes.BINARY, false, data, this.sink);
		client.fragment(Opcodes.CONTINUATION, true, data, this.sink);
		client.close(1000, "", this.sink);
		probe.feed(this.sink.take());
		assertThat(probe.messages()).containsExactly(data, data, data, Frames.join(data, data));
		assertThat(probe.events()).last().isEqualTo("close 1000 ");
	}

	@Test
	void thePayloadIsNotChanged() {
		byte[] data = Frames.utf8("Hello, world");
		FrameWriter.client(null).text(data, this.sink);
		assertThat(data).isEqualTo(Frames.utf8("Hello, world"));
	}

	@Test
	void onlyAServersFramesCanBeShared() {
		assertThat(FrameWriter.PLAIN.sharesFrames()).isTrue();
		assertThat(FrameWriter.client(null).sharesFrames()).isFalse();
	}

	@Test
	void aThousandFramesAreOneWrite() {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			this.writer.text(Frames.utf8("message " + i), this.sink);
			expected.add("text message " + i);
		}
		assertThat(ReaderProbe.client().feed(this.sink.take()).events()).isEqualTo(expected);
	}

}
