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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the operators of {@link Out} but {@link Out#interleave}.
 */
@Timeout(60)
class OutOperatorTests {

	private static final CloseStatus STATUS = new CloseStatus(4001, "enough");

	private final AtomicInteger runs = new AtomicInteger();

	/** Counts how often it is run. */
	private final Out<Integer> counted = Out.from(Flux.defer(() -> {
		this.runs.incrementAndGet();
		return Flux.just(7);
	}));

	@Test
	void andThenSendsOneAfterTheOther() {
		verify(Out.of(1, 2).andThen(Out.of(3)).andThen(Out.of(4)), 1, 2, 3, 4);
	}

	@Test
	void andThenStartsTheNextOnlyWhenTheFirstHasEnded() {
		TestPublisher<Integer> first = TestPublisher.create();
		StrictSubscriber subscriber = subscribe(Out.from(first.flux()).andThen(this.counted));
		assertThat(this.runs).hasValue(0);
		first.complete();
		assertThat(this.runs).hasValue(1);
		assertThat(subscriber.received()).containsExactly(7);
		subscriber.assertRulesKept();
	}

	@Test
	void andThenEofEndsTheConnection() {
		verify(Out.of("a", "b").andThen(Out.eof()), "a", "b", CloseStatus.NORMAL);
	}

	@Test
	void whatFollowsAnEndIsNeverRun() {
		verify(Out.<Integer>eof().andThen(this.counted), CloseStatus.NORMAL);
		verify(Out.<Integer>close(STATUS).andThen(this.counted).andThen(this.counted), STATUS);
		verify(Out.of(1).andThen(Out.eof()).andThen(this.counted), 1, CloseStatus.NORMAL);
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void whatFollowsAnEndIsNeverRunEvenIfItIsAskedForLater() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out.<Integer>eof().andThen(this.counted).elements().subscribe(subscriber);
		subscriber.request(1);
		subscriber.request(5);
		assertThat(subscriber.received()).containsExactly(CloseStatus.NORMAL);
		assertThat(this.runs).hasValue(0);
		subscriber.assertRulesKept();
	}

	@Test
	void whatFollowsAFailureIsNeverRun() {
		StepVerifier.create(failing("first").andThen(this.counted).elements())
			.expectNext(1, 2)
			.verifyErrorMessage("first");
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void cancelReachesTheOneThatRuns() {
		AtomicBoolean cancelled = new AtomicBoolean();
		Out<Integer> silent = Out.from(Flux.<Integer>never().doOnCancel(() -> cancelled.set(true)));
		subscribe(Out.of(1).andThen(silent).map((number) -> number).filter((number) -> true).through((all) -> all))
			.cancel();
		assertThat(cancelled).isTrue();
	}

	@Test
	void mapChangesMessagesAndForwardsTheEnd() {
		verify(Out.of(1, 2).map((number) -> "n" + number), "n1", "n2");
		verify(Out.of(1).andThen(Out.eof()).map((number) -> "n" + number), "n1", CloseStatus.NORMAL);
		verify(Out.close(STATUS).map((number) -> "n" + number), STATUS);
	}

	@Test
	void mapSeesTheMessageOfASharedMessage() {
		verify(Out.<String>ofElements(Flux.just(new SharedMessage<>("a"))).map(String::toUpperCase), "A");
	}

	@Test
	void mapThatThrowsFailsAndCancelsTheSource() {
		AtomicBoolean cancelled = new AtomicBoolean();
		Out<Integer> source = Out.from(Flux.range(1, 10).hide().doOnCancel(() -> cancelled.set(true)));
		StepVerifier.create(source.map((number) -> 10 / (number - 2)).elements())
			.expectNext(-10)
			.verifyError(ArithmeticException.class);
		assertThat(cancelled).isTrue();
	}

	@Test
	void mapToNullFails() {
		StepVerifier.create(Out.of(1).map((number) -> null).elements()).verifyError(NullPointerException.class);
	}

	@Test
	void filterLeavesMessagesOutAndForwardsTheEnd() {
		verify(Out.of(1, 2, 3, 4).filter((number) -> number % 2 == 0), 2, 4);
		verify(Out.of(1).andThen(Out.eof()).filter((number) -> false), CloseStatus.NORMAL);
		verify(Out.close(STATUS).filter((number) -> false), STATUS);
	}

	@Test
	void filterKeepsWhatIsSharedAsItIs() {
		SharedMessage<String> shared = new SharedMessage<>("a");
		verify(Out.<String>ofElements(Flux.just(shared, new SharedMessage<>("b"))).filter("a"::equals), shared);
	}

	@Test
	void filterAsksForAnotherInPlaceOfWhatItLeavesOut() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out.from(Flux.range(1, 100)).filter((number) -> number % 10 == 0).elements().subscribe(subscriber);
		subscriber.request(2);
		assertThat(subscriber.received()).containsExactly(10, 20);
		subscriber.assertRulesKept();
	}

	@Test
	void throughAppliesThePipelineAndForwardsTheEnd() {
		verify(Out.of(1, 2, 3, 4).through((numbers) -> numbers.buffer(2)), List.of(1, 2), List.of(3, 4));
		verify(Out.of(1, 2, 3).andThen(Out.eof()).through((numbers) -> numbers.buffer(2)), List.of(1, 2), List.of(3),
				CloseStatus.NORMAL);
		verify(Out.<Integer>close(STATUS).through(Flux::count), 0L, STATUS);
	}

	@Test
	void throughForwardsTheEndAfterAnAsynchronousPipeline() {
		verify(Out.of(1, 2, 3)
			.andThen(Out.close(STATUS))
			.through((numbers) -> numbers
				.concatMap((number) -> Mono.just(number * 10).subscribeOn(Schedulers.parallel()))), 10, 20, 30, STATUS);
	}

	@Test
	void throughForwardsTheEndToAPipelineThatSubscribesTwice() {
		verify(Out.of(1, 2).andThen(Out.eof()).through((numbers) -> numbers.concatWith(numbers)), 1, 2, 1, 2,
				CloseStatus.NORMAL);
	}

	@Test
	void throughThatCancelsItsSourceDoesNotLearnOfTheEnd() {
		verify(Out.of(1, 2).andThen(Out.eof()).through((numbers) -> numbers.take(1)), 1);
	}

	@Test
	void throughMayEndTheConnectionItself() {
		AtomicBoolean cancelled = new AtomicBoolean();
		verify(Out.of(1)
			.andThen(Out.eof())
			.through((numbers) -> Flux.concat(numbers, Mono.just(STATUS), Flux.never())
				.doOnCancel(() -> cancelled.set(true))), 1, STATUS);
		assertThat(cancelled).isTrue();
	}

	@Test
	void throughLetsThePipelineHandleFailures() {
		verify(failing("source").through((numbers) -> numbers.onErrorReturn(99)), 1, 2, 99);
		StepVerifier.create(failing("source").through((numbers) -> numbers).elements())
			.expectNext(1, 2)
			.verifyErrorMessage("source");
	}

	@Test
	void throughRunsThePipelineOncePerConnection() {
		AtomicInteger pipelines = new AtomicInteger();
		Out<Integer> out = Out.of(1).through((numbers) -> {
			pipelines.incrementAndGet();
			return numbers;
		});
		assertThat(pipelines).hasValue(0);
		verify(out, 1);
		verify(out, 1);
		assertThat(pipelines).hasValue(2);
	}

	@Test
	void throughThatCannotBeMadeFails() {
		StepVerifier.create(Out.of(1).through((numbers) -> {
			throw new IllegalStateException("assembly");
		}).elements()).verifyErrorMessage("assembly");
		StepVerifier.create(Out.of(1).through((numbers) -> null).elements()).verifyError(NullPointerException.class);
	}

	@Test
	void endPassesThroughAllOperatorsTogether() {
		verify(Out.of(1, 2, 3, 4)
			.andThen(Out.close(STATUS))
			.map((number) -> number + 1)
			.filter((number) -> number % 2 == 0)
			.through((numbers) -> numbers.map((number) -> "n" + number))
			.interleave(Out.eof()), "n2", "n4", STATUS);
	}

	@Test
	void overflowIsReportedAtOnceThroughAllOperators() {
		AtomicReference<Channel<Integer>> channel = new AtomicReference<>();
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(1, 100, Overflow.CLOSE, null));
		Out.<Integer>unicast(channel::set)
			.map((number) -> number)
			.filter((number) -> true)
			.interleave(Out.never())
			.andThen(Out.eof())
			.through((numbers) -> numbers)
			.elements()
			.subscribe(slow);
		for (int i = 0; i < 10; i++) {
			channel.get().push(i);
		}
		assertThat(channel.get().isOpen()).isFalse();
		assertThat(slow.error()).isInstanceOf(SlowConsumerException.class);
		slow.assertRulesKept();
	}

	@Test
	void descriptionsAreNotChangedByOperators() {
		Out<Integer> out = Out.of(1);
		List<Out<?>> derived = new ArrayList<>();
		derived.add(out.andThen(Out.eof()));
		derived.add(out.map((number) -> number + 1));
		derived.add(out.interleave(Out.of(5)));
		verify(out, 1);
		assertThat(derived).doesNotContain(out);
	}

	@Test
	void functionsAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).andThen(null))
			.withMessage("'next' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).map(null))
			.withMessage("'mapper' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).filter(null))
			.withMessage("'predicate' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).through(null))
			.withMessage("'pipeline' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.of(1).interleave(Out.of(2), null))
			.withMessage("'others' must not contain null");
	}

	private static Out<Integer> failing(String message) {
		return Out.from(Flux.just(1, 2).concatWith(Flux.error(new IllegalStateException(message))));
	}

	private static StrictSubscriber subscribe(Out<?> out) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		out.elements().subscribe(subscriber);
		return subscriber;
	}

	private static void verify(Out<?> out, Object... expected) {
		StepVerifier.create(out.elements()).expectNext(expected).verifyComplete();
	}

}
