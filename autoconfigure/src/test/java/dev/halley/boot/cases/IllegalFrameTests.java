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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames that RFC 6455 forbids.
 */
abstract class IllegalFrameTests extends CaseTests {

	private static final byte[] HEAD_OF_2_TO_THE_62 = { (byte) 0x81, (byte) 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3,
			4 };

	private static final byte[] NEGATIVE_LENGTH = { (byte) 0x81, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3,
			4 };

	static Stream<Arguments> illegal() {
		byte[] noUtf8 = { 3, (byte) 0xe8, (byte) 0xff };
		return Stream.of(Arguments.of("opcode 3", Frame.whole(3, "x").masked()),
				Arguments.of("opcode 11", Frame.whole(11, "").masked()),
				Arguments.of("RSV1 unasked", new Frame(0xc1, new byte[1]).masked()),
				Arguments.of("RSV2", new Frame(0xa1, new byte[1]).masked()),
				Arguments.of("RSV3", new Frame(0x91, new byte[1]).masked()),
				Arguments.of("unmasked", Frame.text("x").unmasked()),
				Arguments.of("ping in parts", Frame.part(Frame.PING, "x").masked()),
				Arguments.of("close in parts", Frame.part(Frame.CLOSE, new byte[0]).masked()),
				Arguments.of("long ping", Frame.ping("x".repeat(126)).masked()),
				Arguments.of("continuation of nothing", Frame.last("x").masked()),
				Arguments.of("text within text",
						Frame.masked(Frame.part(Frame.TEXT, "x"), Frame.text("y"), Frame.last("z"))),
				Arguments.of("close of one byte", new Frame(0x88, new byte[1]).masked()),
				Arguments.of("close 999", Frame.close(999, "").masked()),
				Arguments.of("close 1005", Frame.close(1005, "").masked()),
				Arguments.of("close 1006", Frame.close(1006, "").masked()),
				Arguments.of("close 5000", Frame.close(5000, "").masked()),
				Arguments.of("close with no UTF-8", new Frame(0x88, noUtf8).masked()),
				Arguments.of("text that is no UTF-8", new Frame(0x81, noUtf8).masked()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("illegal")
	void illegalFramesEndTheConnection(String what, byte[] frame) throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(frame);
			assertThat(peer.next()).matches("close 100[27].*");
			peer.send(Frame.closeWithoutStatus());
			assertThat(peer.next()).isEqualTo("end");
		}
		assertThat(run().done()).isIn(1002, 1007, 1006);
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("illegal")
	void aPeerThatIsGoneRightAfterwardsLeavesNothing(String what, byte[] frame) throws Exception {
		connect("/collect").send(frame).vanish();
		assertThat(run().done()).isIn(1002, 1007, 1006);
	}

	@Test
	void aFrameLongerThanAnyMemoryIsNotWaitedFor() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(HEAD_OF_2_TO_THE_62).send(new byte[80_000]);
			assertThat(peer.next()).startsWith("close 1009");
		}
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@Test
	void aNegativeLengthIsRefused() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(NEGATIVE_LENGTH).send(new byte[80_000]);
			assertThat(peer.next()).matches("close 10(02|09).*|end");
		}
		assertThat(run().hasHeardNothing()).isTrue();
	}

	@Test
	void everyCutOfASessionEndsInGoodOrder() throws Exception {
		byte[] bytes = Frame.masked(Frame.part(Frame.TEXT, "o"), Frame.ping("p"), Frame.last("ne"),
				Frame.binary("x".repeat(200).getBytes(StandardCharsets.UTF_8)));
		for (int cut = 0; cut < 40; cut++) {
			String cutName = newName();
			connectAs(cutName, "/collect").send(Arrays.copyOf(bytes, cut)).vanish();
			assertThat(run(cutName).done()).isEqualTo(1006);
		}
	}

	@Test
	void framesOneByteAtATimeAreFrames() throws Exception {
		try (Peer peer = connect("/collect")) {
			for (byte one : Frame.masked(Frame.part(Frame.TEXT, "o"), Frame.ping("p"), Frame.last("ne"),
					Frame.close(1000, ""))) {
				peer.send(new byte[] { one });
			}
			assertThat(run().next()).isEqualTo("one");
			assertThat(peer.next()).isEqualTo("pong p");
			assertThat(peer.next()).isEqualTo("close 1000");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

}
