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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that say nothing, for longer than they may.
 */
abstract class IdleTests extends CaseTests {

	@Override
	Profile profile() {
		return Profile.IDLE;
	}

	/** Returns how many pings came, and what came after them. */
	private static String pingsAnd(Peer peer) throws IOException {
		int pings = 0;
		String next = peer.next();
		while (next.startsWith("ping")) {
			pings++;
			next = peer.next();
		}
		return ((pings > 0) ? "pings, " : "no ping, ") + next;
	}

	@Test
	void aSilentPeerIsClosedThoughItIsPinged() throws Exception {
		try (Peer peer = connect("/collect")) {
			assertThat(pingsAnd(peer)).isEqualTo("pings, close 1001 idle");
			peer.send(Frame.close(1001, ""));
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1001);
		}
	}

	@Test
	void pongsKeepAPeer() throws Exception {
		try (Peer peer = connect("/collect")) {
			for (int i = 0; i < 8; i++) {
				assertThat(peer.next()).startsWith("ping");
				peer.send(Frame.pong(""));
			}
			assertThat(run().isDone()).isFalse();
			peer.send(Frame.close(1000, ""));
			assertThat(pingsAnd(peer)).endsWith("close 1000");
		}
	}

	@Test
	void messagesKeepAPeer() throws Exception {
		try (Peer peer = connect("/collect")) {
			for (int i = 0; i < 8; i++) {
				assertThat(peer.next()).startsWith("ping");
				peer.say("here");
			}
			assertThat(run().isDone()).isFalse();
			peer.send(Frame.close(1000, ""));
			assertThat(pingsAnd(peer)).endsWith("close 1000");
		}
	}

}
