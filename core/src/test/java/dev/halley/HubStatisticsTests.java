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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import dev.halley.hub.broker.BrokerPayload;
import dev.halley.hub.broker.Heard;
import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.Retention;
import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Hubs#statistics()} and {@link Hubs#state}.
 */
class HubStatisticsTests {

	private final Hubs hubs = Hubs.inMemory(Runnable::run, Map.of("kept", History.ofMessages(2)), (message) -> 1);

	private static Disposable subscribe(Out<?> out) {
		return Flux.from(out.elements()).subscribe();
	}

	@Test
	void hubsAndSubscribersAreThoseOfNow() {
		Hub<String> room = this.hubs.hub("room", String.class);
		Disposable first = subscribe(room.out());
		Disposable second = subscribe(room.out((message) -> false));
		assertThat(this.hubs.statistics().hubs()).isOne();
		assertThat(this.hubs.statistics().subscribers()).isEqualTo(2);
		first.dispose();
		second.dispose();
		assertThat(this.hubs.statistics().subscribers()).isZero();
	}

	@Test
	void deliveriesAreCountedForEachSubscriberThatWantsThem() {
		Hub<String> room = this.hubs.hub("room", String.class);
		room.publish("nobody is here");
		Disposable all = subscribe(room.out());
		Disposable some = subscribe(room.out((message) -> message.startsWith("a")));
		room.publish("a");
		room.publish("b");
		assertThat(this.hubs.statistics().published()).isEqualTo(3);
		assertThat(this.hubs.statistics().delivered()).isEqualTo(3);
		assertThat(this.hubs.statistics().failed()).isZero();
		all.dispose();
		some.dispose();
		room.publish("a");
		assertThat(this.hubs.statistics().delivered()).isEqualTo(3);
	}

	@Test
	void whoComesBackHasRecoveredOrIsReset() throws Exception {
		Hub<String> kept = this.hubs.hub("kept", String.class);
		Position first = kept.publish("1").toCompletableFuture().get(30, TimeUnit.SECONDS);
		kept.publish("2");
		subscribe(kept.events(Replay.after(first))).dispose();
		subscribe(kept.events(Replay.last(1))).dispose();
		assertThat(this.hubs.statistics().recovered()).isOne();
		assertThat(this.hubs.statistics().reset()).isZero();
		kept.publish("3");
		kept.publish("4");
		subscribe(kept.events(Replay.after(first))).dispose();
		assertThat(this.hubs.statistics().recovered()).isOne();
		assertThat(this.hubs.statistics().reset()).isOne();
	}

	@Test
	void membersArePresentByTheConnectionsOfThisProcess() {
		Hub<String> room = this.hubs.hub("room", String.class);
		Disposable tab = subscribe(room.join("ada", "data", room.out()));
		Disposable otherTab = subscribe(room.join("ada", "data", room.out()));
		Disposable other = subscribe(room.join("bob", "data", room.out()));
		assertThat(this.hubs.statistics().members()).isEqualTo(2);
		tab.dispose();
		otherTab.dispose();
		other.dispose();
	}

	@Test
	void whatTheBrokerDidNotTakeHasFailedAndWhatNodesTellEachOtherIsNotCounted() throws Exception {
		try (MemoryBroker broker = new MemoryBroker(new MemoryServer())) {
			Hubs hubs = brokered(broker);
			NodeLink link = NodeLink.of(hubs);
			List<NodeMessage> told = new CopyOnWriteArrayList<>();
			Disposable listening = link.listen(told::add, () -> {
			});
			NodeMessage message = new NodeMessage.Close(link.node() + 1, Map.of("user", "ada"), 1000, "");
			Hub<String> room = hubs.hub("room", String.class);
			try (Heard<String> heard = Heard.of(room.join("ada", "data", room.out()))) {
				Awaitility.await().untilAsserted(() -> {
					link.tell(message).toCompletableFuture().get(30, TimeUnit.SECONDS);
					assertThat(told).isNotEmpty();
				});
				room.publish("a");
				heard.await(1);
				Awaitility.await()
					.untilAsserted(() -> assertThat(counted(hubs))
						.isEqualTo(new HubStatistics(1, 1, 1, 1, 0, 1, 0, 0, 1, Duration.ZERO)));
				broker.setUp(false);
				room.publish("b");
				Awaitility.await()
					.untilAsserted(() -> assertThat(counted(hubs))
						.isEqualTo(new HubStatistics(1, 1, 1, 1, 1, 1, 0, 0, 1, Duration.ZERO)));
			}
			listening.dispose();
		}
	}

	/** All but how long something took. */
	private static HubStatistics counted(Hubs hubs) {
		HubStatistics now = hubs.statistics();
		return new HubStatistics(now.hubs(), now.subscribers(), now.members(), now.published(), now.failed(),
				now.delivered(), now.recovered(), now.reset(), now.came(), Duration.ZERO);
	}

	@Test
	void whatComesFromTheBrokerSaysHowOldItIs() {
		MemoryServer server = new MemoryServer();
		try (MemoryBroker broker = new MemoryBroker(server)) {
			Hubs hubs = brokered(broker);
			Hub<String> room = hubs.hub("room", String.class);
			try (Heard<String> heard = Heard.of(room.out())) {
				room.publish("a");
				heard.await(1);
				assertThat(hubs.statistics().came()).isOne();
				assertThat(hubs.statistics().lag()).isGreaterThanOrEqualTo(Duration.ZERO)
					.isLessThan(Duration.ofMinutes(10));
				long hourAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
				broker.publish("room", new BrokerPayload("b".getBytes(StandardCharsets.UTF_8), false, "" + hourAgo),
						Retention.NOTHING, null);
				heard.await(2);
				assertThat(hubs.statistics().came()).isEqualTo(2);
				assertThat(hubs.statistics().lag()).isBetween(Duration.ofHours(1), Duration.ofHours(2));
				broker.publish("room", new BrokerPayload("c".getBytes(StandardCharsets.UTF_8), false),
						Retention.NOTHING, null);
				heard.await(3);
				assertThat(hubs.statistics().came()).as("one that does not say").isEqualTo(2);
			}
		}
	}

	private static Hubs brokered(MemoryBroker broker) {
		return Hubs.brokered(broker, (type) -> StringPayloads.INSTANCE, StringPayloads.INSTANCE, Runnable::run,
				Map.of(), Duration.ofSeconds(15));
	}

	@Test
	void theStateOfAHubIsLookedAtOnly() {
		assertThat(this.hubs.state("room")).isEmpty();
		assertThat(this.hubs.state("")).isEmpty();
		assertThat(this.hubs.names()).isEmpty();
		Hub<String> kept = this.hubs.hub("kept", String.class);
		assertThat(this.hubs.state("kept")).contains(state(History.ofMessages(2), 0, 0));
		kept.publish("1");
		kept.publish("2");
		kept.publish("3");
		Disposable subscribed = subscribe(kept.join("ada", "data", kept.out()));
		assertThat(this.hubs.state("kept")).contains(state(History.ofMessages(2), 2, 1));
		subscribed.dispose();
		kept.close();
		assertThat(this.hubs.state("kept")).isEmpty();
	}

	private static HubState state(History history, int kept, int present) {
		return new HubState("kept", String.class, present, history, kept, present);
	}

	@Test
	void toLookAtTheStateOfAHubOfABrokerListensToNobody() throws Exception {
		try (MemoryBroker broker = new MemoryBroker(new MemoryServer())) {
			Hubs hubs = brokered(broker);
			NodeLink link = NodeLink.of(hubs);
			Hub<String> room = hubs.hub("room", String.class);
			assertThat(hubs.state(room.name())).contains(new HubState("room", String.class, 0, null, 0, 0));
			assertThat(hubs.statistics().hubs()).isOne();
			assertThat(hubs.state(InMemoryHubs.INTERNAL + "connections")).isEmpty();
			// The broker does one after the other
			link.tell(new NodeMessage.Close(1, Map.of(), 1000, "")).toCompletableFuture().get(30, TimeUnit.SECONDS);
			assertThat(broker.listeners()).isEmpty();
		}
	}

}
