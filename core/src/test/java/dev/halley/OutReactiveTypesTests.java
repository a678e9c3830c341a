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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subjects.PublishSubject;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.FlowAdapters;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Out} over the reactive types of other libraries.
 */
@Timeout(60)
class OutReactiveTypesTests {

	@Test
	void rxJavaTypesSendTheirValues() {
		verify(Out.from((Object) Flowable.just(1, 2)), 1, 2);
		verify(Out.from(Flowable.just(1, 2)), 1, 2);
		verify(Out.from(Observable.just(1, 2)), 1, 2);
		verify(Out.from(Single.just(1)), 1);
		verify(Out.from(Maybe.just(1)), 1);
		verify(Out.from(Maybe.empty()));
		verify(Out.from(Completable.complete()));
	}

	@Test
	void rxJavaFailureFailsTheOut() {
		StepVerifier.create(Out.from(Single.error(new IllegalStateException("single"))).elements())
			.verifyErrorMessage("single");
	}

	@Test
	void rxJavaSourceIsDisposedWithTheConnection() {
		PublishSubject<Integer> subject = PublishSubject.create();
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Out.from((Object) subject).elements().subscribe(subscriber);
		subject.onNext(1);
		subscriber.cancel();
		assertThat(subject.hasObservers()).isFalse();
		assertThat(subscriber.received()).containsExactly(1);
	}

	@Test
	void mutinyTypesSendTheirValues() {
		verify(Out.from(Multi.createFrom().items(1, 2)), 1, 2);
		verify(Out.from((Object) Multi.createFrom().items(1, 2)), 1, 2);
		verify(Out.from(Uni.createFrom().item(1)), 1);
		verify(Out.from(Uni.createFrom().nullItem()));
	}

	@Test
	void reactorTypesSendTheirValues() {
		verify(Out.from(Flux.just(1, 2)), 1, 2);
		verify(Out.from(Mono.just(1)), 1);
		verify(Out.from((Object) Mono.empty()));
	}

	@Test
	void flowPublisherSendsItsValues() {
		Flow.Publisher<Integer> publisher = FlowAdapters.toFlowPublisher(Flux.just(1, 2));
		verify(Out.from(publisher), 1, 2);
		verify(Out.from((Object) publisher), 1, 2);
	}

	@Test
	void flowPublisherIsCancelledWithTheConnection() {
		try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			Out.from(publisher).elements().subscribe(subscriber);
			publisher.submit(1);
			Awaitility.await().until(() -> subscriber.count() == 1);
			subscriber.cancel();
			Awaitility.await().until(() -> !publisher.hasSubscribers());
			subscriber.assertRulesKept();
		}
	}

	@Test
	void completionStageSendsItsValueToEachConnection() {
		Out<Integer> out = Out.from(CompletableFuture.completedFuture(1));
		verify(out, 1);
		verify(out, 1);
		verify(Out.from(CompletableFuture.completedFuture(null)));
		verify(Out.from(CompletableFuture.completedStage(1)), 1);
	}

	@Test
	void completionStageIsNotCancelledForTheOtherConnections() {
		CompletableFuture<String> future = new CompletableFuture<>();
		Out<String> out = Out.from((CompletionStage<String>) future);
		StrictSubscriber leaving = StrictSubscriber.unbounded();
		StrictSubscriber staying = StrictSubscriber.unbounded();
		out.elements().subscribe(leaving);
		out.elements().subscribe(staying);
		leaving.cancel();
		assertThat(future).isNotCancelled();
		future.complete("a");
		assertThat(leaving.received()).isEmpty();
		assertThat(staying.received()).containsExactly("a");
		assertThat(staying.isCompleted()).isTrue();
	}

	@Test
	void failedCompletionStageFailsTheOutWithItsCause() {
		IllegalStateException failure = new IllegalStateException("stage");
		CompletionStage<Object> stage = CompletableFuture.failedFuture(failure).thenApply((value) -> value);
		StepVerifier.create(Out.from(stage).elements()).verifyErrorSatisfies((ex) -> assertThat(ex).isSameAs(failure));
	}

	@Test
	void unknownTypeIsRefusedWithItsName() {
		assertThatIllegalArgumentException().isThrownBy(() -> Out.from("text"))
			.withMessage("source: java.lang.String (expected: a Publisher, CompletionStage or another type that "
					+ "ReactiveAdapterRegistry knows)");
	}

	@Test
	void throughTakesOtherLibrariesAndForwardsTheEnd() {
		Out<Integer> out = Out.of(1, 2, 3).andThen(Out.eof());
		verify(out.through((numbers) -> Flowable.fromPublisher(numbers).map((number) -> number * 10)), 10, 20, 30,
				CloseStatus.NORMAL);
		verify(out.through((numbers) -> FlowAdapters.toPublisher(
				Multi.createFrom().publisher(FlowAdapters.toFlowPublisher(numbers)).map((number) -> number * 10))), 10,
				20, 30, CloseStatus.NORMAL);
	}

	@Test
	void throughCancelsWhatRunsInOtherLibraries() {
		AtomicBoolean cancelled = new AtomicBoolean();
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Out.from(Flux.never().doOnCancel(() -> cancelled.set(true)))
			.through((messages) -> Flowable.fromPublisher(messages)
				.toObservable()
				.toFlowable(BackpressureStrategy.BUFFER))
			.elements()
			.subscribe(subscriber);
		subscriber.cancel();
		assertThat(cancelled).isTrue();
	}

	private static void verify(Out<?> out, Object... expected) {
		StepVerifier.create(out.elements()).expectNext(expected).verifyComplete();
	}

}
