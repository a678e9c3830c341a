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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sources that fail, wait for nobody, or break the rules of Reactive Streams.
 */
abstract class SourceTests extends CaseTests {

	@ParameterizedTest
	@CsvSource({ "emits-null,close 1011", "fails-with-null,close 1011", "throws-in-subscribe,close 1011",
			"throws-in-request,close 1011", "ignores-demand,close 1013" })
	void aSourceThatBreaksTheRulesEndsItsOwnConnection(String how, String expected) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			String next = peer.next();
			while (next.startsWith("text")) {
				next = peer.next();
			}
			assertThat(next).isEqualTo(expected);
			peer.send(Frame.closeWithoutStatus());
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(Integer.parseInt(expected.substring(6)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "completes-twice", "subscribes-twice", "goes-on-after-the-end" })
	void aSourceThatEndsTwiceHasEndedOnce(String how) throws Exception {
		try (Peer peer = connect("/broken/" + how)) {
			assertThat(peer.next()).isEqualTo("text a");
			endsAsAnyOther(peer);
		}
	}

	@Test
	void aSourceThatThrowsWhenCancelledHarmsNothing() throws Exception {
		try (Peer peer = connect("/broken/throws-in-cancel")) {
			endsAsAnyOther(peer);
		}
	}

	private void endsAsAnyOther(Peer peer) throws IOException, InterruptedException {
		peer.say("still here");
		assertThat(run().next()).isEqualTo("still here");
		peer.send(Frame.close(1000, ""));
		assertThat(peer.next()).isEqualTo("close 1000");
		assertThat(peer.next()).isEqualTo("end");
		assertThat(run().done()).isEqualTo(1000);
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

}
