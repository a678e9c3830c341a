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

import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishers that break the rules of Reactive Streams, under the operators of
 * {@link Out}. What reaches the connection without an operator is its own business.
 */
@Timeout(60)
class BrokenPublisherTests {

	private static final IllegalStateException BROKEN = new IllegalStateException("broken");

	static Stream<UnaryOperator<Out<Object>>> operators() {
		return Stream.concat(singleOperators(),
				Stream.of((out) -> out.andThen(Out.never()), (out) -> Out.of().andThen(out),
						(out) -> Out.from(Mono.empty().subscribeOn(Schedulers.parallel())).andThen(out)));
	}

	/** Those that expect one subscription only. */
	static Stream<UnaryOperator<Out<Object>>> singleOperators() {
		return Stream.of((out) -> out.map((message) -> message), (out) -> out.filter((message) -> true),
				(out) -> out.through((messages) -> messages), (out) -> out.interleave(Out.never()),
				(out) -> Out.never().interleave(out));
	}

	@ParameterizedTest
	@MethodSource("operators")
	void subscribeThatThrowsFailsTheOut(UnaryOperator<Out<Object>> operator) throws Exception {
		StrictSubscriber subscriber = run(operator, (target) -> {
			throw BROKEN;
		});
		subscriber.awaitEnd();
		assertThat(subscriber.error()).isSameAs(BROKEN);
		subscriber.assertRulesKept();
	}

	@ParameterizedTest
	@MethodSource("operators")
	void signalsAfterAFailureAreNotPassedOn(UnaryOperator<Out<Object>> operator) throws Exception {
		StrictSubscriber subscriber = run(operator, (target) -> {
			target.onSubscribe(Operators.emptySubscription());
			target.onNext("a");
			target.onError(BROKEN);
			target.onNext("late");
			target.onError(BROKEN);
			target.onComplete();
		});
		subscriber.awaitEnd();
		assertThat(subscriber.received()).containsExactly("a");
		assertThat(subscriber.error()).isSameAs(BROKEN);
		subscriber.assertRulesKept();
	}

	@ParameterizedTest
	@MethodSource("singleOperators")
	void secondSubscriptionIsCancelled(UnaryOperator<Out<Object>> operator) throws Exception {
		CountDownLatch cancelled = new CountDownLatch(1);
		run(operator, (target) -> {
			target.onSubscribe(Operators.emptySubscription());
			target.onSubscribe(new Subscription() {
				@Override
				public void request(long n) {
				}

				@Override
				public void cancel() {
					cancelled.countDown();
				}
			});
			target.onError(BROKEN);
		}).awaitEnd();
		assertThat(cancelled.getCount()).isZero();
	}

	@Test
	void failedOutStaysUsableForTheNextConnection() {
		Out<Object> out = Out.from((Publisher<Object>) (target) -> {
			throw BROKEN;
		}).map((message) -> message);
		for (int i = 0; i < 3; i++) {
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			out.elements().subscribe(subscriber);
			assertThat(subscriber.error()).isSameAs(BROKEN);
		}
	}

	private static StrictSubscriber run(UnaryOperator<Out<Object>> operator, Publisher<Object> broken) {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		operator.apply(Out.from(broken)).elements().subscribe(subscriber);
		return subscriber;
	}

}
