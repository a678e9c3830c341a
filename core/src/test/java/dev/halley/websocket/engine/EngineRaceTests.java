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
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can meet within a session, two at a time.
 */
class EngineRaceTests {

	private static final int ROUNDS = 30_000;

	private ScriptedSocket socket;

	private RecordingListener listener;

	private EngineSession session;

	private final AtomicInteger sent = new AtomicInteger();

	private void open(ScriptedSocket socket) {
		this.socket = socket;
		this.listener = RecordingListener.over(socket);
		this.session = this.listener.session();
		this.sent.set(0);
	}

	private boolean send(EngineSession session, String text) {
		return session.send(new ArrayList<>(List.of(Payload.text(text))), this.sent::incrementAndGet);
	}

	/** A session whose network has taken nothing of a first message. */
	private EngineSession stalled() {
		open(new ScriptedSocket().room(0));
		send(this.session, "first");
		return this.session;
	}

	@Test
	void twoSendersAreBothHeard() throws Exception {
		Race.run(ROUNDS, () -> {
			open(new ScriptedSocket());
			EngineSession session = this.session;
			return new Race.Round(() -> send(session, "a"), () -> send(session, "b"),
					() -> assertThat(this.socket.seen()).containsExactlyInAnyOrder("text a", "text b"));
		});
	}

	@Test
	void aMessageThatMeetsTheCloseGoesBeforeItOrNotAtAll() throws Exception {
		boolean[] taken = new boolean[1];
		Race.run(ROUNDS, () -> {
			open(new ScriptedSocket());
			EngineSession session = this.session;
			return new Race.Round(() -> session.close(CloseStatus.NORMAL), () -> taken[0] = send(session, "a"), () -> {
				List<String> expected = (taken[0]) ? List.of("text a", "close 1000 ") : List.of("close 1000 ");
				assertThat(this.socket.seen()).isEqualTo(expected);
				assertThat(this.sent).hasValue((taken[0]) ? 1 : 0);
			});
		});
	}

	@Test
	void aMessageThatMeetsTheEndOfAWriteFollowsIt() throws Exception {
		Race.run(ROUNDS, () -> {
			EngineSession session = stalled();
			return new Race.Round(() -> {
				this.socket.addRoom(10_000);
				session.writable();
			}, () -> send(session, "second"), () -> {
				assertThat(this.socket.seen()).containsExactly("text first", "text second");
				assertThat(this.sent).hasValue(2);
			});
		});
	}

	@Test
	void twoWhoFlushTellTheSenderOnce() throws Exception {
		Race.run(ROUNDS, () -> {
			EngineSession session = stalled();
			send(session, "second");
			this.socket.addRoom(10_000);
			return new Race.Round(session::writable, session::writable, () -> {
				assertThat(this.socket.seen()).containsExactly("text first", "text second");
				assertThat(this.sent).hasValue(2);
			});
		});
	}

	@Test
	void thePeersCloseThatMeetsTheEndOfAWriteIsTheEnd() throws Exception {
		Race.run(ROUNDS, () -> {
			EngineSession session = stalled();
			this.socket.brings(Frames.close(1000, "")).addRoom(10_000);
			return new Race.Round(session::writable, session::readable, () -> {
				assertThat(this.socket.seen()).containsExactly("text first", "close 1000 ");
				assertThat(this.socket.isClosed()).isTrue();
				assertThat(this.listener.events()).containsExactly("closing 1000", "closed 1000");
			});
		});
	}

	@Test
	void twoEndsAreToldAsOne() throws Exception {
		Race.run(ROUNDS, () -> {
			open(new ScriptedSocket());
			return new Race.Round(this.session::abort, this.session::lost,
					() -> assertThat(this.listener.events()).containsExactly("closed 1006"));
		});
	}

	@Test
	void aWriteThatMeetsTheEndIsNotToldTwice() throws Exception {
		Race.run(ROUNDS, () -> {
			EngineSession session = stalled();
			this.socket.addRoom(10_000);
			return new Race.Round(session::abort, session::writable, () -> {
				assertThat(this.sent).hasValueLessThanOrEqualTo(1);
				assertThat(send(session, "late")).isFalse();
				assertThat(this.listener.events()).containsExactly("closed 1006");
			});
		});
	}

	@Test
	void aHandlerThatEndsAsTheSessionClosesReadsOnOnce() throws Exception {
		Race.run(ROUNDS, () -> {
			open(new ScriptedSocket().brings(Frames.masked(Frames.FIN_TEXT, "a")));
			EngineSession session = this.session;
			this.listener.onText((text) -> session.suspend());
			session.readable();
			return new Race.Round(() -> session.close(CloseStatus.NORMAL), session::resume,
					() -> assertThat(this.socket.resumed()).isOne());
		});
	}

	@Test
	void aHandlerThatEndsWhileItsThreadStillReadsLosesNothing() throws Exception {
		Race.run(ROUNDS, () -> {
			open(new ScriptedSocket()
				.brings(Frames.join(Frames.masked(Frames.FIN_TEXT, "a"), Frames.masked(Frames.FIN_TEXT, "b"))));
			EngineSession session = this.session;
			AtomicInteger suspended = new AtomicInteger();
			this.listener.onText((text) -> {
				session.suspend();
				suspended.incrementAndGet();
			});
			return new Race.Round(session::readable, () -> {
				while (suspended.get() == 0) {
					Thread.onSpinWait();
				}
				session.resume();
			}, () -> {
				assertThat(this.socket.takeResumed()).isTrue();
				session.readable();
				assertThat(this.listener.events()).containsExactly("text a", "text b");
			});
		});
	}

	@Test
	void whatWaitsForTheEndOfAWriteIsRunOnce() throws Exception {
		Race.run(ROUNDS, () -> {
			ScriptedSocket socket = new ScriptedSocket().room(0);
			EngineOutput output = new EngineOutput(socket, FrameWriter.PLAIN, () -> {
			});
			output.pongs(List.of(new byte[0]));
			socket.addRoom(10);
			AtomicInteger runs = new AtomicInteger();
			return new Race.Round(output::writable, () -> output.whenFlushed(runs::incrementAndGet),
					() -> assertThat(runs).hasValue(1));
		});
	}

}
