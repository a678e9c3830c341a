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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does at random what may happen to nodes with members, in a time of its own: in the end
 * all nodes and readers know the same, which is who is present, and when all have left
 * nothing more is said. To repeat a run, set {@code -Dhubs.seed=SEED};
 * {@code -Dhubs.runs} sets how many there are.
 */
@Timeout(300)
class BrokeredPresenceRandomTests {

	private static final int STEPS = 150;

	private static final String ROOM = "room";

	private static final String ANCHOR = "anchor";

	private static final Duration LEASES = SteppedNodes.TIMES.lease().multipliedBy(3);

	private final SteppedNodes nodes = new SteppedNodes();

	private final List<Tab> tabs = new ArrayList<>();

	private final List<PresenceLog> readers = new ArrayList<>();

	private final Map<PresenceLog, SteppedNodes.Node> places = new HashMap<>();

	private Random random;

	static List<Long> seeds() {
		return Seeds.of(60);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void allNodesComeToKnowTheSame(long seed) {
		start(seed);
		for (int step = 0; step < STEPS; step++) {
			step();
			readAll();
		}
		this.nodes.nodes().forEach(this::mend);
		checkSettled("seed " + seed);
		checkDataCanBeSet("seed " + seed);
		checkNothingIsLeft("seed " + seed);
	}

	/**
	 * Whatever becomes of the server, and of others, one who is there all the time is.
	 */
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void outagesOfTheServerMakeNobodyLeave(long seed) {
		start(seed);
		join(this.nodes.nodes().get(0), ANCHOR);
		this.nodes.nodes().forEach(this::read);
		pass(2000);
		Set<PresenceLog> knowing = new HashSet<>();
		for (int step = 0; step < STEPS; step++) {
			stepThatIsHarmless();
			readAll();
			knowing.forEach((reader) -> assertThat(reader.members).as("seed " + seed).containsKey(ANCHOR));
			knowing.addAll(this.readers.stream().filter((reader) -> reader.members.containsKey(ANCHOR)).toList());
		}
		assertThat(knowing).hasSizeGreaterThanOrEqualTo(this.nodes.nodes().size());
		this.nodes.nodes().forEach(this::mend);
		checkSettled("seed " + seed);
	}

	private void start(long seed) {
		this.random = new Random(seed);
		for (int i = 2 + this.random.nextInt(4); i > 0; i--) {
			this.nodes.add();
		}
	}

	private SteppedNodes.Node anyNode() {
		return this.nodes.nodes().get(this.random.nextInt(this.nodes.nodes().size()));
	}

	private String anyMember() {
		return "m" + this.random.nextInt(6);
	}

	private void step() {
		switch (this.random.nextInt(20)) {
			case 12 -> anyNode().setUp(false);
			case 13 -> anyNode().setUp(true);
			case 14 -> anyNode().failing = (message) -> this.random.nextInt(3) == 0;
			case 15 -> mend(anyNode());
			case 16 -> replace(anyNode());
			case 17 -> close(anyNode());
			case 18 -> pause(anyNode());
			default -> stepOfMembers();
		}
		goOn();
	}

	private void stepThatIsHarmless() {
		switch (this.random.nextInt(15)) {
			case 12 -> this.nodes.nodes().forEach((node) -> node.setUp(false));
			case 13 -> this.nodes.nodes().forEach((node) -> node.setUp(true));
			case 14 -> anyNode().failing = (message) -> !(message instanceof PresenceMessage.Beat)
					&& this.random.nextInt(3) == 0;
			default -> stepOfMembers();
		}
		goOn();
	}

	private void stepOfMembers() {
		switch (this.random.nextInt(12)) {
			case 0, 1, 2, 3 -> join(anyNode(), anyMember());
			case 4, 5, 6 -> end();
			case 7, 8 -> anyNode().hub(ROOM).update(anyMember(), "u" + this.random.nextInt(100));
			case 9 -> read(anyNode());
			case 10 -> leave();
			default -> anyNode().hub(ROOM).members();
		}
	}

	/** Some of what is under way arrives, or all, and time passes or does not. */
	private void goOn() {
		for (int i = this.random.nextInt(6); i > 0; i--) {
			anyNode().receive();
		}
		switch (this.random.nextInt(8)) {
			case 0 -> anyNode().time.pass(Duration.ofMillis(this.random.nextInt(400)));
			case 1, 2, 3 -> pass(this.random.nextInt(400));
			case 4 -> pass(this.random.nextInt(6000));
			case 5 -> pass((this.random.nextInt(8) == 0) ? this.random.nextInt(40_000) : 0);
			default -> {
			}
		}
	}

	private void pass(int millis) {
		this.nodes.pass(Duration.ofMillis(millis));
	}

	private void join(SteppedNodes.Node node, String member) {
		HubPresenceTests.Tab connection = new HubPresenceTests.Tab();
		this.tabs.add(new Tab(member, node, connection));
		node.hub(ROOM).join(member, "d" + this.random.nextInt(100)).elements().subscribe(connection);
	}

	private void end() {
		List<Tab> some = this.tabs.stream().filter((tab) -> !tab.member.equals(ANCHOR)).toList();
		if (!some.isEmpty()) {
			Tab tab = some.get(this.random.nextInt(some.size()));
			this.tabs.remove(tab);
			tab.end(this.random.nextBoolean());
		}
	}

	private void read(SteppedNodes.Node node) {
		PresenceLog reader = PresenceLog.of(node.hub(ROOM));
		this.readers.add(reader);
		this.places.put(reader, node);
	}

	private void leave() {
		if (!this.readers.isEmpty()) {
			this.readers.remove(this.random.nextInt(this.readers.size())).read().subscriber.cancel();
		}
	}

	private void mend(SteppedNodes.Node node) {
		node.failing = (message) -> false;
		node.setUp(true);
	}

	/** A node dies, and perhaps another one comes. */
	private void replace(SteppedNodes.Node node) {
		if (this.nodes.nodes().size() > 2 || this.random.nextBoolean()) {
			this.nodes.kill(node);
			forget(node);
		}
		if (this.nodes.nodes().size() < 5 && this.random.nextBoolean() || this.nodes.nodes().size() < 2) {
			this.nodes.add();
		}
	}

	private void close(SteppedNodes.Node node) {
		node.hub(ROOM).close();
		forget(node);
	}

	private void forget(SteppedNodes.Node node) {
		this.tabs.removeIf((tab) -> tab.node == node);
		this.readers.removeIf((reader) -> this.places.get(reader) == node);
	}

	/** A node stands still, perhaps for so long that it is taken for dead. */
	private void pause(SteppedNodes.Node node) {
		Duration time = Duration.ofMillis(this.random.nextInt(40_000));
		this.nodes.pass(time, node);
	}

	private void readAll() {
		this.readers.forEach(PresenceLog::read);
	}

	private void checkSettled(String when) {
		this.nodes.nodes().forEach(this::read);
		this.nodes.nodes().forEach((node) -> node.hub(ROOM).members());
		this.nodes.pass(LEASES);
		Set<String> present = new TreeSet<>(this.tabs.stream().map(Tab::member).toList());
		Map<String, Object> members = this.nodes.nodes().get(0).hub(ROOM).members();
		assertThat(members.keySet()).as(when).isEqualTo(present);
		checkAll(when, members);
	}

	private void checkAll(String when, Map<String, Object> members) {
		this.nodes.nodes().forEach((node) -> assertThat(node.hub(ROOM).members()).as(when).isEqualTo(members));
		this.readers.forEach((reader) -> assertThat(reader.read().members).as(when).isEqualTo(members));
	}

	private void checkDataCanBeSet(String when) {
		Map<String, Object> members = new HashMap<>(this.nodes.nodes().get(0).hub(ROOM).members());
		for (String member : members.keySet()) {
			assertThat(anyNode().hub(ROOM).update(member, "last " + member)).isTrue();
		}
		members.replaceAll((member, data) -> "last " + member);
		pass(1000);
		checkAll(when, members);
	}

	private void checkNothingIsLeft(String when) {
		this.tabs.forEach((tab) -> tab.end(this.random.nextBoolean()));
		pass(5000);
		checkAll(when, Map.of());
		this.readers.forEach((reader) -> reader.subscriber.cancel());
		this.nodes.pass(LEASES);
		Set<Object> before = activity();
		this.nodes.pass(LEASES);
		assertThat(activity()).as(when).isEqualTo(before);
	}

	private Set<Object> activity() {
		Set<Object> activity = new HashSet<>();
		this.nodes.nodes().forEach((node) -> activity.add(List.of(node, node.said.size(), node.time.scheduled())));
		return activity;
	}

	private record Tab(String member, SteppedNodes.Node node, HubPresenceTests.Tab connection) {

		void end(boolean intended) {
			this.connection.end(intended);
		}

	}

}
