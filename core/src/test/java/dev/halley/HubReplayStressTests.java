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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads at a hub that keeps a history.
 */
@Timeout(180)
class HubReplayStressTests {

	private static final int MESSAGES = 10_000;

	private static final SendBuffer LARGE = new SendBuffer(1_000_000, 1L << 40, Overflow.CLOSE, null);

	private final Threads threads = new Threads();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	/** However small the history, none is missing between the first and the last. */
	@Test
	void whoJoinsWhileMessagesFlyGetsAllOnceAndInOrder() throws Exception {
		for (int round = 0; round < 6; round++) {
			int kept = (round % 2 == 0) ? 50 : 2 * MESSAGES;
			Hub<Integer> hub = Hubs.inMemory().hub("room", Integer.class, History.ofMessages(kept));
			List<Reader> joined = new ArrayList<>();
			this.threads.race(() -> IntStream.range(0, MESSAGES).forEach(hub::publish), () -> {
				for (int i = 0; i < 20; i++) {
					Reader reader = new Reader();
					hub.out(Replay.last(40)).elements().subscribe(reader);
					joined.add(reader);
					await(() -> reader.latest > MESSAGES / 50 * joined.size());
				}
			});
			for (Reader reader : joined) {
				await(() -> reader.latest == MESSAGES - 1);
				assertContiguous(reader);
			}
		}
	}

	@Test
	void whoComesBackAgainAndAgainGetsAllOnceAndInOrder() throws Exception {
		Hub<Integer> hub = Hubs.inMemory().hub("room", Integer.class, History.ofMessages(2 * MESSAGES));
		int[] publishers = { 0, 1 };
		AtomicInteger publishing = new AtomicInteger(publishers.length);
		List<List<Object>> seen = List.of(new ArrayList<>(), new ArrayList<>());
		Position start = hub.publish(-1).toCompletableFuture().getNow(null);
		this.threads.race(4, (number) -> {
			if (number < publishers.length) {
				IntStream.range(0, MESSAGES / 2).forEach((i) -> hub.publish(number * MESSAGES + i));
				publishing.decrementAndGet();
			}
			else {
				comeAndGo(hub, start, new Random(number), seen.get(number - publishers.length), publishing);
			}
		});
		assertThat(seen.get(0)).hasSize(MESSAGES).doesNotHaveDuplicates().isEqualTo(seen.get(1));
	}

	private static void comeAndGo(Hub<Integer> hub, Position start, Random random, List<Object> seen,
			AtomicInteger publishing) {
		Position position = start;
		for (boolean last = false; !last;) {
			last = publishing.get() == 0;
			StrictSubscriber subscriber = StrictSubscriber.waiting(LARGE);
			hub.events(Replay.after(position)).elements().subscribe(subscriber);
			int asked = last ? MESSAGES - seen.size() : random.nextInt(300);
			if (asked > 0) {
				subscriber.request(asked);
			}
			if (last) {
				subscriber.awaitCount(asked);
			}
			subscriber.cancel();
			for (Object event : subscriber.messages()) {
				assertThat(event).isInstanceOf(HubEvent.Message.class);
				seen.add(((HubEvent.Message<?>) event).payload());
				position = ((HubEvent.Message<?>) event).position();
			}
		}
	}

	/** Falls out of the history while it reads, meets its send buffer, and ends there. */
	@Test
	void whoReadsTooSlowlyGetsNoGapEither() throws Exception {
		for (int round = 0; round < 50; round++) {
			Hub<Integer> hub = Hubs.inMemory().hub("room", Integer.class, History.ofMessages(10));
			StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(10, 1000, Overflow.CLOSE, null));
			hub.publish(-1);
			hub.out(Replay.last(10)).elements().subscribe(slow);
			AtomicBoolean over = new AtomicBoolean();
			this.threads.race(() -> {
				IntStream.range(0, 2000).forEach(hub::publish);
				over.set(true);
			}, () -> {
				while (!over.get()) {
					slow.request(3);
					Thread.yield();
				}
				slow.request(5000);
			});
			await(() -> slow.isTerminated() || slow.count() == 2001);
			assertContiguous(slow);
		}
	}

	@Test
	void closeThatRacesWithOneThatReadsLosesNothing() throws Exception {
		for (int round = 0; round < 500; round++) {
			Hub<Integer> hub = Hubs.inMemory().hub("room", Integer.class, History.ofMessages(10));
			IntStream.range(0, 10).forEach(hub::publish);
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			hub.out(Replay.last(10)).elements().subscribe(subscriber);
			this.threads.race(hub::close, () -> subscriber.request(10));
			subscriber.awaitEnd();
			assertThat(subscriber.isCompleted()).isTrue();
			assertThat(subscriber.messages()).isEqualTo(IntStream.range(0, 10).boxed().toList());
			assertThat(hub.subscribers()).isZero();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void aKeyIsPublishedOnceThoughManyTry() throws Exception {
		Hub<Integer> hub = Hubs.inMemory().hub("room", Integer.class, History.ofMessages(MESSAGES));
		StrictSubscriber witness = join(hub, Replay.last(0));
		Position[][] positions = new Position[4][500];
		this.threads.race(4, (number) -> IntStream.range(0, 500)
			.forEach((i) -> positions[number][i] = hub.publishOnce(i, "key " + i).toCompletableFuture().getNow(null)));
		witness.awaitCount(500);
		for (Position[] other : positions) {
			assertThat(other).doesNotHaveDuplicates().isEqualTo(positions[0]);
		}
	}

	@Test
	void hubsThatWereLeftLeaveNothingBehindOnceTheirMessagesAreTooOld() {
		AtomicLong clock = new AtomicLong();
		InMemoryHubs hubs = new InMemoryHubs(Runnable::run,
				new HistoryPatterns(Map.of("room.*", History.ofAge(Duration.ofMinutes(1)))), (message) -> 1,
				clock::get);
		for (int i = 0; i < 100_000; i++) {
			Hub<String> hub = hubs.hub("room." + i, String.class);
			hub.publishOnce("hello", "key");
			if (i % 10 == 0) {
				StrictSubscriber subscriber = StrictSubscriber.unbounded();
				hub.out(Replay.last(1)).elements().subscribe(subscriber);
				subscriber.cancel();
			}
		}
		System.gc();
		assertThat(hubs.names()).as("kept for their histories").hasSize(100_000);
		clock.addAndGet(Duration.ofMinutes(1).toNanos());
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			System.gc();
			return hubs.names().isEmpty();
		});
	}

	private static StrictSubscriber join(Hub<Integer> hub, Replay replay) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded(LARGE);
		hub.out(replay).elements().subscribe(subscriber);
		return subscriber;
	}

	private static void await(BooleanSupplier condition) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.atMost(Duration.ofSeconds(25))
			.until(condition::getAsBoolean);
	}

	private static void assertContiguous(StrictSubscriber subscriber) {
		List<Object> messages = subscriber.messages();
		if (!messages.isEmpty()) {
			int first = (Integer) messages.get(0);
			assertThat(messages).isEqualTo(IntStream.range(first, first + messages.size()).boxed().toList());
		}
		subscriber.assertRulesKept();
	}

	/** Tells which message it got last while it gets more. */
	private static final class Reader extends StrictSubscriber {

		private volatile int latest = -1;

		Reader() {
			super(Long.MAX_VALUE, LARGE);
		}

		@Override
		public void onNext(Object element) {
			super.onNext(element);
			this.latest = Elements.<Integer>unwrap(element);
		}

	}

}
