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
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Recorded sources with readers that come, leave and come back while they run. To repeat
 * what a seed decides, set {@code -Dhubs.seed=SEED}.
 */
@Timeout(180)
class RecordedStressTests {

	private static final int MESSAGES = 3000;

	private final Threads threads = new Threads();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	static List<Long> seeds() {
		return Seeds.of(20);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void readersThatComeBackHaveAllOnceAndTheEnd(long seed) throws Exception {
		AtomicInteger begun = new AtomicInteger();
		boolean failing = new Random(seed).nextBoolean();
		Flux<Integer> numbers = Flux.range(0, MESSAGES).doOnSubscribe((subscription) -> begun.incrementAndGet());
		Recorded<Integer> recorded = Hubs.inMemory()
			.recorded("numbers", Integer.class,
					() -> failing ? numbers.concatWith(Flux.error(new Exception("on purpose"))) : numbers,
					Duration.ofMinutes(1));
		this.threads.race(6, (number) -> {
			Random random = new Random(seed + number);
			List<Object> read = readAll(recorded, random, number % 2 == 0);
			assertThat(read).as("seed " + seed).isEqualTo(IntStream.range(0, MESSAGES).boxed().toList());
		});
		assertThat(begun).hasValue(1);
	}

	/** Reads some, leaves and comes back, until there is nothing more. */
	private static List<Object> readAll(Recorded<Integer> recorded, Random random, boolean atOnce) {
		List<Object> read = new ArrayList<>();
		@Nullable Position position = null;
		for (boolean over = false; !over;) {
			StrictSubscriber reader = StrictSubscriber.waiting();
			recorded.events(Replay.after(position)).elements().subscribe(reader);
			int enough = 1 + random.nextInt(500);
			for (int asked = 0; asked < enough; asked += atOnce ? enough : 1) {
				reader.request(atOnce ? enough : 1);
			}
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.atMost(Duration.ofSeconds(20))
				.until(() -> reader.isTerminated() || reader.count() == enough);
			reader.cancel();
			over = reader.isTerminated();
			for (Object event : reader.messages()) {
				read.add(((HubEvent.Message<?>) event).payload());
				position = ((HubEvent.Message<?>) event).position();
			}
			reader.assertRulesKept();
		}
		return read;
	}

	@Test
	void stopMeetsTheStartAndTheEnd() throws Exception {
		for (int round = 0; round < 200; round++) {
			Recorded<Integer> recorded = Hubs.inMemory()
				.recorded("numbers", Integer.class, () -> Flux.range(0, 50), Duration.ofMinutes(1));
			List<StrictSubscriber> readers = IntStream.range(0, 3)
				.mapToObj((i) -> StrictSubscriber.unbounded())
				.toList();
			this.threads.race(() -> recorded.out().elements().subscribe(readers.get(0)),
					() -> recorded.out().elements().subscribe(readers.get(1)), recorded::stop);
			recorded.stop();
			recorded.out().elements().subscribe(readers.get(2));
			for (StrictSubscriber reader : readers) {
				reader.awaitEnd();
				assertThat(reader.isCompleted()).isTrue();
				assertThat(reader.messages()).isEqualTo(readers.get(2).messages());
				reader.assertRulesKept();
			}
		}
	}

	/** Whoever asks on another thread as it is subscribed may be faster than that. */
	@Test
	void whoAsksAtOnceGetsNothingFromBeforeItsPosition() throws Exception {
		Recorded<Integer> recorded = Hubs.inMemory()
			.recorded("numbers", Integer.class, () -> Flux.range(0, 3), Duration.ofMinutes(1));
		StrictSubscriber first = StrictSubscriber.unbounded();
		recorded.out().elements().subscribe(first);
		first.awaitEnd();
		AtomicReference<@Nullable StrictSubscriber> subscribed = new AtomicReference<>();
		this.threads.lockstep((round) -> {
			StrictSubscriber reader = new StrictSubscriber(0, null) {
				@Override
				public void onSubscribe(Subscription subscription) {
					super.onSubscribe(subscription);
					subscribed.set(this);
				}
			};
			recorded.out(Replay.last(1)).elements().subscribe(reader);
		}, (round) -> {
			StrictSubscriber reader = Threads.awaitValue(subscribed);
			reader.request(10);
		}, (round) -> {
			StrictSubscriber reader = subscribed.getAndSet(null);
			assertThat(reader).isNotNull();
			reader.awaitCount(1);
			assertThat(reader.messages()).containsExactly(2);
		});
	}

	@Test
	void tenThousandRecordsAreForgottenAndLeaveNothing() {
		HubTime time = new HubTime();
		InMemoryHubs hubs = time.hubs(Duration.ZERO, InMemoryHubs.OTHERS);
		long before = settledHeap();
		List<StrictSubscriber> readers = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			StrictSubscriber reader = StrictSubscriber.unbounded();
			readers.add(reader);
			hubs.recorded("answer " + i, String.class, () -> Flux.just("some", "words ".repeat(20)),
					Recording.keptFor(Duration.ofMinutes(1)).withAbandonAfter(Duration.ofSeconds(1)))
				.out()
				.elements()
				.subscribe(reader);
		}
		Awaitility.await().until(() -> readers.stream().allMatch(StrictSubscriber::isTerminated));
		readers.clear();
		assertThat(hubs.recorded("answer 0", String.class)).isPresent();
		time.pass(Duration.ofMinutes(1));
		assertThat(hubs.recordedNames()).isZero();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(settledHeap() - before).as("bytes").isLessThan(1_000_000));
		assertThat(hubs.names()).isEmpty();
	}

	private static long settledHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
