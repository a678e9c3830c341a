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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link InMemoryHub} with many threads at once.
 */
@Timeout(120)
class InMemoryHubStressTests {

	private static final int PUBLISHERS = 8;

	private static final int EACH = 500;

	private static final SendBuffer LARGE = new SendBuffer(1_000_000, 1L << 40, Overflow.CLOSE, null);

	private final Threads threads = new Threads();

	private final InMemoryHub<Integer> hub = new InMemoryHub<>("stress", Integer.class, InMemoryHubs.OTHERS);

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void eightPublishersMakeOneOrderForAllWithoutLossOrDoubles() throws Exception {
		List<StrictSubscriber> subscribers = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			subscribers.add(join(this.hub.out()));
		}
		this.threads.race(PUBLISHERS, this::publish);
		await(subscribers, PUBLISHERS * EACH);
		List<Object> order = subscribers.get(0).messages();
		assertThat(order).hasSize(PUBLISHERS * EACH).doesNotHaveDuplicates();
		assertEachPublisherInOrder(order);
		for (StrictSubscriber subscriber : subscribers) {
			assertThat(subscriber.messages()).isEqualTo(order);
			subscriber.assertRulesKept();
		}
	}

	@Test
	void slowAndFilteredSubscribersSeeTheSameOrder() throws Exception {
		StrictSubscriber witness = join(this.hub.out());
		StrictSubscriber slow = StrictSubscriber.waiting(LARGE);
		this.hub.out().elements().subscribe(slow);
		StrictSubscriber even = join(this.hub.out((number) -> number % 2 == 0));
		AtomicBoolean over = new AtomicBoolean();
		this.threads.race(() -> this.threads.race(PUBLISHERS, (number) -> {
			publish(number);
			over.set(number == PUBLISHERS - 1 || over.get());
		}), () -> {
			while (!over.get()) {
				slow.request(ThreadLocalRandom.current().nextInt(1, 10));
			}
			slow.request(Long.MAX_VALUE);
		});
		await(List.of(witness, slow), PUBLISHERS * EACH);
		await(List.of(even), PUBLISHERS * EACH / 2);
		List<Object> order = witness.messages();
		assertThat(slow.messages()).isEqualTo(order);
		assertThat(even.messages()).isEqualTo(order.stream().filter((number) -> (Integer) number % 2 == 0).toList());
		slow.assertRulesKept();
		even.assertRulesKept();
	}

	@Test
	void thoseWhoJoinAndLeaveSeeAGaplessPieceOfTheOrder() throws Exception {
		StrictSubscriber witness = join(this.hub.out());
		ConcurrentLinkedQueue<StrictSubscriber> visitors = new ConcurrentLinkedQueue<>();
		AtomicInteger publishing = new AtomicInteger(4);
		this.threads.race(8, (number) -> {
			if (number < 4) {
				publish(number);
				publishing.decrementAndGet();
			}
			else {
				visit(visitors, publishing);
			}
		});
		await(List.of(witness), 4 * EACH);
		List<Object> order = witness.messages();
		assertThat(order).hasSize(4 * EACH).doesNotHaveDuplicates();
		for (StrictSubscriber visitor : visitors) {
			List<Object> seen = visitor.messages();
			if (!seen.isEmpty()) {
				int from = order.indexOf(seen.get(0));
				assertThat(seen).isEqualTo(order.subList(from, from + seen.size()));
			}
			visitor.assertRulesKept();
		}
		assertThat(this.hub.subscribers()).isEqualTo(1);
	}

	private void visit(ConcurrentLinkedQueue<StrictSubscriber> visitors, AtomicInteger publishing) {
		do {
			StrictSubscriber visitor = join(this.hub.out((number) -> true));
			visitors.add(visitor);
			int stay = ThreadLocalRandom.current().nextInt(20);
			for (int i = 0; i < 100 && visitor.count() < stay; i++) {
				Thread.onSpinWait();
			}
			visitor.cancel();
		}
		while (publishing.get() > 0);
	}

	@Test
	void joinersKnowThatWhatIsPublishedLaterReachesThem() throws Exception {
		for (int round = 0; round < 1000; round++) {
			StrictSubscriber other = StrictSubscriber.unbounded(LARGE);
			StrictSubscriber joiner = StrictSubscriber.unbounded(LARGE);
			this.threads.race(() -> this.hub.publish(1), () -> {
				this.hub.out().elements().subscribe(joiner);
				this.hub.publish(2);
			}, () -> this.hub.out().elements().subscribe(other));
			awaitMessage(joiner, 2);
			joiner.cancel();
			other.cancel();
			assertThat(this.hub.subscribers()).isZero();
		}
	}

	@Test
	void throwingAndLeavingSubscribersHarmNoOther() throws Exception {
		StrictSubscriber witness = join(this.hub.out());
		for (int i = 0; i < 20; i++) {
			StrictSubscriber throwing = join(this.hub.out());
			int after = i * 10;
			throwing.onNext = (element) -> {
				if (throwing.count() > after) {
					throw new IllegalStateException("subscriber");
				}
			};
			StrictSubscriber leaving = join(this.hub.out());
			leaving.onNext = (element) -> {
				if (leaving.count() > after) {
					leaving.cancel();
				}
			};
		}
		this.threads.race(PUBLISHERS, this::publish);
		await(List.of(witness), PUBLISHERS * EACH);
		assertThat(witness.messages()).doesNotHaveDuplicates();
		Awaitility.await().until(() -> this.hub.subscribers() == 1);
		witness.assertRulesKept();
	}

	@Test
	void closeThatRacesWithPublishersEndsAllWithTheSameMessages() throws Exception {
		for (int round = 0; round < 500; round++) {
			InMemoryHub<Integer> hub = new InMemoryHub<>("round", Integer.class, InMemoryHubs.OTHERS);
			StrictSubscriber first = StrictSubscriber.unbounded(LARGE);
			StrictSubscriber second = StrictSubscriber.unbounded(LARGE);
			hub.out().elements().subscribe(first);
			hub.out().elements().subscribe(second);
			AtomicInteger taken = new AtomicInteger();
			this.threads.race(3, (number) -> {
				for (int i = 0; number < 2 && i < 10; i++) {
					if (!hub.publish(number * 100 + i).toCompletableFuture().isCompletedExceptionally()) {
						taken.incrementAndGet();
					}
				}
				if (number == 2) {
					hub.close();
				}
			});
			assertThat(first.isCompleted()).isTrue();
			assertThat(second.isCompleted()).isTrue();
			assertThat(first.messages()).hasSize(taken.get()).isEqualTo(second.messages());
			first.assertRulesKept();
			second.assertRulesKept();
		}
	}

	@Test
	void joinThatRacesWithCloseAlwaysCompletes() throws Exception {
		for (int round = 0; round < 2000; round++) {
			InMemoryHub<Integer> hub = new InMemoryHub<>("round", Integer.class, InMemoryHubs.OTHERS);
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			this.threads.race(hub::close, () -> hub.out().elements().subscribe(subscriber));
			assertThat(subscriber.isCompleted()).as("round " + round).isTrue();
			assertThat(hub.subscribers()).isZero();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void subscribersThatPublishKeepOneOrder() throws Exception {
		StrictSubscriber echo = join(this.hub.out());
		StrictSubscriber witness = join(this.hub.out());
		echo.onNext = (element) -> {
			int number = Elements.<Integer>unwrap(element);
			if (number < 1_000_000) {
				this.hub.publish(number + 1_000_000);
			}
		};
		this.threads.race(4, this::publish);
		await(List.of(witness, echo), 2 * 4 * EACH);
		assertThat(witness.messages()).doesNotHaveDuplicates();
		assertThat(echo.messages()).isEqualTo(witness.messages());
		echo.assertRulesKept();
	}

	private static void awaitMessage(StrictSubscriber subscriber, Object message) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> subscriber.messages().contains(message));
	}

	/** What the publishers have left to others may come a little later. */
	private static void await(List<StrictSubscriber> subscribers, int count) {
		for (StrictSubscriber subscriber : subscribers) {
			subscriber.awaitCount(count);
		}
	}

	private void publish(int publisher) {
		for (int i = 0; i < EACH; i++) {
			assertThat(this.hub.publish(publisher * 10_000 + i)).isCompleted();
		}
	}

	private static void assertEachPublisherInOrder(List<Object> order) {
		for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
			int number = publisher;
			assertThat(order.stream().map(Integer.class::cast).filter((message) -> message / 10_000 == number))
				.isSorted();
		}
	}

	private StrictSubscriber join(Out<Integer> out) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded(LARGE);
		out.elements().subscribe(subscriber);
		return subscriber;
	}

}
