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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.halley.hub.broker.BreakableNodes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is present in a hub of several nodes, whatever carries its messages. What happens
 * at random is repeated with {@code -Dhubs.seed=SEED}; {@code -Dhubs.runs} sets how many
 * runs there are.
 */
public abstract class PresenceContract {

	private static final int STEPS = 60;

	private final String name = "room." + UUID.randomUUID();

	private final List<HubPresenceTests.Tab> tabs = new ArrayList<>();

	private final List<PresenceLog> readers = new ArrayList<>();

	private BreakableNodes nodes;

	/** Opens two nodes. */
	protected abstract BreakableNodes open();

	protected static List<Long> seeds(int runs) {
		return Seeds.of(runs);
	}

	@BeforeEach
	void openNodes() {
		this.nodes = open();
	}

	@AfterEach
	void closeNodes() {
		this.readers.forEach((reader) -> reader.subscriber.cancel());
		this.tabs.forEach(HubPresenceTests.Tab::close);
		this.nodes.close();
	}

	private Hub<String> first() {
		return this.nodes.first().hub(this.name, String.class);
	}

	private Hub<String> second() {
		return this.nodes.second().hub(this.name, String.class);
	}

	private HubPresenceTests.Tab join(Hub<String> hub, String member, String data) {
		HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
		this.tabs.add(tab);
		hub.join(member, data).elements().subscribe(tab);
		return tab;
	}

	private PresenceLog read(Hub<String> hub) {
		PresenceLog reader = PresenceLog.of(hub);
		this.readers.add(reader);
		return reader;
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
	}

	private static void awaitMembers(PresenceLog reader, Map<String, ?> members) {
		await().untilAsserted(() -> assertThat(reader.read().members).isEqualTo(members));
	}

	private void awaitMembers(Map<String, ?> members) {
		await().untilAsserted(() -> {
			assertThat(first().members()).isEqualTo(members);
			assertThat(second().members()).isEqualTo(members);
		});
	}

	@Test
	void whoJoinsOnOneNodeIsPresentOnAll() {
		PresenceLog reader = read(second());
		HubPresenceTests.Tab ada = join(first(), "ada", "here");
		awaitMembers(reader, Map.of("ada", "here"));
		HubPresenceTests.Tab bob = join(second(), "bob", "there");
		awaitMembers(reader, Map.of("ada", "here", "bob", "there"));
		awaitMembers(Map.of("ada", "here", "bob", "there"));
		assertThat(first().update("ada", "away")).isTrue();
		awaitMembers(reader, Map.of("ada", "away", "bob", "there"));
		ada.close();
		awaitMembers(reader, Map.of("bob", "there"));
		awaitMembers(Map.of("bob", "there"));
		bob.close();
		awaitMembers(Map.of());
	}

	@Test
	void whoComesLaterBeginsWithAllWhoArePresent() {
		join(first(), "ada", "here");
		join(first(), "bob", "there");
		await().until(() -> first().members().size() == 2);
		PresenceLog reader = read(second());
		await().until(() -> !reader.events().isEmpty());
		assertThat(((HubEvent.Presence<?>) reader.events().get(0)).members()).containsOnlyKeys("ada", "bob");
	}

	@Test
	void aMemberWithATabOnEachNodeIsOneAndLeavesWithTheLast() {
		PresenceLog reader = read(first());
		HubPresenceTests.Tab one = join(first(), "ada", "here");
		awaitMembers(reader, Map.of("ada", "here"));
		HubPresenceTests.Tab other = join(second(), "ada", "there");
		awaitMembers(reader, Map.of("ada", "there"));
		other.close();
		join(second(), "bob", "here");
		awaitMembers(reader, Map.of("ada", "there", "bob", "here"));
		awaitMembers(Map.of("ada", "there", "bob", "here"));
		one.close();
		awaitMembers(reader, Map.of("bob", "here"));
		awaitMembers(Map.of("bob", "here"));
	}

	@Test
	void whoComesBackToAnotherNodeHasNotLeft() {
		PresenceLog reader = read(first());
		HubPresenceTests.Tab tab = join(second(), "ada", "here");
		awaitMembers(reader, Map.of("ada", "here"));
		join(first(), "ada", "here");
		tab.vanish();
		join(first(), "bob", "after the grace");
		awaitMembers(reader, Map.of("ada", "here", "bob", "after the grace"));
		assertThat(reader.events()).noneMatch(HubEvent.Left.class::isInstance);
	}

	@Test
	void oneNodeMayGiveDataToAMemberOfAnother() {
		PresenceLog reader = read(first());
		join(second(), "ada", "here");
		awaitMembers(reader, Map.of("ada", "here"));
		assertThat(first().update("ada", "muted")).isTrue();
		assertThat(first().update("nobody", "muted")).isFalse();
		awaitMembers(Map.of("ada", "muted"));
		awaitMembers(reader, Map.of("ada", "muted"));
	}

	@Test
	void manyAreToldOfInSeveralMessages() {
		Map<String, String> expected = new LinkedHashMap<>();
		IntStream.range(0, 200).forEach((i) -> {
			join(first(), "member " + i, "data of " + i);
			expected.put("member " + i, "data of " + i);
		});
		awaitMembers(read(second()), expected);
	}

	@Test
	void membersOfANodeThatDiesLeaveAndThoseOfTheNextOneAreThere() {
		PresenceLog reader = read(first());
		join(first(), "ada", "here");
		join(second(), "bob", "there");
		awaitMembers(reader, Map.of("ada", "here", "bob", "there"));
		this.nodes.replaceSecond();
		join(second(), "eve", "new");
		awaitMembers(reader, Map.of("ada", "here", "eve", "new"));
		awaitMembers(Map.of("ada", "here", "eve", "new"));
	}

	@Test
	void anOutageMakesNobodyLeaveAndWhatHappenedMeanwhileIsKnownAfterIt() {
		PresenceLog reader = read(second());
		HubPresenceTests.Tab gone = join(first(), "ada", "here");
		join(first(), "bob", "here");
		join(second(), "eve", "there");
		awaitMembers(reader, Map.of("ada", "here", "bob", "here", "eve", "there"));
		this.nodes.cut();
		gone.close();
		join(first(), "max", "new");
		join(second(), "pia", "new");
		awaitMembers(reader, Map.of("ada", "here", "bob", "here", "eve", "there", "pia", "new"));
		this.nodes.heal();
		awaitMembers(Map.of("bob", "here", "eve", "there", "max", "new", "pia", "new"));
		awaitMembers(reader, Map.of("bob", "here", "eve", "there", "max", "new", "pia", "new"));
	}

	@Test
	void aServerThatForgetsAllForgetsNobody() {
		PresenceLog reader = read(second());
		join(first(), "ada", "here");
		awaitMembers(reader, Map.of("ada", "here"));
		this.nodes.restart(false);
		join(first(), "bob", "here");
		awaitMembers(reader, Map.of("ada", "here", "bob", "here"));
		assertThat(reader.events()).noneMatch(HubEvent.Left.class::isInstance);
	}

	@Test
	void aHubThatIsClosedOnOneNodeHasNobodyThere() {
		PresenceLog reader = read(second());
		join(first(), "ada", "here");
		join(second(), "bob", "there");
		awaitMembers(reader, Map.of("ada", "here", "bob", "there"));
		first().close();
		awaitMembers(reader, Map.of("bob", "there"));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void allNodesComeToKnowTheSame(long seed) {
		Random random = new Random(seed);
		List<Tab> open = new ArrayList<>();
		boolean[] cut = new boolean[1];
		for (int step = 0; step < STEPS; step++) {
			step(random, open, cut);
		}
		this.nodes.heal();
		Set<String> present = new TreeSet<>(open.stream().map(Tab::member).toList());
		PresenceLog one = read(first());
		PresenceLog other = read(second());
		Awaitility.await("seed " + seed)
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> {
				Map<String, Object> members = new TreeMap<>(first().members());
				assertThat(members.keySet()).isEqualTo(present);
				assertThat(second().members()).isEqualTo(members);
				assertThat(one.read().members).isEqualTo(members);
				assertThat(other.read().members).isEqualTo(members);
			});
		this.readers.forEach(PresenceLog::read);
	}

	private void step(Random random, List<Tab> open, boolean[] cut) {
		boolean second = random.nextBoolean();
		Hub<String> hub = second ? second() : first();
		String member = "m" + random.nextInt(6);
		switch (random.nextInt(16)) {
			case 0, 1, 2, 3 -> open.add(new Tab(member, join(hub, member, "d" + random.nextInt(3)), second));
			case 4, 5, 6 -> end(random, open);
			case 7, 8 -> hub.update(member, "u" + random.nextInt(3));
			case 9 -> read(hub);
			case 10 -> leave(random);
			case 11 -> {
				if (!cut[0]) {
					this.nodes.cut();
				}
				cut[0] = true;
			}
			case 12, 13 -> heal(cut);
			case 14 -> {
				heal(cut);
				this.nodes.restart(random.nextInt(3) > 0);
			}
			default -> {
				if (random.nextInt(3) == 0) {
					heal(cut);
					this.nodes.replaceSecond();
					open.removeIf(Tab::second);
				}
			}
		}
		long end = System.nanoTime() + Duration.ofMillis(random.nextInt(80)).toNanos();
		await().until(() -> System.nanoTime() > end);
	}

	private void heal(boolean[] cut) {
		if (cut[0]) {
			this.nodes.heal();
		}
		cut[0] = false;
	}

	private void end(Random random, List<Tab> open) {
		if (!open.isEmpty()) {
			Tab tab = open.remove(random.nextInt(open.size()));
			if (random.nextBoolean()) {
				tab.connection.close();
			}
			else {
				tab.connection.vanish();
			}
		}
	}

	private void leave(Random random) {
		if (!this.readers.isEmpty()) {
			this.readers.remove(random.nextInt(this.readers.size())).read().subscriber.cancel();
		}
	}

	private record Tab(String member, HubPresenceTests.Tab connection, boolean second) {
	}

}
