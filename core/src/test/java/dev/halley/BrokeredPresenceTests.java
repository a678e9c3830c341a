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

package dev.halley;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link BrokeredPresence} where it is told what comes when: what would take a bad moment
 * elsewhere.
 */
@Timeout(120)
class BrokeredPresenceTests {

	private static final Duration SOON = Duration.ofSeconds(2);

	/** By then a node that does not listen has ceased to. */
	private static final Duration LINGER = Duration.ofSeconds(11);

	private static final Duration LEASES = SteppedNodes.TIMES.lease().multipliedBy(3);

	private final SteppedNodes nodes = new SteppedNodes();

	private final SteppedNodes.Node one = this.nodes.add();

	private final SteppedNodes.Node other = this.nodes.add();

	private final List<HubPresenceTests.Tab> tabs = new ArrayList<>();

	private final List<PresenceLog> readers = new ArrayList<>();

	@AfterEach
	void readersWereToldNothingThatContradicts() {
		this.readers.forEach(PresenceLog::read);
	}

	private HubPresenceTests.Tab join(SteppedNodes.Node node, String member, String data) {
		HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
		this.tabs.add(tab);
		node.hub("room").join(member, data).elements().subscribe(tab);
		return tab;
	}

	private PresenceLog read(SteppedNodes.Node node) {
		PresenceLog reader = PresenceLog.of(node.hub("room"));
		this.readers.add(reader);
		return reader;
	}

	private void pass(Duration time) {
		this.nodes.pass(time);
	}

	@Test
	void whoOnlyAsksForTheMembersComesToKnowThem() {
		join(this.one, "ada", "here");
		pass(SOON);
		Hub<String> hub = this.other.hub("room");
		assertThat(hub.members()).isEmpty();
		pass(SOON);
		assertThat(hub.members()).isEqualTo(Map.of("ada", "here"));
	}

	@Test
	void whoBeginsToListenAgainAsksAgain() {
		join(this.one, "ada", "here");
		PresenceLog before = read(this.other);
		pass(SOON);
		assertThat(before.read().members).isEqualTo(Map.of("ada", "here"));
		before.subscriber.cancel();
		pass(LINGER);
		PresenceLog reader = read(this.other);
		assertThat(reader.events()).isEmpty();
		pass(SOON);
		assertThat(reader.take()).containsExactly("present {ada=here}");
	}

	@Test
	void whoBeginsToListenAgainBeforeItHasCeasedToAsksAgain() {
		join(this.one, "ada", "here");
		read(this.other).subscriber.cancel();
		pass(SOON);
		this.other.hold();
		pass(LINGER);
		this.other.hub("room").members();
		this.other.goOn();
		pass(SOON);
		assertThat(this.other.hub("room").members()).isEqualTo(Map.of("ada", "here"));
	}

	@Test
	void dataThatCannotBeReadKeepsNothingElseFromBeingHeard() {
		this.other.unreadable = "strange"::equals;
		PresenceLog reader = read(this.other);
		join(this.one, "ada", "strange");
		pass(SOON);
		join(this.one, "bob", "here");
		pass(SOON);
		assertThat(reader.read().members).isEqualTo(Map.of("ada", "", "bob", "here"));
	}

	@Test
	void whatAnotherVersionSaysKeepsNothingElseFromBeingHeard() {
		PresenceLog reader = read(this.other);
		pass(SOON);
		for (String foreign : List.of("", "\u0002", "\u0001\u0009", "\u0001\u0003", "{\"version\":7}")) {
			this.other.hear("room", StringPayloads.INSTANCE.encode(foreign));
			this.other.hear("", StringPayloads.INSTANCE.encode(foreign));
		}
		join(this.one, "ada", "here");
		pass(LEASES);
		assertThat(reader.take()).containsExactly("present {}", "joined {ada=here}");
	}

	@Test
	void whatIsTooLargeForANodeIsNotToldOfAgainAndAgain() throws IOException {
		join(this.one, "ada", "a".repeat(500));
		join(this.other, "bob", "here");
		pass(SOON);
		this.other.mostBytes = 400;
		MemberData old = new MemberData(1, 1, StringPayloads.INSTANCE.encode("old"), "old");
		this.other.hear("room", PresenceCodec.INSTANCE
			.encode(new PresenceMessage.Changes(1, List.of(old.toEntry("ada", PresenceMessage.Kind.ELSEWHERE)))));
		pass(Duration.ofSeconds(1));
		int said = this.other.said(PresenceMessage.State.class);
		pass(LEASES);
		assertThat(this.other.said(PresenceMessage.State.class)).isEqualTo(said);
	}

	@Test
	void whoJoinsWhereNobodyWasWhenOthersAskedStays() {
		PresenceLog reader = read(this.one);
		pass(SOON);
		PresenceLog asked = read(this.other);
		pass(SOON);
		join(this.one, "ada", "here");
		pass(LEASES);
		assertThat(asked.read().members).isEqualTo(reader.read().members).isEqualTo(Map.of("ada", "here"));
		assertThat(asked.events()).noneMatch(HubEvent.Left.class::isInstance);
	}

	@Test
	void whoCouldNotTellThatOneHasLeftDoesSoThoughNobodyIsThere() {
		HubPresenceTests.Tab elsewhere = new HubPresenceTests.Tab();
		this.one.hub("lobby").join("ada", "here").elements().subscribe(elsewhere);
		HubPresenceTests.Tab tab = join(this.one, "ada", "here");
		PresenceLog reader = read(this.other);
		pass(SOON);
		this.one.failing = (message) -> !(message instanceof PresenceMessage.Beat);
		tab.close();
		pass(LINGER);
		this.one.failing = (message) -> false;
		pass(LEASES);
		assertThat(reader.read().members).isEmpty();
		assertThat(this.other.hub("room").members()).isEmpty();
	}

	@Test
	void whoCouldNotTellThatAHubWasClosedDoesSoLater() {
		HubPresenceTests.Tab elsewhere = new HubPresenceTests.Tab();
		this.one.hub("lobby").join("ada", "here").elements().subscribe(elsewhere);
		join(this.one, "ada", "here");
		PresenceLog reader = read(this.other);
		pass(SOON);
		this.one.setUp(false);
		this.one.hub("room").close();
		pass(SOON);
		this.one.setUp(true);
		pass(LEASES);
		assertThat(reader.read().members).isEmpty();
	}

	@Test
	void whoIsInAHubThatWasMadeAnewIsThereThoughTheEndOfTheOldOneIsToldLater() {
		join(this.one, "ada", "old");
		PresenceLog reader = read(this.other);
		pass(SOON);
		this.one.failing = (message) -> message instanceof PresenceMessage.State;
		this.one.hub("room").close();
		join(this.one, "bob", "new");
		this.nodes.settle();
		this.one.failing = (message) -> false;
		pass(LEASES);
		assertThat(reader.read().members).isEqualTo(Map.of("bob", "new"));
	}

	@Test
	void anOutageAfterTheOthersWereAskedMakesNobodyLeave() {
		join(this.one, "ada", "here");
		PresenceLog reader = read(this.other);
		pass(SOON);
		this.other.setUp(false);
		join(this.one, "bob", "here");
		this.one.setUp(false);
		this.other.setUp(true);
		this.nodes.settle();
		assertThat(this.other.said).last().isInstanceOf(PresenceMessage.State.class);
		this.other.setUp(false);
		pass(LEASES);
		assertThat(reader.read().members).isEqualTo(Map.of("ada", "here"));
		this.one.setUp(true);
		this.other.setUp(true);
		pass(LEASES);
		assertThat(reader.read().members).isEqualTo(Map.of("ada", "here", "bob", "here"));
		assertThat(reader.events()).hasSize(2);
	}

	@Test
	void anOutageThatEndsWhenTheOthersShouldHaveAnsweredMakesNobodyLeave() {
		join(this.one, "ada", "here");
		PresenceLog reader = read(this.other);
		pass(SOON);
		this.other.setUp(false);
		this.one.hub("room").update("ada", "still here");
		this.one.setUp(false);
		this.other.failing = (message) -> true;
		this.other.setUp(true);
		this.nodes.settle();
		this.other.setUp(false);
		this.other.failing = (message) -> false;
		pass(SteppedNodes.TIMES.lease().minusMillis(100));
		this.one.setUp(true);
		this.other.setUp(true);
		pass(LEASES);
		assertThat(reader.read().members).isEqualTo(Map.of("ada", "still here"));
		assertThat(reader.events()).noneMatch(HubEvent.Left.class::isInstance);
	}

	@Test
	void whoHasStoodStillTakesNobodyForDead() {
		join(this.one, "ada", "here");
		PresenceLog reader = read(this.other);
		pass(SOON);
		for (int i = 0; i < 200; i++) {
			this.nodes.pass(Duration.ofMillis(5000 + i * 50), this.other);
			pass(Duration.ofMillis(5000 + i * 7));
		}
		assertThat(reader.take()).containsExactly("present {ada=here}");
	}

	@Test
	void aPartThatWasLostMakesNobodyLeave() {
		for (int i = 0; i < 100; i++) {
			join(this.one, "member " + i, "here");
		}
		PresenceLog reader = read(this.other);
		pass(SOON);
		assertThat(reader.read().members).hasSize(100);
		int[] parts = new int[1];
		this.one.failing = (message) -> message instanceof PresenceMessage.State && parts[0]++ == 1;
		read(this.nodes.add());
		pass(SOON);
		assertThat(parts[0]).isGreaterThan(3);
		assertThat(reader.read().members).hasSize(100);
		assertThat(reader.events()).noneMatch(HubEvent.Left.class::isInstance);
	}

	@Test
	void whoLeavesAndComesWithOtherDataHasThatEverywhere() {
		PresenceLog reader = read(this.other);
		read(this.one);
		pass(SOON);
		for (int i = 0; i < 200; i++) {
			HubPresenceTests.Tab tab = join(this.one, "ada", "first");
			this.nodes.settle();
			tab.close();
			tab = join(this.one, "ada", "second");
			pass(Duration.ofMillis(300));
			assertThat(this.other.hub("room").members()).isEqualTo(Map.of("ada", "second"));
			assertThat(this.one.hub("room").members()).isEqualTo(Map.of("ada", "second"));
			tab.close();
			pass(Duration.ofMillis(300));
		}
		assertThat(reader.read().members).isEmpty();
	}

	@Test
	void nothingIsSaidOrWaitsWhenAllHaveLeft() {
		HubPresenceTests.Tab tab = join(this.one, "ada", "here");
		PresenceLog reader = read(this.other);
		pass(SOON);
		tab.close();
		reader.subscriber.cancel();
		pass(LEASES);
		List<Object> before = List.of(this.one.said.size(), this.other.said.size(), this.one.time.scheduled(),
				this.other.time.scheduled());
		pass(LEASES);
		assertThat(List.<Object>of(this.one.said.size(), this.other.said.size(), this.one.time.scheduled(),
				this.other.time.scheduled()))
			.isEqualTo(before);
	}

}
