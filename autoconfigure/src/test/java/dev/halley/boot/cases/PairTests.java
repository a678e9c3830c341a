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
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.halley.boot.cases.CaseTests.OnEachServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a pair and its client see of each other.
 */
@OnEachServer
class PairTests extends CaseTests {

	private final String name = newName();

	private LegalClient client(String path) {
		return new LegalClient(application().port(), path + "?run=" + this.name);
	}

	private Run run() {
		return run(this.name);
	}

	@Test
	void messagesAndTheCloseReachTheApplication() throws Exception {
		LegalClient client = client("/collect").say("a").say("b").close(1000);
		assertThat(run().next()).isEqualTo("a");
		assertThat(run().next()).isEqualTo("b");
		assertThat(run().done()).isEqualTo(1000);
		assertThat(client.next()).isEqualTo("close 1000");
	}

	@Test
	void messagesAndTheEndReachTheClient() throws Exception {
		LegalClient client = client("/a-b-end");
		assertThat(client.next()).isEqualTo("text a");
		assertThat(client.next()).isEqualTo("text b");
		assertThat(client.next()).isEqualTo("close 1000");
		assertThat(run().done()).isEqualTo(1000);
		assertThat(client.hasNothingMore()).isTrue();
	}

	@Test
	void anOutThatEndsLeavesTheSocketOpen() throws Exception {
		LegalClient client = client("/a-open");
		assertThat(client.next()).isEqualTo("text a");
		await().until(run()::isOutEnded);
		client.say("still here");
		assertThat(run().next()).isEqualTo("still here");
		assertThat(run().isDone()).isFalse();
		client.close(1000);
		assertThat(run().done()).isEqualTo(1000);
	}

	@Test
	void anInThatIsThroughClosesOnce() throws Exception {
		try (Peer peer = connect("/take-one", this.name)) {
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
		LegalClient client = client("/a-b-failure");
		assertThat(client.next()).isEqualTo("text a");
		assertThat(client.next()).isEqualTo("text b");
		assertThat(client.next()).isEqualTo("close 1011");
		assertThat(run().done()).isEqualTo(1011);
	}

	@Test
	void aFlowEndsWithItsClient() throws Exception {
		LegalClient client = client("/flow").say("there and back");
		assertThat(client.next()).isEqualTo("text there and back");
		assertThat(client.close(4000).next()).isEqualTo("close 4000");
	}

	@Test
	void theApplicationClosesWithAStatusOfItsOwn() throws Exception {
		assertThat(client("/goodbye").next()).isEqualTo("close 4001 Goodbye");
		assertThat(run().done()).isEqualTo(4001);
	}

	@Test
	void aLongReasonIsCutAtACharacter() throws Exception {
		assertThat(client("/long-goodbye").next()).isEqualTo("close 4001 " + "ü".repeat(61));
	}

	@Test
	void answersWaitBehindTheMessageThatIsWritten() throws Exception {
		Frame[] questions = IntStream.range(0, 100).mapToObj((i) -> Frame.text("q" + i)).toArray(Frame[]::new);
		try (Peer peer = request("/answers-behind-big", this.name).receiveBuffer(4096).send(questions)) {
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
		try (Peer peer = connect("/serial", this.name)) {
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
		try (Peer peer = connect("/echo", this.name, Frame.text("one"), Frame.ping("p"), Frame.text("two"),
				Frame.close(1000, ""))) {
			List<String> frames = List.of(peer.next(), peer.next(), peer.next(), peer.next());
			assertThat(frames).containsExactlyInAnyOrder("text one", "pong p", "text two", "close 1000")
				.containsSubsequence("text one", "text two", "close 1000");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	private void closeInGoodOrder(Peer peer) throws IOException, InterruptedException {
		peer.send(Frame.close(1000, ""));
		assertThat(peer.next()).isEqualTo("close 1000");
		assertThat(peer.next()).isEqualTo("end");
		assertThat(run().done()).isEqualTo(1000);
	}

}
