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

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PipelineInput}.
 */
class PipelineInputTests {

	private final PipelineInput<Object> input = new PipelineInput<>();

	private final StrictSubscriber subscriber = StrictSubscriber.waiting();

	@Test
	void messageGoesOnAtOnceIfItWasAskedFor() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(2);
		assertThat(this.input.feed("a")).isNull();
		assertThat(this.subscriber.received()).containsExactly("a");
		this.subscriber.assertRulesKept();
	}

	@Test
	void feederWaitsWhenNoMoreIsAskedFor() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(1);
		AtomicBoolean released = watch(this.input.feed("a"));
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(released).isFalse();
		this.subscriber.request(1);
		assertThat(released).isTrue();
	}

	@Test
	void oneMessageIsHeldUntilItIsAskedFor() {
		this.input.subscribe(this.subscriber);
		AtomicBoolean released = watch(this.input.feed("a"));
		assertThat(this.subscriber.received()).isEmpty();
		this.subscriber.request(1);
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(released).isFalse();
		this.subscriber.request(1);
		assertThat(released).isTrue();
		this.subscriber.assertRulesKept();
	}

	@Test
	void demandForTwoDeliversWhatIsHeldAndReleasesTheFeeder() {
		this.input.subscribe(this.subscriber);
		AtomicBoolean released = watch(this.input.feed("a"));
		this.subscriber.request(2);
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(released).isTrue();
	}

	@Test
	void messageWaitsForThePipelineToSubscribe() {
		AtomicBoolean released = watch(this.input.feed("a"));
		this.input.subscribe(this.subscriber);
		assertThat(released).isFalse();
		this.subscriber.request(2);
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(released).isTrue();
	}

	@Test
	void demandWithinOnNextReleasesTheFeederWithoutRecursion() {
		this.input.subscribe(this.subscriber);
		this.subscriber.onNext = (message) -> this.subscriber.request(1);
		this.subscriber.request(1);
		for (int i = 0; i < 50_000; i++) {
			assertThat(this.input.feed(i)).isNull();
		}
		assertThat(this.subscriber.count()).isEqualTo(50_000);
		this.subscriber.assertRulesKept();
	}

	@Test
	void unboundedDemandNeverRunsOut() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(Long.MAX_VALUE);
		for (int i = 0; i < 1000; i++) {
			assertThat(this.input.feed(i)).isNull();
		}
		assertThat(this.subscriber.count()).isEqualTo(1000);
	}

	@Test
	void demandOfNothingIsIgnored() {
		this.input.subscribe(this.subscriber);
		this.input.request(0);
		this.input.request(-3);
		assertThat(this.input.feed("a")).isNotNull();
		assertThat(this.subscriber.received()).isEmpty();
	}

	@Test
	void endComesWithoutDemand() {
		this.input.subscribe(this.subscriber);
		this.input.complete();
		assertThat(this.subscriber.isCompleted()).isTrue();
		this.subscriber.assertRulesKept();
	}

	@Test
	void endComesAfterTheMessageThatIsHeld() {
		this.input.subscribe(this.subscriber);
		this.input.feed("a");
		this.input.complete();
		assertThat(this.subscriber.isTerminated()).isFalse();
		this.subscriber.request(1);
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(this.subscriber.isCompleted()).isTrue();
		this.subscriber.assertRulesKept();
	}

	@Test
	void endWithinOnNextComesAfterwards() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(1);
		this.subscriber.onNext = (message) -> this.input.complete();
		this.input.feed("a");
		assertThat(this.subscriber.isCompleted()).isTrue();
		this.subscriber.assertRulesKept();
	}

	@Test
	void endBeforeThePipelineSubscribesIsNotLost() {
		this.input.feed("a");
		this.input.complete();
		this.input.subscribe(this.subscriber);
		this.subscriber.request(1);
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(this.subscriber.isCompleted()).isTrue();
	}

	@Test
	void endWithinOnSubscribeComesAfterwards() {
		StrictSubscriber subscriber = new StrictSubscriber(0, null) {
			@Override
			public void onSubscribe(Subscription subscription) {
				PipelineInputTests.this.input.complete();
				super.onSubscribe(subscription);
			}
		};
		this.input.subscribe(subscriber);
		assertThat(subscriber.isCompleted()).isTrue();
		subscriber.assertRulesKept();
	}

	@Test
	void endReleasesTheFeeder() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(1);
		AtomicBoolean released = watch(this.input.feed("a"));
		this.input.complete();
		assertThat(released).isTrue();
	}

	@Test
	void secondEndDoesNothing() {
		this.input.subscribe(this.subscriber);
		this.input.complete();
		this.input.complete();
		assertThat(this.input.feed("late")).isNull();
		assertThat(this.subscriber.received()).isEmpty();
		this.subscriber.assertRulesKept();
	}

	@Test
	void cancelDropsWhatIsHeldAndReleasesTheFeeder() {
		this.input.subscribe(this.subscriber);
		AtomicBoolean released = watch(this.input.feed("a"));
		this.subscriber.cancel();
		assertThat(released).isTrue();
		this.subscriber.request(5);
		assertThat(this.input.feed("b")).isNull();
		this.input.complete();
		assertThat(this.subscriber.received()).isEmpty();
		assertThat(this.subscriber.isTerminated()).isFalse();
	}

	@Test
	void cancelWithinOnNextStopsAtOnce() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(5);
		this.subscriber.onNext = (message) -> this.subscriber.cancel();
		assertThat(this.input.feed("a")).isNull();
		assertThat(this.input.feed("b")).isNull();
		assertThat(this.subscriber.received()).containsExactly("a");
	}

	@Test
	void pipelineThatThrowsGetsNoMoreAndBlocksNobody() {
		this.input.subscribe(this.subscriber);
		this.subscriber.request(5);
		this.subscriber.onNext = (message) -> {
			throw new IllegalStateException("pipeline");
		};
		assertThatIllegalStateException().isThrownBy(() -> this.input.feed("a")).withMessage("pipeline");
		assertThat(this.input.feed("b")).isNull();
		assertThat(this.subscriber.received()).containsExactly("a");
	}

	@Test
	void secondSubscriberIsRefused() {
		this.input.subscribe(this.subscriber);
		StrictSubscriber second = StrictSubscriber.unbounded();
		this.input.subscribe(second);
		assertThat(second.error()).isInstanceOf(IllegalStateException.class)
			.hasMessage("The input of a pipeline can be subscribed to only once");
		this.subscriber.request(1);
		this.input.feed("a");
		assertThat(this.subscriber.received()).containsExactly("a");
	}

	private static AtomicBoolean watch(@Nullable Publisher<?> released) {
		assertThat(released).as("what the feeder waits for").isNotNull();
		AtomicBoolean seen = new AtomicBoolean();
		Flux.from(released).subscribe(null, null, () -> seen.set(true));
		return seen;
	}

}
