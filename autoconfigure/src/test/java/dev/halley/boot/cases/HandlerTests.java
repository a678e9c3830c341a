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

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers of messages that do what they should not.
 */
abstract class HandlerTests extends CaseTests {

	@ParameterizedTest
	@ValueSource(strings = { "throws", "error", "null", "handled-badly", "broken-subscribe", "pipeline-throws" })
	void aFailureThatNobodyHandlesClosesWithoutAReason(String how) throws Exception {
		try (Peer peer = connect("/handler/" + how)) {
			peer.send(Frame.text("one"), Frame.text("two")).answerClose("close 1011");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1011);
		}
	}

	@Test
	void aPipelineThatIsNoneClosesWithoutAReason() throws Exception {
		try (Peer peer = connect("/handler/no-pipeline")) {
			peer.answerClose("close 1011");
			assertThat(peer.next()).isEqualTo("end");
			assertThat(run().done()).isEqualTo(1011);
		}
	}

	@Test
	void aFailureThatComesLaterIsHandledToo() throws Exception {
		try (Peer peer = connect("/handler/fails-later").say("one")) {
			run().release();
			peer.answerClose("close 4002 no such field");
			assertThat(run().done()).isEqualTo(4002);
		}
	}

	@Test
	void anExceptionHandlerAnswersAndTheNextMessageIsHandled() throws Exception {
		try (Peer peer = connect("/handler/handled").send(Frame.text("one"), Frame.text("two"))) {
			assertThat(peer.next()).isEqualTo("text handled one");
			assertThat(peer.next()).isEqualTo("text handled two");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void aHandlerThatBlocksHoldsUpNobodyElse() throws Exception {
		String other = newName();
		try (Peer blocked = connect("/handler/blocks").say("one"); Peer free = connectAs(other, "/echo")) {
			assertThat(run().next()).isEqualTo("one");
			assertThat(free.say("here").next()).isEqualTo("text here");
			blocked.say("two").vanish();
			run().release();
			assertThat(run().done()).isNotNull();
			free.send(Frame.close(1000, ""));
			assertThat(free.next()).isEqualTo("close 1000");
		}
	}

	@Test
	void whenDoneComesAfterTheHandlerInProgress() throws Exception {
		try (Peer peer = connect("/handler/never-completes").say("one")) {
			assertThat(run().next()).isEqualTo("one");
			application().registry().closeAll(CloseStatus.GOING_AWAY);
			peer.answerClose("close 1001");
			assertThat(peer.next()).isEqualTo("end");
			await().until(run()::isOutEnded);
			assertThat(run().isDone()).isFalse();
			run().release();
			assertThat(run().done()).isEqualTo(1001);
		}
	}

	@Test
	void messagesWaitUntilTheHandlerHasCompleted() throws Exception {
		try (Peer peer = connect("/handler/never-completes")) {
			peer.send(Frame.text("one"), Frame.text("two"), Frame.text("three"));
			assertThat(run().next()).isEqualTo("one");
			assertThat(run().hasHeardNothing()).isTrue();
			run().release();
			assertThat(run().next()).isEqualTo("two");
			assertThat(run().next()).isEqualTo("three");
			closeInGoodOrder(peer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/handler/never-completes", "/takes-later" })
	void pingsAreAnsweredWhileAMessageIsInProgress(String path) throws Exception {
		try (Peer peer = connect(path).send(Frame.text("one"), Frame.text("two"), Frame.text("three"))) {
			peer.send(IntStream.range(0, 10).mapToObj((i) -> Frame.ping("p" + i)).toArray(Frame[]::new));
			for (int i = 0; i < 10; i++) {
				assertThat(peer.next()).isEqualTo("pong p" + i);
			}
			run().release();
			assertThat(run().next()).isEqualTo("one");
			assertThat(run().next()).isEqualTo("two");
			assertThat(run().next()).isEqualTo("three");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void aCloseIsSeenWhileAMessageIsInProgress() throws Exception {
		try (Peer peer = connect("/handler/never-completes").send(Frame.text("one"), Frame.text("two"))) {
			assertThat(run().next()).isEqualTo("one");
			peer.closeInGoodOrder();
			await().until(run()::isOutEnded);
			assertThat(run().isDone()).isFalse();
			assertThat(run().hasHeardNothing()).isTrue();
			run().release();
			assertThat(run().next()).isEqualTo("two");
			assertThat(run().done()).isEqualTo(1000);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aPeerThatGoesIsMissedWhileItsMessageIsInProgress(boolean byReset) throws Exception {
		try (Peer peer = connect("/handler/never-completes").say("one")) {
			assertThat(run().next()).isEqualTo("one");
			if (byReset) {
				peer.vanish();
			}
			else {
				peer.hangUp();
			}
			await().until(run()::isOutEnded);
			assertThat(run().isDone()).isFalse();
			run().release();
			assertThat(run().done()).isEqualTo(1006);
		}
	}

	/**
	 * What runs it is a thread of the server, which may block, and not the one at hand.
	 */
	@Test
	void theNextMessageIsHandledOnAThreadThatMayBlock() throws Exception {
		try (Peer peer = connect("/handler/blocks-the-second-time").send(Frame.text("one"), Frame.text("two"))) {
			assertThat(run().next()).isEqualTo("one");
			run().release();
			assertThat(run().next()).isEqualTo("two on a thread that may block");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void completingTwiceCountsOnce() throws Exception {
		try (Peer peer = connect("/handler/completes-twice").send(Frame.text("one"), Frame.text("two"))) {
			assertThat(run().next()).isEqualTo("one");
			assertThat(run().next()).isEqualTo("two");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void completingInTwoWaysCountsOnce() throws Exception {
		try (Peer peer = connect("/handler/completes-two-ways").send(Frame.text("one"), Frame.text("two"))) {
			assertThat(run().next()).isEqualTo("one");
			run().release();
			assertThat(run().next()).isEqualTo("two");
			closeInGoodOrder(peer);
		}
	}

	@Test
	void aFinisherThatThrowsHarmsNothing() throws Exception {
		try (Peer peer = connect("/handler/when-done-throws").say("one")) {
			assertThat(run().next()).isEqualTo("one");
			closeInGoodOrder(peer);
		}
	}

}
