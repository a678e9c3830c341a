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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who delivers what is published, and for how long.
 */
@Timeout(60)
class HubDeliveryTests {

	/** More than one thread delivers in a row. */
	private static final int MANY = 2000;

	private final Threads threads = new Threads();

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final InMemoryHub<Integer> hub = hub(this.tasks::add);

	@AfterEach
	void stop() {
		this.threads.close();
	}

	private static InMemoryHub<Integer> hub(Executor executor) {
		return new InMemoryHub<>("delivery", Integer.class, executor);
	}

	@ParameterizedTest
	@EnumSource
	void publisherOfOneMessageReturnsThoughAnotherPublishesWithoutEnd(Overflow overflow) {
		StrictSubscriber subscriber = subscribe(this.hub, limits(overflow));
		publishElsewhereMeanwhile(subscriber, this.hub);
		this.hub.publish(0);
		assertThat(subscriber.count()).isLessThan(200);
		assertThat(this.tasks).hasSize(1);
		while (!this.tasks.isEmpty()) {
			this.tasks.remove().run();
		}
		assertThat(subscriber.messages()).isEqualTo(upTo(MANY));
		subscriber.assertRulesKept();
	}

	@Test
	void onePublisherGoesOnWithWhatAnotherHasLeft() {
		StrictSubscriber subscriber = subscribe(this.hub, limits(Overflow.CLOSE));
		publishElsewhereMeanwhile(subscriber, this.hub);
		this.hub.publish(0);
		int before = subscriber.count();
		subscriber.onNext = (element) -> {
		};
		this.hub.publish(-1);
		assertThat(subscriber.messages().subList(before, subscriber.count())).isNotEmpty().endsWith(-1);
		this.tasks.remove().run();
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void noPublisherIsHeldThoughAnotherThreadIsToGoOn() {
		StrictSubscriber subscriber = subscribe(this.hub, limits(Overflow.CLOSE));
		publishElsewhereMeanwhile(subscriber, this.hub);
		this.hub.publish(0);
		int before = subscriber.count();
		this.hub.publish(-1);
		assertThat(subscriber.count()).isBetween(before + 1, before + 200);
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void nothingIsLeftToOthersWhereNobodyElsePublishes() {
		StrictSubscriber subscriber = subscribe(this.hub, limits(Overflow.CLOSE));
		for (int i = 0; i < 1000; i++) {
			this.hub.publish(i);
		}
		assertThat(subscriber.count()).isEqualTo(1000);
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void oneWhoAsksForMoreReturnsThoughAnotherPublishesWithoutEnd() {
		StrictSubscriber subscriber = StrictSubscriber.waiting(limits(Overflow.CLOSE));
		this.hub.out().elements().subscribe(subscriber);
		publishElsewhereMeanwhile(subscriber, this.hub);
		this.hub.publish(0);
		subscriber.request(Long.MAX_VALUE);
		assertThat(subscriber.count()).isLessThan(200);
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void filterThatLeavesAllOutHoldsNoPublisherEither() {
		AtomicInteger seen = new AtomicInteger();
		StrictSubscriber subscriber = StrictSubscriber.unbounded(limits(Overflow.CLOSE));
		this.hub.out().filter((number) -> {
			seen.incrementAndGet();
			publishElsewhere(this.hub, number + 1);
			return false;
		}).elements().subscribe(subscriber);
		this.hub.publish(0);
		assertThat(seen.get()).isLessThan(200);
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void publisherDeliversAllWhereNobodyElseDoes() {
		List<Executor> useless = List.of(Runnable::run, (task) -> {
			throw new RejectedExecutionException("stopped");
		}, (task) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		for (Executor executor : useless) {
			InMemoryHub<Integer> hub = hub(executor);
			StrictSubscriber subscriber = subscribe(hub, limits(Overflow.CLOSE));
			publishElsewhereMeanwhile(subscriber, hub);
			hub.publish(0);
			assertThat(subscriber.messages()).isEqualTo(upTo(MANY));
			subscriber.assertRulesKept();
		}
	}

	@ParameterizedTest
	@EnumSource
	void publishersOfFewMessagesReturnBesideAFeed(Overflow overflow) throws Exception {
		InMemoryHub<Integer> hub = hub(InMemoryHubs.OTHERS);
		for (int i = 0; i < 3; i++) {
			subscribe(hub, new SendBuffer(256, 1 << 20, overflow, null));
		}
		AtomicBoolean returned = new AtomicBoolean();
		this.threads.race(() -> {
			while (!returned.get()) {
				hub.publish(1);
			}
		}, () -> {
			for (int i = 0; i < 5000; i++) {
				hub.publish(2);
			}
			returned.set(true);
		});
		assertThat(returned).isTrue();
	}

	@Test
	void thousandsOfSubscribersMayPublishWithinTheirCallbacks() {
		InMemoryHub<Integer> hub = hub(InMemoryHubs.OTHERS);
		int subscribers = 5000;
		AtomicInteger answers = new AtomicInteger();
		for (int i = 0; i < subscribers; i++) {
			int answer = i + 1;
			hub.out((number) -> number == 0)
				.map((number) -> hub.publish(answer))
				.elements()
				.subscribe(StrictSubscriber.unbounded(limits(Overflow.CLOSE)));
		}
		StrictSubscriber witness = subscribe(hub, limits(Overflow.CLOSE));
		witness.onNext = (element) -> answers.incrementAndGet();
		assertThat(hub.publish(0)).isCompleted();
		Awaitility.await().until(() -> answers.get() == subscribers + 1);
		assertThat(witness.messages()).doesNotHaveDuplicates().startsWith(0);
		witness.assertRulesKept();
	}

	@Test
	void whatIsPublishedInTheMiddleOfADeliveryWaitsForNoneOfItsOwn() {
		InMemoryHub<Integer> other = hub(this.tasks::add);
		StrictSubscriber far = subscribe(other, limits(Overflow.CLOSE));
		subscribe(this.hub, limits(Overflow.CLOSE)).onNext = (element) -> {
			other.publish(7);
			assertThat(far.count()).isZero();
		};
		this.hub.publish(0);
		assertThat(far.count()).isZero();
		this.tasks.remove().run();
		assertThat(far.messages()).containsExactly(7);
	}

	@Test
	void whatIsPublishedInTheMiddleOfADeliveryIsDeliveredThereWhereNobodyElseDoes() {
		InMemoryHub<Integer> other = hub(Runnable::run);
		StrictSubscriber far = subscribe(other, limits(Overflow.CLOSE));
		subscribe(this.hub, limits(Overflow.CLOSE)).onNext = (element) -> other.publish(7);
		this.hub.publish(0);
		assertThat(far.messages()).containsExactly(7);
	}

	@Test
	void manyJoinAndLeaveInNoTime() {
		List<StrictSubscriber> all = new ArrayList<>();
		for (int i = 0; i < 200_000; i++) {
			all.add(subscribe(this.hub, limits(Overflow.CLOSE)));
		}
		assertThat(this.hub.subscribers()).isEqualTo(200_000);
		Collections.shuffle(all, new Random(7));
		all.forEach(StrictSubscriber::cancel);
		assertThat(this.hub.subscribers()).isZero();
	}

	@Test
	void publisherIsNotHeldUpByThoseWhoJoinWithFilters() throws Exception {
		AtomicBoolean published = new AtomicBoolean();
		this.threads.race(() -> {
			while (!published.get()) {
				StrictSubscriber visitor = StrictSubscriber.unbounded(limits(Overflow.CLOSE));
				this.hub.out((number) -> number >= 0).elements().subscribe(visitor);
				visitor.cancel();
			}
		}, () -> {
			for (int i = 0; i < 20_000; i++) {
				this.hub.publish(i);
			}
			published.set(true);
		});
		assertThat(this.hub.subscribers()).isZero();
	}

	/** Another thread publishes one more each time that one is delivered. */
	private static void publishElsewhereMeanwhile(StrictSubscriber subscriber, InMemoryHub<Integer> hub) {
		subscriber.onNext = (element) -> publishElsewhere(hub, Elements.<Integer>unwrap(element) + 1);
	}

	private static void publishElsewhere(InMemoryHub<Integer> hub, int number) {
		if (number > MANY) {
			return;
		}
		Thread publisher = new Thread(() -> hub.publish(number), "another-publisher");
		publisher.start();
		try {
			publisher.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static StrictSubscriber subscribe(InMemoryHub<Integer> hub, SendBuffer limits) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded(limits);
		hub.out().elements().subscribe(subscriber);
		return subscriber;
	}

	private static SendBuffer limits(Overflow overflow) {
		return new SendBuffer(1_000_000, 1L << 40, overflow, null);
	}

	private static List<Object> upTo(int last) {
		return IntStream.rangeClosed(0, last).<Object>mapToObj(Integer::valueOf).toList();
	}

}
