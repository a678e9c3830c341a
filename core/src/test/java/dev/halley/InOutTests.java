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
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link InOut}, above all for {@link InOut#flow}.
 */
@Timeout(60)
class InOutTests {

	private final StrictSubscriber out = StrictSubscriber.unbounded();

	@Test
	void pairRunsItsInAndItsOut() throws Exception {
		List<String> seen = new ArrayList<>();
		RunningPair<String> pair = InOut.of(In.<String>forEach(seen::add), Out.of(1, 2)).run();
		pair.out().subscribe(this.out);
		pair.in().receive("a");
		assertThat(this.out.received()).containsExactly(1, 2);
		assertThat(seen).containsExactly("a");
	}

	@Test
	void eachRunHasAReceiverOfItsOwn() {
		InOut<Integer, Object> pair = InOut.of(In.fold(0, Integer::sum, (sum) -> {
		}), Out.never());
		assertThat(pair.run().in()).isNotSameAs(pair.run().in());
	}

	@Test
	void partsAreRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> InOut.of(null, Out.never()))
			.withMessage("'in' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> InOut.of(In.ignore(), null))
			.withMessage("'out' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> InOut.flow(null))
			.withMessage("'pipeline' must not be null");
	}

	@Test
	void flowMakesAnswersFromMessages() throws Exception {
		Receiver<String> in = flow((messages) -> messages.map((message) -> message + "!"));
		assertThat(in.receive("a")).isNull();
		assertThat(in.receive("b")).isNull();
		assertThat(this.out.received()).containsExactly("a!", "b!");
		assertThat(this.out.isTerminated()).isFalse();
		assertThat(in.isPipeline()).isTrue();
		assertThat(in.isIgnoring()).isFalse();
	}

	@Test
	void flowThatCompletesAsksForACloseLast() throws Exception {
		Receiver<String> in = flow((messages) -> messages.take(1));
		in.receive("a");
		assertThat(this.out.received()).containsExactly("a", CloseStatus.NORMAL);
		assertThat(this.out.isCompleted()).isTrue();
		assertThat(in.receive("late")).isNull();
	}

	@Test
	void flowThatIsEmptyAsksForAClose() {
		flow((messages) -> Mono.empty());
		assertThat(this.out.received()).containsExactly(CloseStatus.NORMAL);
	}

	@Test
	void flowThatFailsFailsAfterItsAnswers() throws Exception {
		IllegalStateException failure = new IllegalStateException("pipeline");
		Receiver<String> in = flow((messages) -> messages.concatWith(Mono.error(failure)));
		in.receive("a");
		in.done(CloseStatus.NORMAL);
		assertThat(this.out.received()).containsExactly("a");
		assertThat(this.out.error()).isSameAs(failure);
	}

	@Test
	void flowThatCannotBeMadeFails() {
		IllegalStateException failure = new IllegalStateException("assembly");
		flow((messages) -> {
			throw failure;
		});
		assertThat(this.out.error()).isSameAs(failure);
	}

	@Test
	void flowMayCloseWithAStatusOfItsOwn() throws Exception {
		CloseStatus status = new CloseStatus(4001, "enough");
		Receiver<Object> in = flow((messages) -> messages.map((message) -> status));
		in.receive("a");
		assertThat(this.out.received()).containsExactly(status);
		assertThat(this.out.isCompleted()).isTrue();
	}

	@Test
	void flowReadsOnlyWhatItsOutIsAskedFor() throws Exception {
		StrictSubscriber slow = StrictSubscriber.waiting();
		RunningPair<String> pair = InOut.<String, String>flow((messages) -> messages).run();
		pair.out().subscribe(slow);
		AtomicBoolean released = new AtomicBoolean();
		Flux.from(pair.in().receive("a")).subscribe(null, null, () -> released.set(true));
		assertThat(slow.received()).isEmpty();
		slow.request(1);
		assertThat(slow.received()).containsExactly("a");
		assertThat(released).isFalse();
		slow.request(1);
		assertThat(released).isTrue();
		slow.assertRulesKept();
	}

	@Test
	void flowIsCancelledWithTheConnection() throws Exception {
		AtomicBoolean cancelled = new AtomicBoolean();
		Sinks.Empty<String> never = Sinks.empty();
		Receiver<String> in = flow(
				(messages) -> messages.concatMap((message) -> never.asMono()).doOnCancel(() -> cancelled.set(true)));
		in.receive("a");
		this.out.cancel();
		in.done(CloseStatus.NO_CLOSE_FRAME);
		assertThat(cancelled).isTrue();
		assertThat(in.receive("b")).isNull();
		assertThat(this.out.isTerminated()).isFalse();
	}

	@Test
	void flowRunsOncePerConnectionAndNotBefore() {
		AtomicInteger runs = new AtomicInteger();
		InOut<String, String> pair = InOut.flow((messages) -> {
			runs.incrementAndGet();
			return messages;
		});
		RunningPair<String> run = pair.run();
		assertThat(runs).hasValue(0);
		run.out().subscribe(this.out);
		assertThat(runs).hasValue(1);
		pair.run().out().subscribe(StrictSubscriber.unbounded());
		assertThat(runs).hasValue(2);
	}

	@Test
	void flowKeepsWhatComesBeforeThePipelineSubscribes() throws Exception {
		Sinks.Empty<Void> ready = Sinks.empty();
		Receiver<String> in = flow((messages) -> ready.asMono().thenMany(messages));
		assertThat(in.receive("a")).isNotNull();
		ready.tryEmitEmpty();
		assertThat(this.out.received()).containsExactly("a");
	}

	private <I> Receiver<I> flow(Function<Flux<I>, ? extends Publisher<?>> pipeline) {
		RunningPair<I> pair = InOut.<I, Object>flow(pipeline).run();
		pair.out().subscribe(this.out);
		pair.in().start(() -> {
		}, (ex) -> {
		});
		return pair.in();
	}

}
