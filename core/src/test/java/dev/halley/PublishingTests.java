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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.halley.hub.broker.MemoryBroker;
import dev.halley.hub.broker.MemoryServer;
import dev.halley.hub.broker.Retention;
import dev.halley.hub.broker.StringPayloads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Publishing} while a subscription is on its way for very long.
 */
class PublishingTests {

	private final MemoryBroker broker = new MemoryBroker(new MemoryServer());

	private final Publishing publishing = new Publishing("room", this.broker, Runnable::run, Duration.ofHours(1));

	private final List<CompletionStage<Position>> published = new ArrayList<>();

	@BeforeEach
	void publishAsMuchAsWaits() {
		this.publishing.settle();
		for (int i = 0; i < Publishing.MOST_WAITING; i++) {
			publish();
		}
		assertThat(this.published).noneMatch((each) -> each.toCompletableFuture().isDone());
	}

	@AfterEach
	void close() {
		this.broker.close();
	}

	private void publish() {
		this.published.add(this.publishing.publish(StringPayloads.INSTANCE.encode("a"), Retention.NOTHING, null));
	}

	private void assertAllArePublishedInOrder() throws Exception {
		long offset = 0;
		for (CompletionStage<Position> each : this.published) {
			assertThat(each.toCompletableFuture().get(30, TimeUnit.SECONDS).offset()).isEqualTo(++offset);
		}
	}

	@Test
	void whatWaitsGoesWhenTheSubscriptionIsThere() throws Exception {
		this.publishing.settled();
		assertAllArePublishedInOrder();
	}

	@Test
	void whatIsMoreThanCanWaitLetsAllGo() throws Exception {
		publish();
		assertAllArePublishedInOrder();
	}

}
