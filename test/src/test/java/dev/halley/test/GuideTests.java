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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Mono;

import dev.halley.Channel;
import dev.halley.History;
import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Position;
import dev.halley.Replay;
import dev.halley.test.ChatApplication.RoomController;
import dev.halley.test.ChatApplication.Said;
import dev.halley.test.ChatApplication.Say;

import static dev.halley.test.HalleyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the guide to testing that need no server.
 */
class GuideTests {

	@RegisterExtension
	static final TesterExtension testers = new TesterExtension().failOnUnread();

	private final List<String> saved = new CopyOnWriteArrayList<>();

	private final List<Channel<String>> channels = new CopyOnWriteArrayList<>();

	@Test
	void greets() {
		InOut<String, String> pair = InOut.of(In.ignore(), Out.of("Hello!").andThen(Out.eof()));
		PairTester.of(pair).expect("Hello!").expectClose(1000);
	}

	@Test
	void talks() {
		Hub<Said> hub = Hubs.inMemory().hub("room", Said.class);
		PairTester<Say, Said> ada = PairTester.of(RoomController.pair(hub, "Ada"));
		PairTester<Say, Said> bob = PairTester.of(RoomController.pair(hub, "Bob"));
		ada.send(new Say("Hello")).expect(new Said("Ada", "Hello"));
		bob.expect(new Said("Ada", "Hello")).vanish().expectCancelled();
		ada.expect(new Said("Bob", "Bye"));
	}

	@Test
	void takesJson() {
		Hub<Said> hub = Hubs.inMemory().hub("room", Said.class);
		PairTester<Say, Said> ada = PairTester.of(RoomController.pair(hub, "Ada"), Say.class, Said.class);
		ada.sendText("{\"text\":\"Hello\"}").expect(new Said("Ada", "Hello"));
		ada.sendText("Hello").expectClose(CloseStatus.NOT_ACCEPTABLE);
	}

	@Test
	void ticks() {
		PairTester<Void, Instant> clock = PairTester.ofStream(Out.every(Duration.ofMinutes(1), Instant::now));
		clock.next();
		clock.expectNone(Duration.ofSeconds(59)).advance(Duration.ofSeconds(1));
		clock.expectSatisfying((now) -> assertThat(now).isBeforeOrEqualTo(Instant.now()));
	}

	@Test
	void dropsThoseWhoAreTooSlow() {
		PairTester<String, String> slow = PairTester.of(InOut.of(In.ignore(), Out.unicast(this.channels::add)));
		slow.stall();
		for (int i = 0; i < 1000; i++) {
			this.channels.get(0).push("more");
		}
		slow.expectClose(CloseStatus.SERVICE_OVERLOAD);
	}

	@Test
	void savesInTheBackground() {
		In<String> in = In.forEachAsync((String text) -> Mono.fromRunnable(() -> this.saved.add(text))
			.delaySubscription(Duration.ofMillis(50)));
		PairTester<String, String> tester = PairTester.of(InOut.of(in, Out.never()));
		tester.send("a").send("b").expectEventually(() -> assertThat(this.saved).containsExactly("a", "b"));
	}

	@Test
	void publishes() {
		Hub<Said> hub = Hubs.inMemory().hub("room", Said.class, History.ofMessages(10));
		HubTester<Said> room = HubTester.of(hub, Replay.last(0));
		PairTester<Say, Said> ada = PairTester.of(RoomController.pair(hub, "Ada"));
		ada.send(new Say("Hello")).expect(new Said("Ada", "Hello")).vanish();
		Position hello = room.expect(new Said("Ada", "Hello")).position();
		room.expect(new Said("Ada", "Bye")).expectSubscribers(0);
		HubTester.of(hub, Replay.after(hello)).expect(new Said("Ada", "Bye"));
	}

	@Test
	void seesWhoIsThere() {
		HubTester<String> room = HubTester.of(Hubs.inMemory().hub("room", String.class));
		PairTester<Void, String> ada = room.join("Ada", "red");
		room.join("Bob", "blue");
		room.expectJoined("Ada", "Bob");
		ada.close();
		room.expectLeft("Ada").expectMembers(Map.of("Bob", "blue"));
	}

	@Test
	void comesBackAfterAnOutage() {
		try (FakeHubBroker broker = new FakeHubBroker(); FakeHubBroker elsewhere = broker.another()) {
			History ten = History.ofMessages(10);
			HubTester<String> here = HubTester.of(broker.hubs().hub("news", String.class, ten), Replay.last(10));
			HubTester<String> there = HubTester.of(elsewhere.hubs().hub("news", String.class, ten), Replay.last(10));
			here.publish("one");
			here.expect("one");
			there.expect("one");
			elsewhere.down();
			there.expectUnavailable("not published");
			here.publish("two");
			here.expect("two");
			elsewhere.up();
			there.expect("two");
		}
	}

	@Test
	void isReadWithAssertJ() {
		Hub<Said> hub = Hubs.inMemory().hub("room", Said.class);
		PairTester<Say, Said> ada = PairTester.of(RoomController.pair(hub, "Ada"));
		ada.send(new Say("Hello")).send(new Say("Bye"));
		assertThat(ada).next().extracting(Said::text).isEqualTo("Hello");
		assertThat(ada).receives(new Said("Ada", "Bye")).isOpen();
	}

}
