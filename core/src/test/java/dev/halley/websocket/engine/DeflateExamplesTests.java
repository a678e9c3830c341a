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

import java.util.zip.Deflater;
import java.util.zip.Inflater;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of RFC 7692 section 7.2.3, byte for byte.
 */
class DeflateExamplesTests {

	private static final byte[] HELLO = Frames.hex("f2 48 cd c9 c9 07 00");

	private final Pool<Inflater> inflaters = new Pool<>(1, () -> new Inflater(true), Inflater::reset, Inflater::end);

	private final Pool<Deflater> deflaters = new Pool<>(1, () -> new Deflater(Deflater.DEFAULT_COMPRESSION, true),
			Deflater::reset, Deflater::end);

	private final ReaderProbe client = ReaderProbe.client(new MessageInflater(this.inflaters, false));

	private final ReaderProbe keepingClient = ReaderProbe.client(new MessageInflater(this.inflaters, true));

	@Test
	void section7231OneCompressedBlock() {
		assertThat(this.client.feed(Frames.join(Frames.hex("c1 07"), HELLO)).events()).containsExactly("text Hello");
	}

	@Test
	void section7231OneCompressedBlockIsWrittenSo() {
		FrameWriter writer = new FrameWriter(new MessageDeflater(this.deflaters, true, 0, Integer.MAX_VALUE));
		assertThat(writer.textFrame(Frames.utf8("Hello"))).isEqualTo(Frames.join(Frames.hex("c1 07"), HELLO));
	}

	@Test
	void section7231TheMessageInTwoFragments() {
		this.client.feed(Frames.hex("41 03 f2 48 cd"));
		assertThat(this.client.events()).isEmpty();
		this.client.feed(Frames.hex("80 04 c9 c9 07 00"));
		assertThat(this.client.events()).containsExactly("text Hello");
	}

	@Test
	void section7232SharingTheSlidingWindow() {
		this.keepingClient.feed(Frames.join(Frames.hex("c1 07"), HELLO), Frames.hex("c1 05 f2 00 11 00 00"));
		assertThat(this.keepingClient.events()).containsExactly("text Hello", "text Hello");
	}

	@Test
	void section7232SharingTheSlidingWindowIsWrittenSo() {
		FrameWriter writer = new FrameWriter(new MessageDeflater(this.deflaters, true, 0, Integer.MAX_VALUE));
		assertThat(writer.textFrame(Frames.utf8("Hello"))).isEqualTo(Frames.join(Frames.hex("c1 07"), HELLO));
		assertThat(writer.textFrame(Frames.utf8("Hello"))).isEqualTo(Frames.hex("c1 05 f2 00 11 00 00"));
	}

	@Test
	void section7232WithoutTakeoverTheSameMessageIsTheSameFrame() {
		this.client.feed(Frames.join(Frames.hex("c1 07"), HELLO), Frames.join(Frames.hex("c1 07"), HELLO));
		assertThat(this.client.events()).containsExactly("text Hello", "text Hello");
	}

	@Test
	void section7232WithoutTakeoverAReferenceToTheLastMessageIsInvalid() {
		this.client.feed(Frames.join(Frames.hex("c1 07"), HELLO), Frames.hex("c1 05 f2 00 11 00 00"));
		assertThat(this.client.events()).containsExactly("text Hello", "error 1007");
	}

	@Test
	void section7233ABlockWithoutCompression() {
		assertThat(this.client.feed(Frames.hex("c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00")).events())
			.containsExactly("text Hello");
	}

	@Test
	void section7234ABlockWithBfinal() {
		assertThat(this.client.feed(Frames.hex("c1 08 f3 48 cd c9 c9 07 00 00")).events())
			.containsExactly("text Hello");
	}

	@Test
	void section7234AMessageAfterOneWithBfinal() {
		byte[] frame = Frames.hex("c1 08 f3 48 cd c9 c9 07 00 00");
		this.keepingClient.feed(frame, frame, Frames.join(Frames.hex("c1 07"), HELLO));
		assertThat(this.keepingClient.events()).hasSize(3).containsOnly("text Hello");
	}

	@Test
	void section7235TwoBlocks() {
		assertThat(this.client.feed(Frames.hex("c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00")).events())
			.containsExactly("text Hello");
	}

	@Test
	void section7236AnEmptyMessage() {
		assertThat(this.client.feed(Frames.hex("c1 01 00")).events()).containsExactly("text ");
	}

	@Test
	void section7236AnEmptyPayloadDoesNotSpoilTheContext() {
		this.keepingClient.feed(Frames.hex("c1 00"), Frames.join(Frames.hex("c1 07"), HELLO), Frames.hex("c1 00"),
				Frames.hex("c1 05 f2 00 11 00 00"));
		assertThat(this.keepingClient.events()).containsExactly("text ", "text Hello", "text ", "text Hello");
	}

	@Test
	void section7236AnEmptyMessageIsWrittenWithoutCompression() {
		FrameWriter writer = new FrameWriter(new MessageDeflater(this.deflaters, true, 0, Integer.MAX_VALUE));
		assertThat(writer.textFrame(new byte[0])).isEqualTo(Frames.hex("81 00"));
		assertThat(writer.textFrame(Frames.utf8("Hello"))).isEqualTo(Frames.join(Frames.hex("c1 07"), HELLO));
		assertThat(writer.textFrame(new byte[0])).isEqualTo(Frames.hex("81 00"));
	}

}
