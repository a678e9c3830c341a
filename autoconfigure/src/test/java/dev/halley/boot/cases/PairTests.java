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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a pair and its client see of each other.
 */
abstract class PairTests extends CaseTests {

	@Test
	void messagesAndTheCloseReachTheApplication() throws Exception {
		try (Peer peer = connect("/collect")) {
			peer.send(Frame.text("a"), Frame.text("b"));
			closeInGoodOrder(peer);
			assertThat(List.of(run().next(), run().next())).containsExactly("a", "b");
			assertThat(run().hasHeardNothing()).isTrue();
		}
	}

	@Test
	void messagesAndTheEndReachTheClient() throws Exception {
		try (Peer peer = connect("/a-b-end")) {
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text a", "text b");
			peer.answerClose("close 1000");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@Test
	void anOutThatEndsLeavesTheSocketOpen() throws Exception {
		try (Peer peer = connect("/a-open")) {
			assertThat(peer.next()).isEqualTo("text a");
			await().until(run()::isOutEnded);
			peer.say("still here");
			assertThat(run().next()).isEqualTo("still here");
			assertThat(run().isDone()).isFalse();
			closeInGoodOrder(peer);
		}
	}

	@Test
	void anInThatIsThroughClosesOnce() throws Exception {
		try (Peer peer = connect("/take-one")) {
			peer.send(Frame.text("one"), Frame.text("two"));
			peer.answerClose("close 1000");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().next()).isEqualTo("one");
			assertThat(run().done()).isEqualTo(1000);
			assertThat(run().hasHeardNothing()).isTrue();
		}
	}

	@Test
	void aSourceThatFailsHasSentWhatCameBefore() throws Exception {
		try (Peer peer = connect("/a-b-failure")) {
			assertThat(List.of(peer.next(), peer.next())).containsExactly("text a", "text b");
			peer.answerClose("close 1011");
			assertThat(run().done()).isEqualTo(1011);
		}
	}

	@Test
	void aFlowEndsWithItsClient() throws Exception {
		try (Peer peer = connect("/flow").say("there and back")) {
			assertThat(peer.next()).isEqualTo("text there and back");
			peer.send(Frame.close(4000, ""));
			assertThat(peer.next()).isEqualTo("close 4000");
			assertThat(peer.next()).isEqualTo("end");
		}
	}

	@ParameterizedTest
	@CsvSource({ "completed,1000", "failed,1011" })
	void aFlowThatEndsClosesTheConnection(String how, int status) throws Exception {
		try (Peer peer = connect("/flow/" + how)) {
			peer.answerClose("close " + status);
			assertThat(peer.next()).isEqualTo("end");
		}
	}

	@Test
	void theApplicationClosesWithAStatusOfItsOwn() throws Exception {
		try (Peer peer = connect("/goodbye")) {
			peer.answerClose("close 4001 Goodbye");
			assertThat(run().done()).isEqualTo(4001);
		}
	}

	@Test
	void aLongReasonIsCutAtACharacter() throws Exception {
		try (Peer peer = connect("/long-goodbye")) {
			peer.answerClose("close 4001 " + "ü".repeat(61));
		}
	}

	@Test
	void answersWaitBehindTheMessageThatIsWritten() throws Exception {
		Frame[] questions = IntStream.range(0, 100).mapToObj((i) -> Frame.text("q" + i)).toArray(Frame[]::new);
		try (Peer peer = request("/answers-behind-big").receiveBuffer(4096).send(questions)) {
			await().until(() -> run().heard() == questions.length);
			assertThat(peer.next()).isEqualTo("text " + PairController.BIG);
			for (int i = 0; i < questions.length; i++) {
				assertThat(peer.next()).isEqualTo("text re q" + i);
			}
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void aThousandMessagesAreHandledInOrderNeverTwoAtOnce() throws Exception {
		List<String> texts = IntStream.range(0, 1000).mapToObj((i) -> "m" + i).toList();
		try (Peer peer = connect("/serial")) {
			peer.send(texts.stream().map(Frame::text).toArray(Frame[]::new));
			List<Object> heard = new ArrayList<>();
			for (int i = 0; i < texts.size(); i++) {
				heard.add(run().next());
			}
			assertThat(heard).isEqualTo(texts);
			closeInGoodOrder(peer);
		}
	}

	@Test
	void framesInTheSegmentOfTheHandshakeAreNotLost() throws Exception {
		try (Peer peer = connect("/echo", Frame.text("one"), Frame.ping("p"), Frame.text("two"))) {
			List<String> frames = List.of(peer.next(), peer.next(), peer.next());
			assertThat(frames).containsExactlyInAnyOrder("text one", "pong p", "text two")
				.containsSubsequence("text one", "text two");
			peer.send(Frame.close(1000, ""));
			assertThat(peer.next()).isEqualTo("close 1000");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

}
