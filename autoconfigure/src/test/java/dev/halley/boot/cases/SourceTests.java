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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sources that fail, wait for nobody, or break the rules of Reactive Streams.
 */
abstract class SourceTests extends CaseTests {

	private void assertClosed(Peer peer, int status) throws IOException, InterruptedException {
		String next = peer.next();
		while (next.startsWith("text k")) {
			next = peer.next();
		}
		assertThat(next).isEqualTo("close " + status);
		peer.send(Frame.closeWithoutStatus());
		assertThat(peer.next()).isEqualTo("end");
		assertThat(run().done()).isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "emits-null", "throws-in-request" })
	void aSourceThatBreaksTheRulesEndsItsOwnConnectionAndIsCancelled(String how) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			assertClosed(peer, 1011);
			assertThat(run().next()).isEqualTo("cancelled");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "fails-with-null", "throws-in-subscribe", "goes-on-after-its-failure" })
	void aSourceThatFailsAgainstTheRulesHasFailed(String how) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			assertClosed(peer, 1011);
		}
	}

	@Test
	void aSourceThatIgnoresDemandMeetsTheEndOfTheBuffer() throws Exception {
		try (Peer peer = request("/broken/ignores-demand").receiveBuffer(4096).send()) {
			assertThat(run().next()).isEqualTo("cancelled");
			assertClosed(peer, 1013);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "completes-twice", "goes-on-after-the-end" })
	void aSourceThatEndsTwiceHasEndedOnce(String how) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			assertThat(peer.next()).isEqualTo("text a");
			endsAsAnyOther(peer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "subscribes-twice", "emits-without-subscription" })
	void aSourceThatSubscribesOtherwiseIsHeardNevertheless(String how) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			assertThat(run().next()).isEqualTo("cancelled");
			assertThat(peer.next()).isEqualTo("text a");
			endsAsAnyOther(peer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ignores-requests", "never-subscribes", "throws-in-cancel" })
	void aSourceThatNeverSendsHarmsNothing(String how) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			if (how.equals("never-subscribes")) {
				assertThat(run().next()).isEqualTo("cancelled");
			}
			endsAsAnyOther(peer);
			if (!how.equals("never-subscribes")) {
				assertThat(run().next()).isEqualTo("cancelled");
			}
		}
	}

	private void endsAsAnyOther(Peer peer) throws IOException, InterruptedException {
		peer.say("still here");
		assertThat(run().next()).isEqualTo("still here");
		closeInGoodOrder(peer);
	}

	@ParameterizedTest
	@ValueSource(strings = { "maps-to-null", "map-throws", "generates-null", "generate-throws", "supplies-null",
			"no-publisher" })
	void aFunctionThatThrowsOrReturnsNothingFailsTheSource(String how) throws Exception {
		try (Peer peer = connect("/source/" + how)) {
			assertClosed(peer, 1011);
		}
	}

	@Test
	void aSupplierThatBlocksIsInterruptedAtTheEnd() throws Exception {
		Peer peer = connect("/source/blocks");
		assertThat(run().next()).isEqualTo("generating");
		peer.say("meanwhile");
		assertThat(run().next()).isEqualTo("meanwhile");
		peer.vanish();
		assertThat(run().next()).isEqualTo("interrupted");
		assertThat(run().done()).isEqualTo(1006);
	}

	@Test
	void eightThreadsPushIntoOneChannel() throws Exception {
		try (Peer peer = request("/hot?threads=8&each=20&run=" + name()).send()) {
			Map<String, List<String>> byThread = new HashMap<>();
			for (String next = peer.next(); next.startsWith("text "); next = peer.next()) {
				String[] words = next.substring("text ".length()).split(":");
				byThread.computeIfAbsent(words[0], (thread) -> new ArrayList<>()).add(words[1]);
			}
			List<String> all = IntStream.range(0, 20).mapToObj(String::valueOf).toList();
			assertThat(byThread).hasSize(8).allSatisfy((thread, numbers) -> assertThat(numbers).isEqualTo(all));
			peer.send(Frame.closeWithoutStatus());
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void aChannelThatIsFilledFasterThanItIsReadEndsItsConnection() throws Exception {
		try (Peer peer = request("/hot?threads=2&each=400000&run=" + name()).receiveBuffer(4096).send()) {
			await().until(run()::isOutEnded);
			String next = peer.next();
			while (next.startsWith("text")) {
				next = peer.next();
			}
			assertThat(next).isEqualTo("close 1013");
			peer.send(Frame.closeWithoutStatus());
			assertThat(run().done()).isEqualTo(1013);
		}
	}

	@Test
	void whatIsBatchedGoesOutBeforeTheClose() throws Exception {
		try (Peer peer = connect("/source/batched")) {
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text ab", "text c");
			peer.answerClose("close 1000");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void aStreamIsClosedAtItsEnd() throws Exception {
		try (Peer peer = connect("/source/stream")) {
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text a", "text b");
			peer.answerClose("close 1000");
			assertThat(run().next()).isEqualTo("closed");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void aFailureThatTheOutTellsLeavesTheSocketOpen() throws Exception {
		try (Peer peer = connect("/source/on-error")) {
			assertThat(peer.next()).isEqualTo("text failed");
			endsAsAnyOther(peer);
		}
	}

}
