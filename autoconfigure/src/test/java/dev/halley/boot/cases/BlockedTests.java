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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What blocks in the application stops nothing but itself.
 */
abstract class BlockedTests extends CaseTests {

	@ParameterizedTest
	@ValueSource(strings = { "handler", "open", "decoder", "exception-handler" })
	void theOutGoesOnWhileTheApplicationBlocks(String where) throws Exception {
		try (Peer peer = connect("/blocked/" + where).say(name())) {
			assertThat(run().next()).isNotNull();
			assertThat(peer.next()).isEqualTo("text " + BlockedController.MESSAGE);
			for (int i = 1; i < BlockedController.MESSAGES; i++) {
				assertThat(peer.next()).hasSize("text ".length() + BlockedController.MESSAGE.length());
			}
			assertThat(run().isDone()).isFalse();
			run().release();
			peer.send(Frame.close(1000, ""));
			assertThat(closeOf(peer)).isEqualTo("close 1000");
		}
		finally {
			run().release();
		}
	}

	private static String closeOf(Peer peer) throws IOException {
		String next = peer.next();
		return next.startsWith("text") ? peer.next() : next;
	}

}
