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

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that are too slow for short time-outs.
 */
abstract class HastyTests extends CaseTests {

	@Override
	Profile profile() {
		return Profile.HASTY;
	}

	@Test
	void aPeerThatAnswersNoPingIsDropped() throws Exception {
		try (Peer peer = connect("/collect")) {
			assertThat(peer.next()).startsWith("ping");
			assertThat(run().done()).isEqualTo(1006);
			assertThat(lastOf(peer)).isNotEqualTo("close 1000");
		}
	}

	private static String lastOf(Peer peer) throws IOException {
		String last = "";
		for (String next = peer.next(); !next.equals("end"); next = peer.next()) {
			last = next;
		}
		return last;
	}

	@Test
	void aPeerThatAnswersPingsStays() throws Exception {
		try (Peer peer = connect("/collect")) {
			for (int i = 0; i < 9; i++) {
				String ping = peer.next();
				assertThat(ping).startsWith("ping");
				peer.send(Frame.pong(ping.substring("ping ".length())));
			}
			assertThat(run().isDone()).isFalse();
			peer.send(Frame.close(1000, ""));
			assertThat(peer.nextAnsweringPings()).isEqualTo("close 1000");
		}
	}

	@Test
	void aPeerThatNeverAnswersACloseIsDroppedAndNotPinged() throws Exception {
		try (Peer peer = connect("/say-and-close")) {
			run().release();
			assertThat(peer.nextAnsweringPings()).isEqualTo("text last");
			assertThat(peer.next()).isEqualTo("close 1000");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void aPeerThatNeverAnswersACloseFromTheOpeningIsDropped() throws Exception {
		try (Peer peer = connect("/closes-while-it-opens")) {
			assertThat(peer.nextAnsweringPings()).isEqualTo("text last");
			assertThat(peer.next()).isEqualTo("close 1000");
			run().release();
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void aPeerThatTalksOnInsteadOfAnsweringACloseIsDropped() throws Exception {
		try (Peer peer = connect("/say-and-close")) {
			run().release();
			await().until(() -> {
				talk(peer);
				return run().isDone();
			});
			assertThat(run().done()).isIn(1000, 1006);
		}
	}

	private static void talk(Peer peer) {
		try {
			peer.say("but");
		}
		catch (IOException ex) {
			// It was dropped
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/endless", "/answers-behind-big" })
	void aPeerThatNeverReadsIsDropped(String path) throws Exception {
		try (Peer peer = request(path).receiveBuffer(4096).send()) {
			assertThat(peer.status()).isEqualTo(101);
			assertThat(run().done()).isEqualTo(1006);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/handler/never-completes", "/handler/blocks" })
	void aPeerThatVanishesWhileAHandlerIsAtWorkIsNoticed(String path) throws Exception {
		Peer peer = connect(path).say("one");
		assertThat(run().next()).isEqualTo("one");
		peer.vanish();
		await().until(run()::isOutEnded);
		assertThat(run().isDone()).isFalse();
		run().release();
		assertThat(run().done()).isEqualTo(1006);
	}

	/** Where the container gives up without a word, the send time-out finds it out. */
	@ParameterizedTest
	@ValueSource(strings = { "/collect", "/endless", "/accept/mono", "/accept/stage", "/accept/callable" })
	void aPeerThatVanishesDuringTheHandshakeLeavesNothing(String path) throws Exception {
		for (int i = 0; i < 20; i++) {
			request(path, newName()).sendAndVanish();
		}
	}

	/** Nothing is read while a thread is at work on what was read before. */
	@Test
	void aPeerIsNotToBlameWhileAHandlerBlocks() throws Exception {
		try (Peer peer = connect("/handler/blocks").say("one")) {
			for (int i = 0; i < 9; i++) {
				assertThat(peer.next()).startsWith("ping");
			}
			assertThat(run().isOutEnded()).isFalse();
			run().release();
			peer.send(Frame.close(1000, ""));
			assertThat(peer.nextAnsweringPings()).isEqualTo("close 1000");
		}
	}

	@Test
	void aPeerThatAnswersPingsStaysWhileAnAsynchronousHandlerIsAtWork() throws Exception {
		try (Peer peer = connect("/handler/never-completes").say("one")) {
			for (int i = 0; i < 9; i++) {
				assertThat(peer.next()).startsWith("ping");
				peer.send(Frame.pong(""));
			}
			assertThat(run().isOutEnded()).isFalse();
			run().release();
			peer.send(Frame.close(1000, ""));
			assertThat(peer.nextAnsweringPings()).isEqualTo("close 1000");
		}
	}

	@Test
	void aPeerThatAnswersNoPingIsDroppedWhileAnAsynchronousHandlerIsAtWork() throws Exception {
		try (Peer peer = connect("/handler/never-completes").say("one")) {
			assertThat(run().next()).isEqualTo("one");
			await().until(run()::isOutEnded);
			assertThat(run().isDone()).isFalse();
			run().release();
			assertThat(run().done()).isEqualTo(1006);
			assertThat(lastOf(peer)).isNotEqualTo("close 1000");
		}
	}

}
