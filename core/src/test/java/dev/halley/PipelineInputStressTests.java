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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link PipelineInput} with a pipeline that asks on other threads.
 */
@Timeout(120)
class PipelineInputStressTests {

	private static final int MESSAGES = 2000;

	private final Threads threads = new Threads();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void allMessagesArriveInOrderWhateverTheDemand() throws Exception {
		for (int round = 0; round < 20; round++) {
			PipelineInput<Object> input = new PipelineInput<>();
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			input.subscribe(subscriber);
			this.threads.race(() -> feedAll(input), () -> askAtRandom(subscriber), () -> askAtRandom(subscriber));
			assertThat(subscriber.received()).isEqualTo(IntStream.range(0, MESSAGES).boxed().toList());
			assertThat(subscriber.isCompleted()).isTrue();
			subscriber.assertRulesKept();
		}
	}

	private static void askAtRandom(StrictSubscriber subscriber) {
		while (!subscriber.isTerminated()) {
			subscriber.request(ThreadLocalRandom.current().nextInt(1, 4));
			Thread.yield();
		}
	}

	@Test
	void feederIsNeverLeftWaitingWhenDemandRacesWithIt() throws Exception {
		for (int round = 0; round < 3000; round++) {
			PipelineInput<Object> input = new PipelineInput<>();
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			input.subscribe(subscriber);
			AtomicBoolean released = new AtomicBoolean();
			this.threads.race(() -> feed(input, "a", released), () -> subscriber.request(1),
					() -> subscriber.request(1));
			assertThat(subscriber.received()).containsExactly("a");
			assertThat(released).as("round " + round).isTrue();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void noWakeUpIsLostBetweenAMessageAndItsDemand() throws Exception {
		PipelineInput<Object> input = new PipelineInput<>();
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		input.subscribe(subscriber);
		AtomicInteger released = new AtomicInteger();
		AtomicInteger missed = new AtomicInteger();
		subscriber.request(1);
		this.threads.lockstep((round) -> {
			Publisher<?> wait = input.feed(round);
			Mono<Object> next = (wait != null) ? Flux.from(wait).cast(Object.class).next() : Mono.empty();
			next.subscribe(null, null, released::incrementAndGet);
		}, (round) -> subscriber.request(1), (round) -> {
			if (subscriber.count() != round + 1 || released.get() != round + 1) {
				missed.incrementAndGet();
			}
		});
		assertThat(missed).hasValue(0);
		subscriber.assertRulesKept();
	}

	@Test
	void feederIsNeverLeftWaitingWhenCancelRacesWithIt() throws Exception {
		for (int round = 0; round < 3000; round++) {
			PipelineInput<Object> input = new PipelineInput<>();
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			input.subscribe(subscriber);
			AtomicBoolean released = new AtomicBoolean();
			this.threads.race(() -> feed(input, "a", released), subscriber::cancel, () -> subscriber.request(1));
			assertThat(released).as("round " + round).isTrue();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void endThatRacesWithDemandComesOnceAndLast() throws Exception {
		for (int round = 0; round < 3000; round++) {
			PipelineInput<Object> input = new PipelineInput<>();
			StrictSubscriber subscriber = StrictSubscriber.waiting();
			input.subscribe(subscriber);
			this.threads.race(() -> {
				input.feed("a");
				input.complete();
			}, () -> subscriber.request(1));
			assertThat(subscriber.received()).containsExactly("a");
			assertThat(subscriber.isCompleted()).as("round " + round).isTrue();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void endThatRacesWithALateSubscriberComesAfterOnSubscribe() throws Exception {
		for (int round = 0; round < 3000; round++) {
			PipelineInput<Object> input = new PipelineInput<>();
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			this.threads.race(() -> {
				input.feed("a");
				input.complete();
			}, () -> input.subscribe(subscriber));
			assertThat(subscriber.received()).containsExactly("a");
			assertThat(subscriber.isCompleted()).as("round " + round).isTrue();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void onlyOneOfSeveralSubscribersIsServed() throws Exception {
		for (int round = 0; round < 1000; round++) {
			PipelineInput<Object> input = new PipelineInput<>();
			List<StrictSubscriber> subscribers = List.of(StrictSubscriber.unbounded(), StrictSubscriber.unbounded(),
					StrictSubscriber.unbounded());
			this.threads.race(3, (number) -> input.subscribe(subscribers.get(number)));
			input.feed("a");
			assertThat(subscribers.stream().filter((subscriber) -> subscriber.error() != null)).hasSize(2);
			assertThat(subscribers.stream().mapToInt(StrictSubscriber::count).sum()).isEqualTo(1);
		}
	}

	@Test
	void asynchronousOperatorsHandleMessagesOneAtATimeInOrder() {
		PipelineInput<Object> input = new PipelineInput<>();
		AtomicInteger atWork = new AtomicInteger();
		List<Object> handled = new ArrayList<>();
		Mono<Void> end = input.concatMap((message) -> Mono.fromRunnable(() -> {
			assertThat(atWork.incrementAndGet()).isEqualTo(1);
			handled.add(message);
			atWork.decrementAndGet();
		}).subscribeOn(Schedulers.parallel()), 1).then().cache();
		end.subscribe();
		feedAll(input);
		end.block(Duration.ofSeconds(20));
		assertThat(handled).isEqualTo(IntStream.range(0, MESSAGES).boxed().toList());
	}

	@Test
	void threadHoppingPipelineSeesAllMessages() {
		PipelineInput<Object> input = new PipelineInput<>();
		Mono<List<Object>> end = input.publishOn(Schedulers.parallel(), 3)
			.flatMapSequential((message) -> Mono.just(message).publishOn(Schedulers.parallel()), 4, 2)
			.collectList()
			.subscribeOn(Schedulers.boundedElastic())
			.cache();
		end.subscribe();
		feedAll(input);
		assertThat(end.block(Duration.ofSeconds(20))).isEqualTo(IntStream.range(0, MESSAGES).boxed().toList());
	}

	private static void feedAll(PipelineInput<Object> input) {
		for (int i = 0; i < MESSAGES; i++) {
			Publisher<?> released = input.feed(i);
			if (released != null) {
				Flux.from(released).blockLast(Duration.ofSeconds(20));
			}
		}
		input.complete();
	}

	private static void feed(PipelineInput<Object> input, Object message, AtomicBoolean released) {
		Publisher<?> wait = input.feed(message);
		if (wait == null) {
			released.set(true);
		}
		else {
			Flux.from(wait).subscribe(null, null, () -> released.set(true));
		}
	}

}
