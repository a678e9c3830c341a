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

package dev.halley.test;

import java.time.Duration;
import java.util.Map;

import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Position;
import dev.halley.Replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for subscribers of hubs, with hubs in memory.
 */
@ExtendWith(TesterExtension.class)
class HubTesterTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private final Hubs hubs = Hubs.inMemory();

	private final Hub<String> hub = this.hubs.hub("room", String.class, History.ofMessages(3));

	@Test
	void whatIsPublishedIsExpected() {
		HubTester<String> room = HubTester.of(this.hub);
		this.hub.publish("a");
		room.publish("b");
		this.hub.publish("d");
		this.hub.publish("c");
		room.expect("a").expectMatch((text) -> text.equals("b")).expectInAnyOrder("c", "d");
		room.publish("e");
		room.publish("f");
		room.expectSatisfying((text) -> assertThat(text).isEqualTo("e"));
		assertThat(room.unread()).containsExactly("f");
		assertThat(room.next()).isEqualTo("f");
		room.expectNone(Duration.ofMillis(20));
		this.hub.close();
		room.expectClosed();
	}

	@Test
	void whoComesBackGoesOnWhereItWas() {
		HubTester<String> room = HubTester.of(this.hub, Replay.last(0));
		Position first = room.publish("a");
		room.publish("b");
		room.expect("a");
		assertThat(room.position()).isEqualTo(first);
		room.close();
		HubTester<String> back = HubTester.of(this.hub, Replay.after(first)).expect("b");
		Position second = back.publish("c");
		assertThat(back.expect("c").position()).isEqualTo(second);
		back.expectHistory("a", "b", "c");
		assertThat(back.publishOnce("d", "key")).isEqualTo(back.publishOnce("d again", "key"));
		back.expect("d").expectHistory("b", "c", "d");
	}

	@Test
	void whoComesBackTooLateIsTold() {
		HubTester<String> room = HubTester.of(this.hub);
		Position first = room.publish("a");
		for (int i = 0; i < 5; i++) {
			room.publish("more");
		}
		Position last = room.publish("last");
		HubTester<String> back = HubTester.of(this.hub, Replay.after(first).orLast(1)).expectReset().expect("last");
		assertThat(back.position()).isEqualTo(last);
	}

	@Test
	void whoIsThereIsExpected() {
		HubTester<String> room = HubTester.of(this.hub);
		PairTester<Void, String> ada = room.join("Ada", "red");
		room.expectJoined("Ada").expectMembers(Map.of("Ada", "red"));
		PairTester<Void, String> bob = room.join("Bob", "blue");
		room.join("Eve", "green");
		room.expectJoined("Eve", "Bob");
		room.publish("Hello");
		ada.expect("Hello");
		bob.expect("Hello").close();
		room.expectLeft("Bob");
		this.hub.update("Ada", "yellow");
		room.expectChanged("Ada").expectMembers(Map.of("Ada", "yellow", "Eve", "green"));
		room.expect("Hello");
	}

	@Test
	void subscribersAreCounted() {
		HubTester<String> room = HubTester.of(this.hub);
		PairTester<String, String> pair = PairTester.of(InOut.of(In.ignore(), this.hub.out()));
		room.expectSubscribers(1);
		pair.vanish();
		room.expectSubscribers(0).close();
		room.expectSubscribers(0);
	}

	@Test
	void aLostMessageIsToldWithAllThatWentBefore() {
		HubTester<String> room = new HubTester<>(this.hub, null, SHORT);
		room.publish("a");
		room.expect("a");
		room.publish("c");
		assertFailure(() -> room.expect("b")).withMessageContainingAll("expected \"b\", but got \"c\"",
				"Transcript of hub room", "--> \"a\"", "<-- \"a\"", "--> \"c\"");
		assertFailure(() -> room.expectNone(Duration.ofMillis(1)).expectReset())
			.withMessageContaining("expected a reset, but nothing came within");
	}

	@Test
	void aResetAmongMessagesIsTold() {
		HubTester<String> room = new HubTester<>(this.hub, Replay.after("nonsense"), SHORT);
		assertFailure(room::next).withMessageContaining("expected a message, but got Reset[");
		room.publish("a");
		assertFailure(room::expectReset).withMessageContaining("expected a reset, but got \"a\"");
		room.publish("b");
		assertFailure(() -> room.expectNone(Duration.ZERO)).withMessageContaining("expected nothing for 0 s, but got");
		assertFailure(() -> room.expectHistory("b")).withMessageContaining("expected \"b\", but got \"a\"");
	}

	@Test
	void aMemberWhoNeverLeavesIsTold() {
		HubTester<String> room = new HubTester<>(this.hub, null, SHORT);
		room.join("Ada", "red");
		room.expectJoined("Ada");
		room.join("Bob", "blue");
		assertFailure(() -> room.expectLeft("Ada")).withMessageContainingAll(
				"expected that Ada has left, but Bob has joined (blue)", "<-- Ada has joined (red)\n");
	}

	@Test
	void aLeakedSubscriptionIsTold() {
		HubTester<String> room = new HubTester<>(this.hub, null, SHORT);
		Out<String> leaked = this.hub.out();
		PairTester.ofStream(leaked);
		assertFailure(() -> room.expectSubscribers(0))
			.withMessageContaining("expected beside this tester 0 subscribers, but there are 1");
		assertFailure(() -> room.expectMembers(Map.of("Ada", "red")))
			.withMessageContaining("expected as members {Ada=red}, but there are {}");
	}

	@Test
	void whatCannotBePublishedIsTold() {
		HubTester<String> room = new HubTester<>(this.hub, null, SHORT);
		assertFailure(() -> room.expectUnavailable("a")).withMessageContaining("but it was: the broker is there");
		room.expect("a");
		this.hub.close();
		assertFailure(() -> room.publish("b")).withMessageContainingAll("publish \"b\": dev.halley.HubClosedException",
				"--> \"b\"   (not published: ");
		assertFailure(() -> room.expectUnavailable("c")).withMessageContaining("HubClosedException");
		assertFailure(room::next).withMessageContaining("expected a message, but the hub was closed");
	}

	@Test
	void positionsBelongToThoseWhoBeginInTheHistory() {
		HubTester<String> room = HubTester.of(this.hub);
		room.publish("a");
		room.expect("a");
		assertThatIllegalStateException().isThrownBy(room::position).withMessageContaining("Replay.last(0)");
		assertThatIllegalStateException().isThrownBy(HubTester.of(this.hub, Replay.last(1))::position)
			.withMessageContaining("a message that it has expected");
	}

	private static ThrowableAssertAlternative<AssertionError> assertFailure(Runnable test) {
		return assertThatExceptionOfType(AssertionError.class).isThrownBy(test::run)
			.withMessageContaining("Transcript of hub");
	}

}
