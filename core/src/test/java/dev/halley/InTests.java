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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link In} and the receivers that it makes.
 */
@Timeout(60)
class InTests extends ReceiverTestCase {

	private final List<Object> seen = new ArrayList<>();

	private final List<CloseStatus> ends = new ArrayList<>();

	@Test
	void forEachCallsWithEachMessageAndWantsTheNext() throws Exception {
		Receiver<String> receiver = start(In.forEach(this.seen::add));
		assertThat(receiver.receive("a")).isNull();
		assertThat(receiver.receive("b")).isNull();
		assertThat(this.seen).containsExactly("a", "b");
		assertThat(receiver.isIgnoring()).isFalse();
		assertThat(receiver.isPipeline()).isFalse();
	}

	@Test
	void forEachPassesOnWhatTheHandlerThrows() {
		IllegalStateException failure = new IllegalStateException("handler");
		Receiver<String> receiver = start(In.forEach((message) -> {
			throw failure;
		}));
		assertThatIllegalStateException().isThrownBy(() -> receiver.receive("a")).isSameAs(failure);
	}

	@Test
	void ignoreTellsThatMessagesNeedNotBeDecoded() throws Exception {
		Receiver<String> receiver = start(In.ignore());
		assertThat(receiver.isIgnoring()).isTrue();
		assertThat(receiver.receive("a")).isNull();
		assertThat(start(In.<String>ignore().whenDone(this.ends::add)).isIgnoring()).isTrue();
	}

	@Test
	void foldHandsItsValueOverAtTheEnd() throws Exception {
		List<Integer> results = new ArrayList<>();
		Receiver<Integer> receiver = start(In.fold(0, Integer::sum, results::add));
		receiver.receive(1);
		receiver.receive(2);
		receiver.receive(3);
		assertThat(results).isEmpty();
		end(receiver);
		assertThat(results).containsExactly(6);
		assertThat(this.then).hasValue(1);
	}

	@Test
	void foldOfNothingIsItsSeed() {
		List<String> results = new ArrayList<>();
		end(start(In.<Object, String>fold("seed", (value, message) -> value + message, results::add)));
		assertThat(results).containsExactly("seed");
	}

	@Test
	void foldKeepsItsValueWhenTheFolderThrows() throws Exception {
		List<Integer> results = new ArrayList<>();
		Receiver<Integer> receiver = start(In.fold(100, (value, message) -> value / message, results::add));
		receiver.receive(10);
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> receiver.receive(0));
		receiver.receive(2);
		end(receiver);
		assertThat(results).containsExactly(5);
	}

	@Test
	void connectionsDoNotShareTheirFold() throws Exception {
		List<Integer> results = new ArrayList<>();
		In<Integer> in = In.fold(0, Integer::sum, results::add);
		Receiver<Integer> first = start(in);
		Receiver<Integer> second = start(in);
		first.receive(1);
		second.receive(10);
		end(first);
		end(second);
		assertThat(results).containsExactly(1, 10);
	}

	@Test
	void forEachAsyncWaitsForAPublisher() throws Exception {
		Sinks.One<String> sink = Sinks.one();
		AtomicInteger done = watch(async((message) -> sink.asMono()));
		assertThat(done).hasValue(0);
		sink.tryEmitValue("ignored");
		assertThat(done).hasValue(1);
	}

	@Test
	void forEachAsyncWaitsForACompletionStage() throws Exception {
		CompletableFuture<String> future = new CompletableFuture<>();
		AtomicInteger done = watch(async((message) -> future));
		assertThat(done).hasValue(0);
		future.complete("ignored");
		assertThat(done).hasValue(1);
	}

	@Test
	void forEachAsyncReportsTheCauseOfAFailedStage() throws Exception {
		IllegalStateException failure = new IllegalStateException("later");
		CompletableFuture<Object> stage = CompletableFuture.failedFuture(failure).thenApply((value) -> value);
		StepVerifier.create(Flux.from(required(async((message) -> stage))))
			.verifyErrorSatisfies((ex) -> assertThat(ex).isSameAs(failure));
	}

	@Test
	void forEachAsyncKnowsAllReactiveTypes() throws Exception {
		for (Object result : List.of(Completable.complete(), Flowable.just(1), Uni.createFrom().voidItem(),
				Multi.createFrom().items(1, 2), FlowAdapters.toFlowPublisher(Flux.just(1)), Mono.empty())) {
			StepVerifier.create(Flux.from(required(async((message) -> result))).then()).verifyComplete();
		}
	}

	@Test
	void forEachAsyncRefusesNull() {
		assertThatIllegalStateException().isThrownBy(() -> async((message) -> null))
			.withMessageContaining("returned null (expected: a Publisher, a CompletionStage");
	}

	@Test
	void forEachAsyncRefusesWhatIsNotReactive() {
		assertThatIllegalArgumentException().isThrownBy(() -> async((message) -> "text"))
			.withMessageContaining("source: java.lang.String (expected: a Publisher, CompletionStage");
	}

	@Test
	void whenDoneGetsTheStatus() {
		Receiver<String> receiver = start(In.<String>forEach(this.seen::add).whenDone(this.ends::add));
		receiver.done(CloseStatus.NO_CLOSE_FRAME, this.then::incrementAndGet);
		assertThat(this.ends).containsExactly(CloseStatus.NO_CLOSE_FRAME);
		assertThat(this.then).hasValue(1);
	}

	@Test
	void whenDoneRunsAfterWhatWasAddedBefore() {
		In<Object> in = In.<Object, Integer>fold(0, (count, message) -> count + 1, (count) -> this.seen.add("fold"))
			.whenDone(() -> this.seen.add("first"))
			.whenDone((status) -> this.seen.add("second"));
		end(start(in));
		assertThat(this.seen).containsExactly("fold", "first", "second");
	}

	@Test
	void whenDoneRunsThoughWhatCameBeforeThrew() {
		Receiver<Object> receiver = start(In.<Object, Integer>fold(0, (count, message) -> count + 1, throwing("fold"))
			.whenDone(throwing("first"))
			.whenDone(this.ends::add));
		assertThatIllegalStateException()
			.isThrownBy(() -> receiver.done(CloseStatus.NORMAL, this.then::incrementAndGet));
		assertThat(this.ends).containsExactly(CloseStatus.NORMAL);
		assertThat(this.then).hasValue(1);
	}

	private static <T> Consumer<T> throwing(String message) {
		return (value) -> {
			throw new IllegalStateException(message);
		};
	}

	@Test
	void whenDoneLeavesTheReceivingAsItIs() throws Exception {
		Receiver<String> receiver = start(In.<String>forEach(this.seen::add).whenDone(this.ends::add));
		assertThat(receiver.receive("a")).isNull();
		assertThat(this.seen).containsExactly("a");
		assertThat(receiver.isPipeline()).isFalse();
		assertThat(start(In.<String>through((messages) -> messages).whenDone(this.ends::add)).isPipeline()).isTrue();
	}

	@Test
	void descriptionIsNotChangedByWhatIsAdded() {
		In<String> in = In.forEach(this.seen::add);
		in.whenDone(this.ends::add);
		end(start(in));
		assertThat(this.ends).isEmpty();
	}

	@Test
	void functionsAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> In.forEach(null));
		assertThatIllegalArgumentException().isThrownBy(() -> In.forEachAsync(null));
		assertThatIllegalArgumentException().isThrownBy(() -> In.through(null));
		assertThatIllegalArgumentException().isThrownBy(() -> In.throughReactive(null));
		assertThatIllegalArgumentException().isThrownBy(() -> In.fold(0, null, this.seen::add));
		assertThatIllegalArgumentException().isThrownBy(() -> In.fold(0, (value, message) -> value, null));
		assertThatIllegalArgumentException().isThrownBy(() -> In.ignore().whenDone((Runnable) null));
		assertThatIllegalArgumentException().isThrownBy(() -> In.ignore().whenDone((Consumer<CloseStatus>) null));
	}

	private @Nullable Publisher<?> async(Function<Object, @Nullable Object> handler) throws Exception {
		return start(In.forEachAsync(handler)).receive("message");
	}

}
