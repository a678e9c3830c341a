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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a session makes of what it reads, and RFC 6455 section 7: how connections end.
 */
class EngineSessionTests {

	private static final Runnable NOTHING = () -> {
	};

	private final ScriptedSocket socket = new ScriptedSocket();

	private final RecordingListener listener = RecordingListener.over(this.socket);

	private final EngineSession session = this.listener.session();

	private boolean read(byte[]... reads) {
		this.socket.brings(reads);
		return this.session.readable();
	}

	private static byte[] text(String text) {
		return Frames.masked(Frames.FIN_TEXT, text);
	}

	private void send(String text) {
		this.session.send(new ArrayList<>(List.of(Payload.text(text))), NOTHING);
	}

	@Test
	void messagesOfOneReadAreOneBatch() {
		this.session.open();
		assertThat(read(Frames.join(text("a"), text("b"), Frames.masked(Frames.FIN_BINARY, new byte[3])))).isTrue();
		assertThat(this.listener.events()).containsExactly("opened", "text a", "text b", "binary 3");
		assertThat(this.listener.batches()).isOne();
	}

	@Test
	void aPartOfAMessageIsActivityToo() {
		assertThat(read(Frames.maskedHeader(Frames.FIN_TEXT, 5))).isTrue();
		assertThat(this.listener.activities()).isOne();
		assertThat(this.listener.events()).isEmpty();
	}

	// 5.5.2, 5.5.3

	@Test
	void aPingIsAnsweredWithItsPayload() {
		read(Frames.masked(Frames.FIN_PING, "are you there?"));
		assertThat(this.socket.written()).isEqualTo(Frames.plain(Frames.FIN_PONG, "are you there?"));
		assertThat(this.listener.events()).isEmpty();
	}

	@Test
	void pingsThatComeTogetherAreAnsweredInOneWrite() {
		this.socket.brings(Frames.repeat(Frames.masked(Frames.FIN_PING, "p"), 100));
		this.listener.session().readable();
		assertThat(this.socket.seen()).hasSize(100).containsOnly("pong 70");
		assertThat(this.socket.writes()).isOne();
	}

	@Test
	void aPingIsAnsweredBeforeTheMessageAfterItIsHandled() {
		this.listener
			.onText((text) -> this.listener.session().send(new ArrayList<>(List.of(Payload.text("answer"))), () -> {
			}));
		this.socket.brings(Frames.join(Frames.masked(Frames.FIN_PING, "1"), Frames.masked(Frames.FIN_TEXT, "a"),
				Frames.masked(Frames.FIN_PING, "2"), Frames.bytes(0x83)));
		this.listener.session().readable();
		assertThat(this.socket.seen()).startsWith("pong 31", "text answer", "pong 32");
	}

	@Test
	void aPongIsTold() {
		read(Frames.masked(Frames.FIN_PONG, "1"));
		assertThat(this.listener.events()).containsExactly("pong 1");
	}

	// 7.1

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1003, 1007, 1011, 3000, 4999 })
	void aCloseIsAnsweredWithItsCodeAndEndsTheConnection(int code) {
		assertThat(read(Frames.close(code, "why"))).isFalse();
		assertThat(this.socket.written())
			.isEqualTo(Frames.plain(Frames.FIN_CLOSE, Frames.closePayload(code, new byte[0])));
		assertThat(this.listener.events()).containsExactly("closing " + code, "closed " + code);
		assertThat(this.socket.isClosed()).isTrue();
		assertThat(this.session.isClosed()).isTrue();
	}

	@Test
	void aCloseWithoutACodeIsAnsweredWithoutOneAndReportedAs1005() {
		read(Frames.masked(Frames.FIN_CLOSE, ""));
		assertThat(this.socket.written()).isEqualTo(Frames.plain(Frames.FIN_CLOSE, ""));
		assertThat(this.listener.events()).containsExactly("closing 1005", "closed 1005");
	}

	@Test
	void whatFollowsAPeersCloseIsDiscarded() {
		read(Frames.join(Frames.close(1000, ""), text("late"), Frames.masked(Frames.FIN_PING, "late")));
		assertThat(this.listener.events()).containsExactly("closing 1000", "closed 1000");
		assertThat(this.socket.seen()).containsExactly("close 1000 ");
	}

	@Test
	void whatIsHeldBackForABatchGoesOutBeforeTheClose() {
		this.listener.onBatchEnd(() -> send("answer"));
		read(Frames.join(text("question"), Frames.close(1000, "")));
		assertThat(this.socket.seen()).containsExactly("text answer", "close 1000 ");
	}

	@Test
	void ourCloseWaitsForThePeers() {
		this.session.close(CloseStatus.GOING_AWAY.withReason("bye"));
		assertThat(this.session.isClosing()).isTrue();
		assertThat(this.session.isClosed()).isFalse();
		assertThat(read(Frames.close(1001, ""))).isFalse();
		assertThat(this.socket.seen()).containsExactly("close 1001 bye");
		assertThat(this.listener.events()).containsExactly("closed 1001");
		assertThat(this.socket.isClosed()).isTrue();
	}

	@Test
	void nothingFollowsOurClose() {
		this.session.close(CloseStatus.NORMAL);
		this.session.close(CloseStatus.SERVER_ERROR);
		read(Frames.masked(Frames.FIN_PING, "p"));
		assertThat(this.session.send(List.of(Payload.text("late")), NOTHING)).isFalse();
		assertThat(this.session.sendFragment(Opcodes.TEXT, true, new byte[1], NOTHING)).isFalse();
		assertThat(this.socket.seen()).containsExactly("close 1000 ");
	}

	@Test
	void aConnectionEndsOnlyWhenOurCloseIsOut() {
		this.socket.room(2);
		read(Frames.close(1000, ""));
		assertThat(this.session.isClosed()).isFalse();
		this.socket.addRoom(100);
		this.session.writable();
		assertThat(this.session.isClosed()).isTrue();
		assertThat(this.socket.seen()).containsExactly("close 1000 ");
	}

	@Test
	void aCloseComesAfterWhatIsBeingWritten() {
		this.socket.room(3);
		send("hello");
		this.session.close(CloseStatus.NORMAL);
		read(Frames.close(1000, ""));
		assertThat(this.session.isClosed()).isFalse();
		this.socket.addRoom(100);
		this.session.writable();
		assertThat(this.socket.seen()).containsExactly("text hello", "close 1000 ");
		assertThat(this.listener.progressCount()).isOne();
		assertThat(this.session.isClosed()).isTrue();
	}

	@Test
	void anEndOfTheStreamWithoutACloseIs1006() {
		assertThat(read(text("a"), ScriptedSocket.END)).isTrue();
		assertThat(this.session.readable()).isFalse();
		assertThat(this.listener.events()).containsExactly("text a", "closed 1006");
	}

	@Test
	void aFailingReadIs1006() {
		this.socket.breakReads();
		assertThat(this.session.readable()).isFalse();
		assertThat(this.listener.events()).containsExactly("closed 1006");
	}

	@Test
	void aFailingWriteIs1006() {
		this.socket.breakWrites(new IOException("Broken pipe"));
		send("a");
		send("b");
		assertThat(this.listener.events()).containsExactly("closed 1006");
	}

	@Test
	void aSocketThatBreaksItsContractOnlyEndsItsConnection() {
		this.socket.breakWrites(new IllegalStateException("What was that?"));
		send("a");
		assertThat(this.listener.events()).containsExactly("closed 1006");
	}

	@Test
	void anEndIsToldOnce() {
		this.session.abort();
		this.session.lost();
		this.session.abort();
		read(text("late"));
		assertThat(this.listener.events()).containsExactly("closed 1006");
		assertThat(this.socket.isCut()).isTrue();
	}

	// 7.1.7

	@Test
	void aViolationIsToldAndWhatFollowsDiscarded() {
		read(Frames.join(Frames.plain(Frames.FIN_TEXT, "no mask"), text("late")));
		read(text("later"));
		assertThat(this.listener.events()).containsExactly("violated 1002");
		assertThat(this.socket.seen()).hasSize(1).first().asString().startsWith("close 1002");
		assertThat(this.session.isClosed()).isFalse();
	}

	@Test
	void afterAViolationThePeersCloseEndsTheConnection() {
		read(Frames.plain(Frames.FIN_TEXT, "no mask"));
		assertThat(read(Frames.join(text("late"), Frames.close(1002, "got it")))).isFalse();
		assertThat(this.listener.events()).containsExactly("violated 1002", "closed 1006");
	}

	@Test
	void aViolationWhileClosingEndsTheConnection() {
		this.session.close(CloseStatus.NORMAL);
		read(Frames.plain(Frames.FIN_TEXT, "no mask"));
		assertThat(this.socket.seen()).containsExactly("close 1000 ");
		assertThat(this.listener.events()).containsExactly("closed 1006");
	}

	@Test
	void aNewLimitHoldsForTheNextMessage() {
		this.session.limit(3);
		read(text("abc"), Frames.masked(Frames.FIN_TEXT, "abcd"));
		this.session.readable();
		assertThat(this.listener.events()).containsExactly("text abc", "violated 1009");
	}

	// Demand

	@Test
	void aSuspendedSessionGivesNoMessageUntilItIsResumed() {
		this.listener.onText((text) -> this.session.suspend());
		assertThat(read(Frames.join(text("a"), text("b"), text("c")))).isFalse();
		assertThat(this.listener.events()).containsExactly("text a");
		this.session.resume();
		assertThat(this.socket.resumed()).isOne();
		assertThat(read(text("d"))).isFalse();
		assertThat(this.listener.events()).containsExactly("text a", "text b");
		this.listener.onText((text) -> {
		});
		this.session.resume();
		assertThat(this.session.readable()).isTrue();
		assertThat(this.listener.events()).containsExactly("text a", "text b", "text c", "text d");
	}

	@Test
	void aStrayEventDoesNotReadASuspendedSession() {
		this.listener.onText((text) -> this.session.suspend());
		read(Frames.join(text("a"), text("b")));
		assertThat(read(text("c"))).isFalse();
		assertThat(this.listener.events()).containsExactly("text a");
		assertThat(this.socket.unread()).isOne();
	}

	@Test
	void aSessionThatIsSuspendedBeforeTheFirstMessageWaits() {
		this.session.suspend();
		assertThat(read(text("a"))).isFalse();
		assertThat(this.listener.events()).isEmpty();
		this.session.resume();
		assertThat(this.session.readable()).isTrue();
		assertThat(this.listener.events()).containsExactly("text a");
	}

	@Test
	void resumingTwiceAsksOnce() {
		this.session.suspend();
		this.session.resume();
		this.session.resume();
		assertThat(this.socket.resumed()).isOne();
	}

	@Test
	void aSuspendedSessionThatClosesReadsThePeersAnswer() {
		this.listener.onText((text) -> this.session.suspend());
		read(Frames.join(text("a"), Frames.close(1000, "")));
		this.session.close(CloseStatus.NORMAL);
		assertThat(this.socket.resumed()).isOne();
		assertThat(this.session.readable()).isFalse();
		assertThat(this.listener.events()).containsExactly("text a", "closed 1000");
	}

	@Test
	void aClosingSessionIsNotSuspended() {
		this.listener.onText((text) -> {
			this.session.close(CloseStatus.NORMAL);
			this.session.suspend();
		});
		read(Frames.join(text("a"), Frames.close(1000, "")));
		assertThat(this.socket.resumed()).isOne();
		this.session.readable();
		assertThat(this.listener.events()).containsExactly("text a", "closed 1000");
	}

	// Reading

	@Test
	void aFullReadIsFollowedByAnother() {
		byte[] frame = Frames.masked(Frames.FIN_BINARY, new byte[16 * 1024 - 8]);
		assertThat(frame).hasSize(16 * 1024);
		assertThat(read(frame, text("a"))).isTrue();
		assertThat(this.socket.unread()).isZero();
	}

	@Test
	void aShortReadIsTheLast() {
		read(text("a"), text("b"));
		assertThat(this.socket.unread()).isOne();
	}

	@Test
	void aBufferedSocketIsReadUntilNothingIsLeft() {
		this.socket.buffered();
		assertThat(read(text("a"), text("b"), text("c"))).isTrue();
		assertThat(this.listener.events()).containsExactly("text a", "text b", "text c");
	}

	@Test
	void aPeerThatNeverPausesLetsOthersHaveTheThread() {
		this.socket.buffered();
		byte[][] reads = new byte[40][];
		for (int i = 0; i < reads.length; i++) {
			reads[i] = text("m" + i);
		}
		assertThat(read(reads)).isFalse();
		assertThat(this.socket.resumed()).isOne();
		assertThat(this.socket.unread()).isEqualTo(24);
		assertThat(this.session.readable()).isFalse();
		assertThat(this.session.readable()).isTrue();
		assertThat(this.listener.events()).hasSize(40).last().isEqualTo("text m39");
	}

	@Test
	void aListenerThatThrowsIsTheContainersAffair() {
		this.listener.onText((text) -> {
			throw new IllegalStateException(text);
		});
		this.socket.brings(text("a"));
		assertThatIllegalStateException().isThrownBy(this.session::readable).withMessage("a");
		this.session.lost();
		assertThat(this.listener.events()).containsExactly("text a", "closed 1006");
	}

	@Test
	void aMessageThatDropsTheSessionIsItsLast() {
		this.listener.onText((text) -> this.session.abort());
		assertThat(read(Frames.join(text("a"), text("b")))).isFalse();
		assertThat(this.listener.events()).containsExactly("text a", "closed 1006");
	}

	// Compression

	@Test
	void noInflaterIsHeldOrGivenBackTwiceWhateverEndsTheConnection() {
		try (PerMessageDeflate deflate = new PerMessageDeflate(new DeflateSettings(1, 6, false, 8))) {
			DeflateParameters agreed = new DeflateParameters(false, true, 0);
			Compression compression = new Compression(deflate.inflater(agreed), deflate.writer(agreed));
			RecordingListener listener = RecordingListener.over(this.socket, 1 << 20, compression);
			this.socket.brings(compressed(deflate, "hello"));
			listener.session().readable();
			assertThat(listener.events()).containsExactly("text hello");
			assertThat(deflate.idleInflaters()).isOne();
			listener.session().abort();
			assertThat(deflate.idleInflaters()).isOne();
			listener.session().lost();
			assertThat(deflate.idleInflaters()).isOne();
		}
	}

	@Test
	void aConnectionThatEndsWhileItsThreadReadsHoldsNoInflater() {
		try (PerMessageDeflate deflate = new PerMessageDeflate(new DeflateSettings(1, 6, false, 8))) {
			DeflateParameters agreed = new DeflateParameters(false, true, 0);
			Compression compression = new Compression(deflate.inflater(agreed), deflate.writer(agreed));
			RecordingListener listener = RecordingListener.over(this.socket, 1 << 20, compression);
			listener.onText((text) -> listener.session().abort());
			this.socket.brings(compressed(deflate, "hello"));
			listener.session().readable();
			assertThat(deflate.idleInflaters()).isOne();
		}
	}

	@Test
	void aContextThatIsTakenOverIsRefused() {
		try (PerMessageDeflate deflate = new PerMessageDeflate(new DeflateSettings(1, 6, true, 8))) {
			FrameWriter writer = deflate.writer(new DeflateParameters(true, true, 0));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> RecordingListener.over(this.socket, 10, new Compression(null, writer)));
		}
	}

	private static byte[] compressed(PerMessageDeflate deflate, String text) {
		byte[] payload = deflate.deflater(new DeflateParameters(true, true, 0)).deflate(Frames.utf8(text));
		return Frames.masked(0xC1, payload);
	}

}
