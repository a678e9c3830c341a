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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link BrokeredPresence} on five nodes at once, with many threads, and with many hubs
 * and members.
 */
@Timeout(300)
class BrokeredPresenceStressTests {

	private static final int NODES = 5;

	private static final int ROOMS = 3;

	private static final BrokerTimes TIMES = new BrokerTimes(Duration.ofMillis(100), Duration.ofSeconds(1),
			Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(15));

	private final MemoryServer server = new MemoryServer();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final List<MemoryBroker> brokers = IntStream.range(0, NODES)
		.mapToObj((i) -> new MemoryBroker(this.server))
		.toList();

	private final List<BrokeredHubs> nodes = this.brokers.stream()
		.map((broker) -> TestHubs.of(broker, this.executor, TIMES, Duration.ofMillis(200)))
		.toList();

	@AfterEach
	void close() {
		this.brokers.forEach(MemoryBroker::close);
		this.executor.shutdownNow();
	}

	private Hub<String> hub(int node, int room) {
		return this.nodes.get(node).hub("room." + room, String.class);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
	}

	@Test
	void threadsThatDoAllAtOnceLeaveAllNodesWithTheSame() throws Exception {
		ConcurrentLinkedQueue<Present> present = new ConcurrentLinkedQueue<>();
		ConcurrentLinkedQueue<PresenceLog> logs = new ConcurrentLinkedQueue<>();
		List<Future<?>> threads = new ArrayList<>();
		for (int thread = 0; thread < 8; thread++) {
			Random random = new Random(thread);
			threads.add(this.executor.submit(() -> work(random, present, logs)));
		}
		for (Future<?> thread : threads) {
			thread.get(120, TimeUnit.SECONDS);
		}
		for (int room = 0; room < ROOMS; room++) {
			checkRoom(room, present);
		}
		logs.forEach((log) -> log.read().subscriber.cancel());
		present.forEach((one) -> one.tab.close());
		await().untilAsserted(() -> assertThat(hub(0, 0).members()).isEmpty());
		await().untilAsserted(() -> this.brokers.forEach((broker) -> assertThat(broker.listeners()).isEmpty()));
	}

	private void work(Random random, ConcurrentLinkedQueue<Present> present, ConcurrentLinkedQueue<PresenceLog> logs) {
		List<Present> mine = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			int room = random.nextInt(ROOMS);
			Hub<String> hub = hub(random.nextInt(NODES), room);
			String member = "m" + random.nextInt(20);
			switch (random.nextInt(40)) {
				case 0 -> logs.add(PresenceLog.of(hub));
				case 1, 2, 3, 4, 5, 6, 7 -> hub.members();
				case 8, 9, 10, 11, 12, 13, 14 -> hub.update(member, "u" + i);
				case 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26 -> {
					HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
					hub.join(member, "d" + i).elements().subscribe(tab);
					mine.add(new Present(room, member, tab));
				}
				default -> {
					if (!mine.isEmpty()) {
						mine.remove(random.nextInt(mine.size())).tab.end(random.nextBoolean());
					}
				}
			}
		}
		present.addAll(mine);
	}

	private void checkRoom(int room, ConcurrentLinkedQueue<Present> present) {
		TreeSet<String> names = new TreeSet<>();
		present.stream().filter((one) -> one.room == room).forEach((one) -> names.add(one.member));
		List<PresenceLog> readers = IntStream.range(0, NODES)
			.mapToObj((node) -> PresenceLog.of(hub(node, room)))
			.toList();
		await().untilAsserted(() -> {
			Map<String, Object> members = hub(0, room).members();
			assertThat(members.keySet()).isEqualTo(names);
			IntStream.range(0, NODES)
				.forEach((node) -> assertThat(hub(node, room).members()).as("node " + node).isEqualTo(members));
			readers.forEach((reader) -> assertThat(reader.read().members).isEqualTo(members));
		});
		readers.forEach((reader) -> reader.subscriber.cancel());
	}

	@Test
	void aHubThatManyJoinDelaysNoOther() {
		PresenceLog crowd = PresenceLog.of(hub(1, 0));
		for (int i = 0; i < 20_000; i++) {
			hub(0, 0).join("member " + i, "here").elements().subscribe(new HubPresenceTests.Tab());
		}
		PresenceLog other = PresenceLog.of(hub(1, 1));
		hub(0, 1).join("ada", "here").elements().subscribe(new HubPresenceTests.Tab());
		await().untilAsserted(() -> assertThat(other.read().members).isEqualTo(Map.of("ada", "here")));
		PresenceLog late = PresenceLog.of(hub(2, 0));
		await().untilAsserted(() -> assertThat(crowd.read().members).hasSize(20_000));
		await().untilAsserted(() -> assertThat(late.read().members).hasSize(20_000));
	}

	@Test
	void ofHubsThatAllHaveLeftNothingIsLeft() {
		for (int i = 0; i < 3000; i++) {
			HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
			hub(i % NODES, i).join("ada", "here").elements().subscribe(tab);
			tab.end(i % 2 == 0);
		}
		await().untilAsserted(() -> this.brokers.forEach((broker) -> assertThat(broker.listeners()).isEmpty()));
	}

	private record Present(int room, String member, HubPresenceTests.Tab tab) {
	}

}
