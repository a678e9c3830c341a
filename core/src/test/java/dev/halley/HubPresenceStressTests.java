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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Presence with many threads at once, and with many members.
 */
@Timeout(180)
class HubPresenceStressTests {

	private static final Duration GRACE = Duration.ofMillis(20);

	private static final int THREADS = 8;

	private final Threads threads = new Threads();

	private final Hub<String> hub = Hubs.inMemory(InMemoryHubs.OTHERS, Map.of(), (message) -> 1, GRACE)
		.hub("room", String.class);

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void allReadersEndWithTheSameMembers() throws Exception {
		for (int round = 0; round < 5; round++) {
			Hub<String> hub = Hubs.inMemory(InMemoryHubs.OTHERS, Map.of(), (message) -> 1, GRACE)
				.hub("room", String.class);
			List<PresenceLog> readers = Collections.synchronizedList(new ArrayList<>());
			List<Map<String, Object>> stay = IntStream.range(0, THREADS)
				.<Map<String, Object>>mapToObj((i) -> new TreeMap<>())
				.toList();
			AtomicInteger working = new AtomicInteger(THREADS);
			this.threads.race(() -> this.threads.race(THREADS, (number) -> {
				comeAndGo(hub, number, stay.get(number));
				working.decrementAndGet();
			}), () -> {
				while (working.get() > 0) {
					readers.add(PresenceLog.of(hub));
					readers.add(PresenceLog.of(hub, StrictSubscriber.waiting()));
					LockSupport.parkNanos(1_000_000);
				}
			});
			Map<String, Object> expected = new TreeMap<>();
			stay.forEach(expected::putAll);
			Awaitility.await().until(() -> hub.members().equals(expected));
			assertThat(readers).isNotEmpty();
			readers.forEach((reader) -> reader.subscriber.request(Long.MAX_VALUE));
			Awaitility.await()
				.untilAsserted(() -> assertThat(readers)
					.allSatisfy((reader) -> assertThat(reader.read().members).isEqualTo(expected)));
		}
	}

	/** Names are shared by two threads each; who stays has one of its own. */
	private static void comeAndGo(Hub<String> hub, int number, Map<String, Object> stay) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		List<HubPresenceTests.Tab> tabs = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
			String name = "m" + number / 2 + "." + random.nextInt(20);
			if (random.nextInt(20) == 0) {
				name = "stays " + number + "." + random.nextInt(20);
				stay.put(name, i);
				hub.join(name, i).elements().subscribe(tab);
				continue;
			}
			hub.join(name, i).elements().subscribe(tab);
			tabs.add(tab);
			if (tabs.size() > 10) {
				leave(tabs.remove(random.nextInt(tabs.size())), random.nextBoolean());
			}
			if (random.nextInt(10) == 0) {
				hub.update("m" + number / 2 + "." + random.nextInt(20), -i);
			}
		}
		tabs.forEach((tab) -> leave(tab, random.nextBoolean()));
	}

	private static void leave(HubPresenceTests.Tab tab, boolean intended) {
		if (intended) {
			tab.close();
		}
		else {
			tab.vanish();
		}
	}

	@Test
	void aHundredThousandMembersComeAndGoAndLeaveNothing() {
		PresenceLog reader = PresenceLog.of(this.hub, new Forgetful());
		long before = settledHeap();
		List<HubPresenceTests.Tab> tabs = new ArrayList<>();
		for (int i = 0; i < 100_000; i++) {
			HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
			tabs.add(tab);
			this.hub.join("member " + i, i).elements().subscribe(tab);
		}
		Awaitility.await().until(() -> this.hub.members().size() == 100_000);
		tabs.forEach((tab) -> leave(tab, tab.hashCode() % 2 == 0));
		tabs.clear();
		Awaitility.await().until(() -> this.hub.members().isEmpty());
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(settledHeap() - before).as("bytes").isLessThan(1_000_000));
		assertThat(this.hub.update("member 1", 1)).isFalse();
		reader.subscriber.cancel();
	}

	private static long settledHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	@Test
	void aHubIsClosedWhileMembersComeAndGo() throws Exception {
		for (int round = 0; round < 30; round++) {
			Hub<String> hub = Hubs.inMemory(InMemoryHubs.OTHERS, Map.of(), (message) -> 1, GRACE)
				.hub("room", String.class);
			List<PresenceLog> readers = Collections.synchronizedList(new ArrayList<>());
			this.threads.race(() -> IntStream.range(0, 200).forEach((i) -> {
				HubPresenceTests.Tab tab = new HubPresenceTests.Tab();
				hub.join("m" + i % 7, i).elements().subscribe(tab);
				leave(tab, i % 2 == 0);
			}), () -> IntStream.range(0, 50).forEach((i) -> readers.add(PresenceLog.of(hub))), hub::close);
			assertThat(hub.members()).isEmpty();
			for (PresenceLog reader : readers) {
				reader.subscriber.awaitEnd();
				reader.read();
			}
		}
	}

	/**
	 * Whoever asks on another thread as it is subscribed may be faster than that, most of
	 * all while others look who is there.
	 */
	@Test
	void whoAsksAtOnceMissesNoChange() throws Exception {
		HubTime time = new HubTime();
		Hub<String> hub = time.hubs(GRACE).hub("room", String.class);
		for (int i = 0; i < 500; i++) {
			hub.join("member" + i, -1).elements().subscribe(StrictSubscriber.unbounded());
		}
		// They are told after an interval, and what comes next after another one
		time.pass(Duration.ofMillis(200));
		AtomicBoolean over = new AtomicBoolean();
		this.threads.race(() -> {
			try {
				askAtOnce(time, hub);
			}
			finally {
				over.set(true);
			}
		}, () -> {
			while (!over.get()) {
				hub.members();
			}
		});
	}

	private void askAtOnce(HubTime time, Hub<String> hub) throws Exception {
		AtomicReference<@Nullable StrictSubscriber> subscribed = new AtomicReference<>();
		this.threads.lockstep((round) -> PresenceLog.of(hub, new StrictSubscriber(0, null) {
			@Override
			public void onSubscribe(Subscription subscription) {
				super.onSubscribe(subscription);
				subscribed.set(this);
			}
		}), (round) -> {
			StrictSubscriber reader = Threads.awaitValue(subscribed);
			reader.request(10);
			hub.update("member0", round);
		}, (round) -> {
			StrictSubscriber reader = subscribed.getAndSet(null);
			assertThat(reader).isNotNull();
			List<Object> told = reader.messages();
			HubEvent<?> last = (HubEvent<?>) told.get(told.size() - 1);
			assertThat((last instanceof HubEvent.Changed<?> changed) ? changed.members()
					: ((HubEvent.Presence<?>) last).members())
				.containsEntry("member0", round);
			reader.cancel();
			time.pass(Duration.ofMillis(100));
		});
	}

	/** Keeps nothing of what it gets. */
	private static final class Forgetful extends StrictSubscriber {

		Forgetful() {
			super(Long.MAX_VALUE, null);
		}

		@Override
		public void onNext(Object element) {
			// Only what waits for others counts here
		}

	}

}
