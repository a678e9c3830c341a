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
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Out#interleave}.
 */
@Timeout(60)
class InterleaveTests {

	private static final CloseStatus GOODBYE = new CloseStatus(1000, "goodbye");

	private static final CloseStatus FIRST = new CloseStatus(4001, "first");

	private static final CloseStatus SECOND = new CloseStatus(4002, "second");

	private final TestPublisher<Object> left = TestPublisher.create();

	private final TestPublisher<Object> right = TestPublisher.create();

	private final Out<Object> both = Out.from(this.left.flux()).interleave(Out.from(this.right.flux()));

	@Test
	void messagesComeAsTheyCome() {
		StrictSubscriber subscriber = subscribe(this.both);
		this.left.next("a");
		this.right.next("b");
		this.left.next("c");
		assertThat(subscriber.received()).containsExactly("a", "b", "c");
		subscriber.assertRulesKept();
	}

	@Test
	void allRunFromTheStart() {
		subscribe(this.both);
		this.left.assertWasSubscribed();
		this.right.assertWasSubscribed();
	}

	@Test
	void oneThatEndsDoesNotEndTheOthers() {
		StrictSubscriber subscriber = subscribe(this.both);
		this.left.complete();
		this.right.next("b");
		assertThat(subscriber.received()).containsExactly("b");
		assertThat(subscriber.isTerminated()).isFalse();
		this.right.complete();
		assertThat(subscriber.received()).containsExactly("b");
		assertThat(subscriber.isCompleted()).isTrue();
	}

	@Test
	void oneThatAsksForACloseWaitsForTheOthersAndIsCancelled() {
		StrictSubscriber subscriber = subscribe(this.both);
		this.left.next(CloseStatus.NORMAL);
		this.left.assertCancelled();
		this.right.next("b");
		assertThat(subscriber.received()).containsExactly("b");
		this.right.next(CloseStatus.NORMAL);
		assertThat(subscriber.received()).containsExactly("b", CloseStatus.NORMAL);
		assertThat(subscriber.isCompleted()).isTrue();
		subscriber.assertRulesKept();
	}

	@ParameterizedTest
	@MethodSource
	void connectionIsEndedOnceAllHaveAskedForIt(List<Out<?>> outs, List<Object> expected) {
		@SuppressWarnings("unchecked")
		Out<Object>[] others = outs.subList(1, outs.size()).toArray(Out[]::new);
		@SuppressWarnings("unchecked")
		Out<Object> first = (Out<Object>) outs.get(0);
		StrictSubscriber subscriber = subscribe(first.interleave(others));
		assertThat(subscriber.received()).isEqualTo(expected);
		assertThat(subscriber.isCompleted()).isTrue();
		subscriber.assertRulesKept();
	}

	static Stream<Arguments> connectionIsEndedOnceAllHaveAskedForIt() {
		CloseStatus normal = CloseStatus.NORMAL;
		return Stream.of(Arguments.of(List.of(Out.eof()), List.of(normal)),
				Arguments.of(List.of(Out.of(1)), List.of(1)),
				Arguments.of(List.of(Out.eof(), Out.eof(), Out.eof()), List.of(normal)),
				Arguments.of(List.of(Out.eof(), Out.of()), List.of()),
				Arguments.of(List.of(Out.of(), Out.eof()), List.of()),
				Arguments.of(List.of(Out.of(1), Out.of(2)), List.of(1, 2)),
				Arguments.of(List.of(Out.eof(), Out.close(FIRST)), List.of(FIRST)),
				Arguments.of(List.of(Out.close(FIRST), Out.eof()), List.of(FIRST)),
				Arguments.of(List.of(Out.close(FIRST), Out.close(SECOND)), List.of(FIRST)),
				Arguments.of(List.of(Out.close(GOODBYE), Out.close(FIRST)), List.of(FIRST)),
				Arguments.of(List.of(Out.close(GOODBYE), Out.eof()), List.of(GOODBYE)),
				Arguments.of(List.of(Out.close(FIRST), Out.of(1)), List.of(1)),
				Arguments.of(List.of(Out.of(1).andThen(Out.eof()), Out.of(2).andThen(Out.eof())),
						List.of(1, 2, normal)),
				Arguments.of(List.of(Out.eof().interleave(Out.eof()), Out.eof()), List.of(normal)),
				Arguments.of(List.of(Out.eof().interleave(Out.of()), Out.eof()), List.of()));
	}

	@Test
	void silentOneKeepsTheConnectionOpen() {
		StrictSubscriber subscriber = subscribe(Out.eof().interleave(Out.never()));
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.isTerminated()).isFalse();
	}

	@Test
	void failureFailsTheWholeAndCancelsTheOthers() {
		StrictSubscriber subscriber = subscribe(this.both);
		IllegalStateException failure = new IllegalStateException("left");
		this.right.next("b");
		this.left.error(failure);
		assertThat(subscriber.received()).containsExactly("b");
		assertThat(subscriber.error()).isSameAs(failure);
		this.right.assertCancelled();
		subscriber.assertRulesKept();
	}

	@Test
	void failureAfterAnotherAskedForACloseStillFailsTheWhole() {
		StrictSubscriber subscriber = subscribe(this.both);
		this.left.next(CloseStatus.NORMAL);
		this.right.error(new IllegalStateException("right"));
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.error()).hasMessage("right");
	}

	@Test
	void failureWaitsForTheMessagesBeforeIt() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		Out<Object> failing = Out.from(Flux.just(1, 2).concatWith(Flux.error(new IllegalStateException("source"))));
		failing.interleave(Out.never()).elements().subscribe(subscriber);
		assertThat(subscriber.isTerminated()).isFalse();
		subscriber.request(1);
		assertThat(subscriber.received()).containsExactly(1);
		assertThat(subscriber.isTerminated()).isFalse();
		subscriber.request(2);
		assertThat(subscriber.received()).containsExactly(1, 2);
		assertThat(subscriber.error()).hasMessage("source");
		subscriber.assertRulesKept();
	}

	@Test
	void slowPeerIsReportedWithoutWaitingForIt() {
		AtomicReference<Channel<Object>> channel = new AtomicReference<>();
		StrictSubscriber subscriber = StrictSubscriber.waiting(new SendBuffer(2, 100, Overflow.CLOSE, null));
		Out.unicast(channel::set).interleave(Out.never()).elements().subscribe(subscriber);
		for (int i = 0; i < 5; i++) {
			channel.get().push(i);
		}
		assertThat(subscriber.received()).isEmpty();
		assertThat(subscriber.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void cancelReachesAll() {
		StrictSubscriber subscriber = subscribe(this.both);
		subscriber.cancel();
		this.left.assertCancelled();
		this.right.assertCancelled();
	}

	@Test
	void demandOfTheConnectionIsKept() {
		StrictSubscriber subscriber = StrictSubscriber.waiting();
		AtomicInteger asked = new AtomicInteger();
		Out<Integer> source = Out.from(Flux.range(0, 100).doOnNext((number) -> asked.incrementAndGet()));
		source.interleave(source, source).elements().subscribe(subscriber);
		subscriber.request(6);
		assertThat(subscriber.count()).isEqualTo(6);
		assertThat(asked.get()).isLessThanOrEqualTo(6 + 3);
		subscriber.assertRulesKept();
	}

	@Test
	void eachConnectionCountsItsOwnEnds() {
		Out<Object> out = Out.of().andThen(Out.eof()).interleave(Out.eof());
		for (int i = 0; i < 3; i++) {
			assertThat(subscribe(out).received()).containsExactly(CloseStatus.NORMAL);
		}
	}

	@Test
	void otherThreadsNeitherLoseMessagesNorTheEnd() throws Exception {
		for (int round = 0; round < 200; round++) {
			List<Out<Integer>> outs = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				outs.add(Out.from(Flux.range(i * 1000, 100).subscribeOn(Schedulers.parallel()))
					.andThen((i == 2) ? Out.close(FIRST) : Out.eof()));
			}
			StrictSubscriber subscriber = subscribe(outs.get(0).interleave(outs.get(1), outs.get(2), outs.get(3)));
			subscriber.awaitEnd();
			assertThat(subscriber.received()).hasSize(401).doesNotHaveDuplicates().last().isEqualTo(FIRST);
			assertThat(subscriber.isCompleted()).isTrue();
			subscriber.assertRulesKept();
		}
	}

	@Test
	void failuresOfSeveralThreadsFailOnce() throws Exception {
		for (int round = 0; round < 200; round++) {
			AtomicBoolean ran = new AtomicBoolean();
			Out<Object> failing = Out.from(Mono.error(() -> new IllegalStateException("source"))
				.doOnSubscribe((subscription) -> ran.set(true))
				.subscribeOn(Schedulers.parallel()));
			StrictSubscriber subscriber = subscribe(failing.interleave(failing, Out.never()));
			subscriber.awaitEnd();
			assertThat(subscriber.error()).hasMessage("source");
			assertThat(ran).isTrue();
			subscriber.assertRulesKept();
		}
	}

	private static StrictSubscriber subscribe(Out<?> out) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		out.elements().subscribe(subscriber);
		return subscriber;
	}

}
