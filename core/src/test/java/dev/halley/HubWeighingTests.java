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

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits between a hub and a peer that reads slowly, and what it counts for.
 */
@Timeout(60)
class HubWeighingTests {

	private final InMemoryHub<Raw> hub = new InMemoryHub<>("raw", Raw.class, InMemoryHubs.OTHERS);

	/** What the encoder of the first connection was given. */
	private final List<Object> encoded = new ArrayList<>();

	private final SendBuffer limits = new SendBuffer(1000, 1000, Overflow.CLOSE, this::encode);

	private long encode(Object element) {
		Object message = Elements.unwrap(element);
		this.encoded.add(message);
		return ((Small) message).text().length();
	}

	/** All ways in which messages get smaller on their way. */
	private static List<Out<?>> smaller(Hub<Raw> hub) {
		return List.of(hub.out().map(Raw::small), hub.out((raw) -> true).map(Raw::small),
				hub.out().map((raw) -> raw).filter((raw) -> true).map(Raw::small),
				Out.<Raw>of().andThen(hub.out()).map(Raw::small), hub.out().map(Raw::small).interleave(Out.never()),
				hub.out().map(Raw::small).andThen(Out.never()));
	}

	static IntStream ways() {
		return IntStream.range(0, 6);
	}

	private StrictSubscriber stalled(int way) {
		StrictSubscriber stalled = StrictSubscriber.waiting(this.limits);
		smaller(this.hub).get(way).elements().subscribe(stalled);
		return stalled;
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatWaitsCountsAsWhatWillBeSent(int way) {
		StrictSubscriber stalled = stalled(way);
		publish(10);
		assertThat(stalled.isTerminated()).isFalse();
		publish(140);
		assertThat(stalled.error()).isInstanceOf(SlowConsumerException.class);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatNobodySendsIsNotEncoded(int way) {
		stalled(way);
		publish(5);
		assertThat(this.encoded).isNotEmpty().hasOnlyElementsOfType(Small.class);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatNobodySendsIsNotKept(int way) {
		StrictSubscriber stalled = stalled(way);
		WeakReference<Raw> published = publishOne();
		Awaitility.await().until(() -> {
			System.gc();
			return published.refersTo(null);
		});
		stalled.request(1);
		assertThat(stalled.count()).isOne();
	}

	private WeakReference<Raw> publishOne() {
		Raw raw = new Raw();
		this.hub.publish(new Raw());
		this.hub.publish(raw);
		return new WeakReference<>(raw);
	}

	@Test
	void oneWhoHasLeftIsAskedForNothing() {
		StrictSubscriber first = stalled(0);
		first.cancel();
		StrictSubscriber second = StrictSubscriber
			.waiting(new SendBuffer(1000, 1000, Overflow.CLOSE, (element) -> 400));
		this.hub.out().elements().subscribe(second);
		publish(2);
		assertThat(second.isTerminated()).isFalse();
		publish(1);
		assertThat(second.error()).isInstanceOf(SlowConsumerException.class);
		assertThat(this.encoded).isEmpty();
	}

	@Test
	void eachIsWeighedByItsOwnConnection() {
		StrictSubscriber heavy = StrictSubscriber
			.waiting(new SendBuffer(1000, 1000, Overflow.DROP_LATEST, (element) -> 400));
		StrictSubscriber light = StrictSubscriber
			.waiting(new SendBuffer(1000, 1000, Overflow.DROP_LATEST, (element) -> 4));
		this.hub.out().elements().subscribe(heavy);
		this.hub.out().elements().subscribe(light);
		publish(20);
		heavy.request(100);
		light.request(100);
		assertThat(heavy.count()).isEqualTo(2);
		assertThat(light.count()).isEqualTo(20);
	}

	@Test
	void whatIsLeftOutTakesNoRoom() {
		StrictSubscriber stalled = StrictSubscriber.waiting(new SendBuffer(1, 1000, Overflow.CLOSE, null));
		this.hub.out().filter((raw) -> raw.number == 3).elements().subscribe(stalled);
		for (int i = 0; i < 10; i++) {
			this.hub.publish(new Raw(i));
		}
		assertThat(stalled.isTerminated()).isFalse();
		stalled.request(1);
		assertThat(stalled.messages()).extracting("number").containsExactly(3);
	}

	/** There it waits before the pipeline, so nobody can know what becomes of it. */
	@Test
	void whatWaitsBeforeAPipelineIsNotEncoded() {
		for (Out<?> out : List.of(this.hub.out().through((raw) -> raw.map(Raw::small)),
				this.hub.out().interleave(Out.never()).map(Raw::small))) {
			StrictSubscriber stalled = StrictSubscriber.waiting(new SendBuffer(3, 1000, Overflow.CLOSE, this::encode));
			out.elements().subscribe(stalled);
			publish(3);
			assertThat(stalled.isTerminated()).isFalse();
			publish(3);
			assertThat(stalled.error()).isInstanceOf(SlowConsumerException.class);
			assertThat(this.encoded).isEmpty();
		}
	}

	@Test
	void mapperIsCalledInOrderAndOneAtATime() throws Exception {
		InMemoryHub<Integer> numbers = new InMemoryHub<>("numbers", Integer.class, InMemoryHubs.OTHERS);
		int[] calls = new int[1];
		StrictSubscriber counting = StrictSubscriber
			.unbounded(new SendBuffer(1_000_000, 1 << 30, Overflow.CLOSE, null));
		StrictSubscriber witness = StrictSubscriber.unbounded(new SendBuffer(1_000_000, 1 << 30, Overflow.CLOSE, null));
		numbers.out().map((number) -> List.of(number, calls[0]++)).elements().subscribe(counting);
		numbers.out().elements().subscribe(witness);
		try (Threads threads = new Threads()) {
			threads.race(4, (thread) -> IntStream.range(0, 500).forEach((i) -> numbers.publish(thread * 1000 + i)));
		}
		counting.awaitCount(2000);
		witness.awaitCount(2000);
		List<Object> expected = IntStream.range(0, 2000)
			.<Object>mapToObj((i) -> List.of(witness.messages().get(i), i))
			.toList();
		assertThat(counting.messages()).isEqualTo(expected);
	}

	@Test
	void mapperThatThrowsFailsItsSubscriberAfterWhatCameBefore() {
		IllegalStateException failure = new IllegalStateException("mapper");
		StrictSubscriber failing = StrictSubscriber.waiting(this.limits);
		this.hub.out().map((raw) -> {
			if (raw.number == 2) {
				throw failure;
			}
			return raw.small();
		}).elements().subscribe(failing);
		StrictSubscriber healthy = StrictSubscriber.unbounded();
		this.hub.out().elements().subscribe(healthy);
		for (int i = 0; i < 4; i++) {
			this.hub.publish(new Raw(i));
		}
		assertThat(failing.isTerminated()).isFalse();
		failing.request(5);
		assertThat(failing.count()).isEqualTo(2);
		assertThat(failing.error()).isSameAs(failure);
		assertThat(healthy.count()).isEqualTo(4);
		assertThat(this.hub.subscribers()).isOne();
	}

	@Test
	void mapToNullFails() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		this.hub.out().map((raw) -> null).elements().subscribe(subscriber);
		publish(1);
		assertThat(subscriber.error()).isInstanceOf(NullPointerException.class)
			.hasMessage("A mapper returned null (expected: a message)");
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.hub.publish(new Raw());
		}
	}

	/** Too large for any buffer, and no encoder's business. */
	private static final class Raw {

		private final int number;

		private final byte[] picture = new byte[100_000];

		Raw() {
			this(0);
		}

		Raw(int number) {
			this.number = number;
		}

		Small small() {
			return new Small("x".repeat(100) + this.picture.length);
		}

	}

	private record Small(String text) {

		Small {
			text = text.substring(0, 100);
		}

	}

}
