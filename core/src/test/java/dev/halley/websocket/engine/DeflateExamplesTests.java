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

import static dev.halley.websocket.engine.Frames.hex;
import static dev.halley.websocket.engine.Frames.join;
import static dev.halley.websocket.engine.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of RFC 7692 section 7.2.3, byte for byte.
 */
class DeflateExamplesTests {

	private static final byte[] HELLO = hex("f2 48 cd c9 c9 07 00");

	private final Pool<Inflater> inflaters = new Pool<>(1, () -> new Inflater(true), Inflater::reset, Inflater::end);

	private final Pool<Deflater> deflaters = new Pool<>(1, () -> new Deflater(Deflater.DEFAULT_COMPRESSION, true),
			Deflater::reset, Deflater::end);

	private final ReaderProbe client = ReaderProbe.client(new MessageInflater(this.inflaters, false));

	private final ReaderProbe keepingClient = ReaderProbe.client(new MessageInflater(this.inflaters, true));

	@Test
	void section7231OneCompressedBlock() {
		assertThat(this.client.feed(join(hex("c1 07"), HELLO)).events()).containsExactly("text Hello");
	}

	@Test
	void section7231OneCompressedBlockIsWrittenSo() {
		FrameWriter writer = new FrameWriter(new MessageDeflater(this.deflaters, true, 0, Integer.MAX_VALUE));
		assertThat(writer.textFrame(utf8("Hello"))).isEqualTo(join(hex("c1 07"), HELLO));
	}

	@Test
	void section7231TheMessageInTwoFragments() {
		this.client.feed(hex("41 03 f2 48 cd"));
		assertThat(this.client.events()).isEmpty();
		this.client.feed(hex("80 04 c9 c9 07 00"));
		assertThat(this.client.events()).containsExactly("text Hello");
	}

	@Test
	void section7232SharingTheSlidingWindow() {
		this.keepingClient.feed(join(hex("c1 07"), HELLO), hex("c1 05 f2 00 11 00 00"));
		assertThat(this.keepingClient.events()).containsExactly("text Hello", "text Hello");
	}

	@Test
	void section7232SharingTheSlidingWindowIsWrittenSo() {
		FrameWriter writer = new FrameWriter(new MessageDeflater(this.deflaters, true, 0, Integer.MAX_VALUE));
		assertThat(writer.textFrame(utf8("Hello"))).isEqualTo(join(hex("c1 07"), HELLO));
		assertThat(writer.textFrame(utf8("Hello"))).isEqualTo(hex("c1 05 f2 00 11 00 00"));
	}

	@Test
	void section7232WithoutTakeoverTheSameMessageIsTheSameFrame() {
		this.client.feed(join(hex("c1 07"), HELLO), join(hex("c1 07"), HELLO));
		assertThat(this.client.events()).containsExactly("text Hello", "text Hello");
	}

	@Test
	void section7232WithoutTakeoverAReferenceToTheLastMessageIsInvalid() {
		this.client.feed(join(hex("c1 07"), HELLO), hex("c1 05 f2 00 11 00 00"));
		assertThat(this.client.events()).containsExactly("text Hello", "error 1007");
	}

	@Test
	void section7233ABlockWithoutCompression() {
		assertThat(this.client.feed(hex("c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00")).events())
			.containsExactly("text Hello");
	}

	@Test
	void section7234ABlockWithBfinal() {
		assertThat(this.client.feed(hex("c1 08 f3 48 cd c9 c9 07 00 00")).events()).containsExactly("text Hello");
	}

	@Test
	void section7234AMessageAfterOneWithBfinal() {
		byte[] frame = hex("c1 08 f3 48 cd c9 c9 07 00 00");
		this.keepingClient.feed(frame, frame, join(hex("c1 07"), HELLO));
		assertThat(this.keepingClient.events()).hasSize(3).containsOnly("text Hello");
	}

	@Test
	void section7235TwoBlocks() {
		assertThat(this.client.feed(hex("c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00")).events())
			.containsExactly("text Hello");
	}

	@Test
	void section7236AnEmptyMessage() {
		assertThat(this.client.feed(hex("c1 01 00")).events()).containsExactly("text ");
	}

	@Test
	void section7236AnEmptyMessageIsWrittenWithoutCompression() {
		FrameWriter writer = new FrameWriter(new MessageDeflater(this.deflaters, true, 0, Integer.MAX_VALUE));
		assertThat(writer.textFrame(new byte[0])).isEqualTo(hex("81 00"));
		assertThat(writer.textFrame(utf8("Hello"))).isEqualTo(join(hex("c1 07"), HELLO));
		assertThat(writer.textFrame(new byte[0])).isEqualTo(hex("81 00"));
	}

}
