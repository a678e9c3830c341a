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

package dev.halley.pages;

import java.security.Principal;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

import dev.halley.Hub;
import dev.halley.Hubs;
import dev.halley.Replay;
import dev.halley.pages.HubsPage.Line;
import dev.halley.pages.HubsPage.Said;
import dev.halley.test.HalleyTest;
import dev.halley.test.HubTester;
import dev.halley.test.PairTester;
import dev.halley.test.PairTesters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/hubs.md shows.
 */
@HalleyTest(properties = { "halley.hub.history[0].name=room.*", "halley.hub.history[0].count=100" })
@Import(HubsPage.class)
class HubsPageTests {

	private final PairTesters testers;

	private final Hubs hubs;

	HubsPageTests(@Autowired PairTesters testers, @Autowired Hubs hubs) {
		this.testers = testers;
		this.hubs = hubs;
	}

	static RequestPostProcessor user(String name) {
		Principal user = () -> name;
		return (request) -> {
			request.setUserPrincipal(user);
			return request;
		};
	}

	@Test
	void says() {
		HubTester<Said> room = HubTester.of(this.hubs.hub("room.red", Said.class));
		this.testers.with(user("Ada")).webSocket("/say/red?text=Hello", String.class, Said.class);
		room.expect(new Said("Ada", "Hello"));
	}

	@Test
	void recovers() {
		HubTester<Said> hub = HubTester.of(this.hubs.hub("room.blue", Said.class));
		hub.publish(new Said("Ada", "one"));
		String two = hub.publish(new Said("Ada", "two")).toString();
		String three = hub.publish(new Said("Ada", "three")).toString();
		PairTester<String, Line> back = this.testers.webSocket("/rooms/blue?lastEventId=" + two, String.class,
				Line.class);
		back.expect(new Line(three, new Said("Ada", "three")));
		PairTester<String, Line> lost = this.testers.webSocket("/rooms/blue?lastEventId=lost", String.class,
				Line.class);
		assertThat(lost.next().said()).isNull();
		lost.expectMatch((line) -> new Said("Ada", "one").equals(line.said()));
	}

	@Test
	void replays() {
		Hub<Said> lobby = new HubsPage(this.hubs).lobby();
		HubTester<Said> first = HubTester.of(lobby, Replay.last(0));
		first.publish(new Said("Ada", "one"));
		first.publish(new Said("Ada", "two"));
		first.expect(new Said("Ada", "one"));
		List<PairTester<Void, Said>> readers = HubsPage.replays(lobby, first.position())
			.stream()
			.map(PairTester::ofStream)
			.toList();
		readers.get(0).expect(new Said("Ada", "one")).expect(new Said("Ada", "two"));
		readers.get(1).expect(new Said("Ada", "two"));
		assertThat(PairTester.ofStream(new HubsPage(this.hubs).events("lobby", first.position())).next())
			.isEqualTo(new Said("Ada", "two"));
	}

	@Test
	void answers(@Autowired MockMvcTester mvc) {
		UUID id = UUID.randomUUID();
		HubsPage page = new HubsPage(this.hubs);
		PairTester.ofStream(page.answer(id, null, () -> "Ada"))
			.expectMatch((event) -> ("question " + id).equals(event.data()))
			.expectMatch((event) -> "42".equals(event.data()))
			.expectClose(1000);
		PairTester.ofStream(page.answer(id, "lost", () -> "Ada")).expectMatch((event) -> "reset".equals(event.event()));
		assertThat(mvc.post().uri("/answers/" + id + "/stop").with(user("Ada"))).hasStatusOk();
	}

}
