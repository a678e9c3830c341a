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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Channel}, {@link Out#unicast} and {@link UnicastFlux}.
 */
@Timeout(60)
class ChannelTests {

	private final AtomicReference<Channel<Object>> channels = new AtomicReference<>();

	private final Out<Object> out = Out.unicast(this.channels::set);

	private final StrictSubscriber subscriber = StrictSubscriber.unbounded();

	private final Threads threads = new Threads();

	@AfterEach
	void stop() {
		this.subscriber.assertRulesKept();
		this.threads.close();
	}

	@Test
	void functionIsNotCalledBeforeThereIsAConnection() {
		assertThat(this.channels).hasValue(null);
	}

	@Test
	void eachConnectionHasAChannelOfItsOwn() {
		List<Channel<Object>> all = new ArrayList<>();
		Out<Object> out = Out.unicast(all::add);
		StrictSubscriber other = StrictSubscriber.unbounded();
		out.elements().subscribe(this.subscriber);
		out.elements().subscribe(other);
		all.get(0).push("a");
		all.get(1).push("b");
		assertThat(this.subscriber.received()).containsExactly("a");
		assertThat(other.received()).containsExactly("b");
	}

	@Test
	void pushedMessagesGoOutInOrder() {
		Channel<Object> channel = open();
		assertThat(channel.push("a")).isTrue();
		assertThat(channel.push("b")).isTrue();
		assertThat(this.subscriber.received()).containsExactly("a", "b");
	}

	@Test
	void whatIsPushedBeforeTheFunctionReturnsGoesOutToo() {
		Out.unicast((channel) -> {
			channel.push("a");
			channel.push("b");
			channel.end();
		}).elements().subscribe(this.subscriber);
		assertThat(this.subscriber.received()).containsExactly("a", "b");
		assertThat(this.subscriber.isCompleted()).isTrue();
	}

	@Test
	void nullIsRefused() {
		Channel<Object> channel = open();
		assertThatIllegalArgumentException().isThrownBy(() -> channel.push(null))
			.withMessage("'message' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> channel.error(null))
			.withMessage("'error' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> channel.onEnd(null))
			.withMessage("'callback' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> Out.unicast(null))
			.withMessage("'onStart' must not be null");
	}

	@Test
	void endCompletesWithoutAskingForAClose() {
		open().end();
		assertThat(this.subscriber.received()).isEmpty();
		assertThat(this.subscriber.isCompleted()).isTrue();
	}

	@Test
	void eofAndEndAsksForACloseLast() {
		Channel<Object> channel = open();
		channel.push("a");
		channel.eofAndEnd();
		assertThat(this.subscriber.received()).containsExactly("a", CloseStatus.NORMAL);
		assertThat(this.subscriber.isCompleted()).isTrue();
	}

	@Test
	void errorFailsTheOut() {
		IllegalStateException failure = new IllegalStateException("broken");
		open().error(failure);
		assertThat(this.subscriber.error()).isSameAs(failure);
	}

	@Test
	void functionThatThrowsFailsTheOut() {
		IllegalStateException failure = new IllegalStateException("start");
		Out.unicast((channel) -> {
			throw failure;
		}).elements().subscribe(this.subscriber);
		assertThat(this.subscriber.error()).isSameAs(failure);
	}

	@Test
	void nothingHappensAfterTheEnd() {
		Channel<Object> channel = open();
		channel.end();
		assertThat(channel.push("late")).isFalse();
		channel.end();
		channel.eofAndEnd();
		channel.error(new IllegalStateException());
		assertThat(channel.isOpen()).isFalse();
		assertThat(this.subscriber.received()).isEmpty();
		assertThat(this.subscriber.isCompleted()).isTrue();
	}

	@Test
	void connectionThatEndsClosesTheChannel() {
		Channel<Object> channel = open();
		assertThat(channel.isOpen()).isTrue();
		this.subscriber.cancel();
		assertThat(channel.isOpen()).isFalse();
		assertThat(channel.push("late")).isFalse();
	}

	@Test
	void callbacksRunOnceInOrderWhenTheConnectionEnds() {
		Channel<Object> channel = open();
		List<String> calls = new ArrayList<>();
		channel.onEnd(() -> calls.add("first"));
		channel.onEnd(() -> calls.add("second"));
		channel.onEnd(() -> calls.add("third"));
		assertThat(calls).isEmpty();
		this.subscriber.cancel();
		this.subscriber.cancel();
		channel.end();
		assertThat(calls).containsExactly("first", "second", "third");
	}

	@Test
	void callbackRunsWhenTheChannelEnds() {
		AtomicInteger calls = new AtomicInteger();
		Channel<Object> channel = open();
		channel.onEnd(calls::incrementAndGet);
		channel.end();
		assertThat(calls).hasValue(1);
	}

	@Test
	void callbackThatComesTooLateRunsAtOnce() {
		AtomicInteger calls = new AtomicInteger();
		Channel<Object> channel = open();
		this.subscriber.cancel();
		channel.onEnd(calls::incrementAndGet);
		assertThat(calls).hasValue(1);
	}

	@Test
	void callbackThatThrowsKeepsNeitherTheOthersNorTheEndFromHappening() {
		AtomicInteger calls = new AtomicInteger();
		Channel<Object> channel = open();
		channel.onEnd(() -> {
			throw new IllegalStateException("callback");
		});
		channel.onEnd(calls::incrementAndGet);
		channel.end();
		assertThat(calls).hasValue(1);
		assertThat(this.subscriber.isCompleted()).isTrue();
	}

	@Test
	void callbackMayUseTheChannel() {
		Channel<Object> channel = open();
		channel.onEnd(() -> assertThat(channel.push("late")).isFalse());
		this.subscriber.cancel();
		assertThat(channel.isOpen()).isFalse();
	}

	@Test
	void fullBufferMeetsTheOverflowOfTheConnection() {
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(1, 100, Overflow.CLOSE, null));
		this.out.elements().subscribe(slow);
		Channel<Object> channel = this.channels.get();
		assertThat(channel.push("a")).isTrue();
		assertThat(channel.push("b")).isFalse();
		assertThat(channel.isOpen()).isFalse();
		assertThat(slow.error()).isInstanceOf(SlowConsumerException.class);
	}

	@Test
	void messagesAreWeighedByTheConnection() {
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(100, 10, Overflow.DROP_LATEST, (message) -> 6));
		this.out.elements().subscribe(slow);
		this.channels.get().push(1);
		this.channels.get().push(2);
		slow.request(5);
		assertThat(slow.messages()).containsExactly(1);
	}

	@Test
	void closedChannelWeighsNothing() {
		AtomicInteger weighed = new AtomicInteger();
		SendBuffer limits = SendBuffer.DEFAULT.withWeigher((message) -> weighed.incrementAndGet());
		StrictSubscriber slow = StrictSubscriber.waiting(limits);
		this.out.elements().subscribe(slow);
		this.channels.get().end();
		this.channels.get().push(1);
		assertThat(weighed).hasValue(0);
	}

	@Test
	void limitsReachTheChannelThroughAllOperators() {
		StrictSubscriber slow = StrictSubscriber.waiting(new SendBuffer(1, 100, Overflow.DROP_LATEST, null));
		this.out.map((message) -> message)
			.filter((message) -> true)
			.andThen(Out.never())
			.interleave(Out.never())
			.through((messages) -> messages)
			.elements()
			.subscribe(slow);
		for (int i = 0; i < 10; i++) {
			this.channels.get().push(i);
		}
		slow.request(10);
		assertThat(slow.received()).hasSizeLessThanOrEqualTo(2).startsWith(0);
	}

	@Test
	void severalThreadsPushWithoutLoss() throws Exception {
		SendBuffer large = new SendBuffer(1_000_000, 1L << 40, Overflow.CLOSE, null);
		for (int round = 0; round < 50; round++) {
			StrictSubscriber subscriber = StrictSubscriber.unbounded(large);
			this.out.elements().subscribe(subscriber);
			Channel<Object> channel = this.channels.get();
			this.threads.race(4, (number) -> {
				for (int i = 0; i < 250; i++) {
					assertThat(channel.push(number * 1000 + i)).isTrue();
				}
			});
			// Who has delivered many in a row leaves the rest to another thread
			subscriber.awaitCount(1000);
			assertThat(subscriber.received()).hasSize(1000).doesNotHaveDuplicates();
			for (int number = 0; number < 4; number++) {
				int thread = number;
				assertThat(subscriber.received().stream().map(Integer.class::cast).filter((i) -> i / 1000 == thread))
					.isSorted();
			}
			subscriber.assertRulesKept();
		}
	}

	@Test
	void callbacksThatRaceWithTheEndRunExactlyOnce() throws Exception {
		for (int round = 0; round < 2000; round++) {
			StrictSubscriber subscriber = StrictSubscriber.unbounded();
			this.out.elements().subscribe(subscriber);
			Channel<Object> channel = this.channels.get();
			AtomicInteger calls = new AtomicInteger();
			this.threads.race(() -> channel.onEnd(calls::incrementAndGet), () -> channel.onEnd(calls::incrementAndGet),
					subscriber::cancel, channel::end);
			assertThat(calls).as("round " + round).hasValue(2);
			subscriber.assertRulesKept();
		}
	}

	private Channel<Object> open() {
		this.out.elements().subscribe(this.subscriber);
		return this.channels.get();
	}

}
