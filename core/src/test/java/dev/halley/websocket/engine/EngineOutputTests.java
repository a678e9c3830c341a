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

import dev.halley.codec.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is written when, and when its sender hears of it.
 */
class EngineOutputTests {

	private final ScriptedSocket socket = new ScriptedSocket();

	private final List<String> events = new ArrayList<>();

	private final EngineOutput output = new EngineOutput(this.socket, FrameWriter.PLAIN,
			() -> this.events.add("broken"));

	private boolean send(String... texts) {
		List<Payload> batch = new ArrayList<>();
		for (String text : texts) {
			batch.add(Payload.text(text));
		}
		return this.output.send(batch, () -> this.events.add("sent " + texts[texts.length - 1]));
	}

	@Test
	void aBatchIsOneWrite() {
		this.output.send(new ArrayList<>(List.of(Payload.text("a"), Payload.binary(new byte[1]),
				Payload.ping(new byte[2]), Payload.pong(new byte[3]))), () -> this.events.add("sent"));
		assertThat(this.socket.writes()).isOne();
		assertThat(this.socket.seen()).containsExactly("text a", "binary 00", "ping 0000", "pong 000000");
		assertThat(this.events).containsExactly("sent");
	}

	@Test
	void aSenderHearsOfItWhenTheLastByteIsOut() {
		this.socket.room(3);
		send("hello");
		assertThat(this.events).isEmpty();
		this.socket.addRoom(3);
		this.output.writable();
		assertThat(this.events).isEmpty();
		assertThat(this.socket.asked()).isEqualTo(2);
		this.socket.addRoom(1);
		this.output.writable();
		assertThat(this.events).containsExactly("sent hello");
		assertThat(this.socket.seen()).containsExactly("text hello");
	}

	@Test
	void aStrayCallOfWritableDoesNothing() {
		this.output.writable();
		send("a");
		this.output.writable();
		this.output.writable();
		assertThat(this.events).containsExactly("sent a");
	}

	@Test
	void whatComesMeanwhileGoesOutInOneWrite() {
		this.socket.room(3);
		send("first");
		this.output.pongs(List.of(Frames.utf8("1")));
		this.output.pongs(List.of(Frames.utf8("2")));
		send("second", "third");
		this.socket.room(1000);
		this.output.writable();
		assertThat(this.socket.writes()).isEqualTo(2);
		assertThat(this.socket.seen()).containsExactly("text first", "pong 31", "pong 32", "text second", "text third");
		assertThat(this.events).containsExactly("sent first", "sent third");
	}

	@Test
	void whatASenderSendsWhenItHearsOfItComesNext() {
		this.socket.room(3);
		this.output.send(new ArrayList<>(List.of(Payload.text("a"))), () -> send("b"));
		this.output.send(new ArrayList<>(List.of(Payload.text("x"))), () -> {
		});
		this.socket.room(1000);
		this.output.writable();
		assertThat(this.socket.seen()).contains("text a", "text b");
	}

	// RFC 6455 section 5.5.3

	@Test
	void ofTooManyPingsOnlyTheLatestIsAnswered() {
		this.socket.room(0);
		send("a");
		byte[] payload = new byte[125];
		for (int i = 0; i < 1000; i++) {
			payload[0] = (byte) (i >> 8);
			payload[1] = (byte) i;
			this.output.pongs(List.of(payload.clone()));
		}
		this.socket.room(Long.MAX_VALUE);
		this.output.writable();
		assertThat(this.socket.written()).hasSizeLessThan(20 * 1024);
		assertThat(this.socket.seen()).last().asString().startsWith("pong 03e7");
	}

	@Test
	void theLatestPingIsAnsweredBeforeTheClose() {
		this.socket.room(0);
		send("a");
		for (int i = 0; i < 1000; i++) {
			this.output.pongs(List.of(new byte[125]));
		}
		this.output.pongs(List.of(Frames.utf8("z")));
		this.output.close(1000, "");
		this.output.pongs(List.of(Frames.utf8("late")));
		this.socket.room(Long.MAX_VALUE);
		this.output.writable();
		assertThat(this.socket.seen()).endsWith("pong 7a", "close 1000 ");
	}

	// 5.5.1

	@Test
	void nothingIsTakenAfterTheClose() {
		this.output.close(1000, "bye");
		assertThat(send("late")).isFalse();
		this.output.pongs(List.of(new byte[1]));
		this.output.close(1001, "again");
		assertThat(this.socket.seen()).containsExactly("close 1000 bye");
		assertThat(this.events).isEmpty();
	}

	@Test
	void aFrameForManyIsMadeOnce() {
		Payload payload = Payload.text("to all").share();
		ScriptedSocket other = new ScriptedSocket();
		this.output.send(new ArrayList<>(List.of(payload)), () -> this.events.add("sent"));
		Object kept = payload.sharedForm();
		new EngineOutput(other, FrameWriter.PLAIN, () -> {
		}).send(new ArrayList<>(List.of(payload, payload)), () -> this.events.add("sent"));
		assertThat(payload.sharedForm()).isNotNull().isSameAs(kept);
		assertThat(this.socket.seen()).containsExactly("text to all");
		assertThat(other.seen()).containsExactly("text to all", "text to all");
		assertThat(this.events).containsExactly("sent", "sent");
	}

	@Test
	void aFrameForManyIsMadeForEachCompression() {
		try (PerMessageDeflate deflate = new PerMessageDeflate(new DeflateSettings(1, 6, false, 8))) {
			ScriptedSocket other = new ScriptedSocket();
			FrameWriter compressing = deflate.writer(new DeflateParameters(false, false, 0));
			Payload payload = Payload.binary(new byte[1000]).share();
			EngineOutput compressed = new EngineOutput(other, compressing, () -> {
			});
			for (int i = 0; i < 2; i++) {
				this.output.send(new ArrayList<>(List.of(payload)), () -> {
				});
				compressed.send(new ArrayList<>(List.of(payload)), () -> {
				});
			}
			assertThat(this.socket.written()).hasSize(2 * 1004);
			assertThat(other.written()).hasSizeLessThan(100).startsWith(0xC2);
		}
	}

	@Test
	void whatWaitsForTheNetworkRunsWhenAllIsOut() {
		this.output.whenFlushed(() -> this.events.add("flushed at once"));
		this.socket.room(1);
		send("a");
		this.output.whenFlushed(() -> this.events.add("flushed"));
		assertThat(this.events).containsExactly("flushed at once");
		this.socket.room(100);
		this.output.writable();
		assertThat(this.events).containsExactly("flushed at once", "sent a", "flushed");
	}

	@Test
	void aBrokenNetworkIsToldAndTheSenderNot() {
		this.socket.room(1);
		send("a");
		this.socket.breakWrites(new IOException("reset"));
		this.output.writable();
		this.output.end();
		assertThat(send("b")).isFalse();
		assertThat(this.events).containsExactly("broken");
	}

	@Test
	void afterItsEndNothingIsWrittenAndNobodyTold() {
		this.socket.room(1);
		send("a");
		send("b");
		this.output.end();
		this.socket.room(100);
		this.output.writable();
		assertThat(this.events).isEmpty();
		assertThat(this.socket.seen()).doesNotContain("text b");
	}

	@Test
	void aControlFrameThatIsTooLongIsItsSendersFault() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.output.send(new ArrayList<>(List.of(Payload.ping(new byte[126]))), () -> {
			}))
			.withMessageContaining("126");
		assertThat(send("a")).isTrue();
		assertThat(this.socket.seen()).containsExactly("text a");
	}

	@Test
	void partsOfAMessageAreFrames() {
		this.output.fragment(Opcodes.TEXT, false, Frames.utf8("a"), () -> this.events.add("1"));
		this.output.fragment(Opcodes.CONTINUATION, true, Frames.utf8("b"), () -> this.events.add("2"));
		assertThat(this.socket.written())
			.isEqualTo(Frames.join(Frames.plain(Frames.TEXT, "a"), Frames.plain(Frames.FIN_CONTINUATION, "b")));
		assertThat(this.events).containsExactly("1", "2");
	}

}
