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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryTurns}, by a {@link HotSubscription}: what a thread delivers
 * itself, and what it leaves.
 */
class DeliveryTurnsTests {

	private final List<Runnable> given = new ArrayList<>();

	private final StrictSubscriber subscriber = StrictSubscriber.unbounded();

	private final HotSubscription subscription = new HotSubscription(this.subscriber, Step.NONE, this.given::add,
			() -> {
			});

	DeliveryTurnsTests() {
		this.subscriber.onSubscribe(this.subscription);
	}

	private void offer(int count) {
		for (int i = 0; i < count; i++) {
			this.subscription.offer(i);
		}
	}

	@Test
	void fewMessagesAreLeftToNobody() {
		offer(100);
		this.subscription.deliver();
		assertThat(this.subscriber.received()).hasSize(100);
		assertThat(this.given).isEmpty();
	}

	@Test
	void manyMessagesAreLeftToAnother() {
		offer(200);
		this.subscription.deliver();
		assertThat(this.subscriber.received()).hasSize(128);
		assertThat(this.given).hasSize(1);
		this.given.remove(0).run();
		assertThat(this.subscriber.received()).hasSize(200);
		assertThat(this.given).isEmpty();
	}

	@Test
	void whatIsLeftIsDeliveredThoughItComesBackLater() {
		offer(1);
		this.subscription.deliver(false);
		assertThat(this.subscriber.received()).isEmpty();
		this.given.remove(0).run();
		assertThat(this.subscriber.received()).hasSize(1);
	}

}
