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
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.ParameterizedTypeReference;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link InMemoryHubs}.
 */
@Timeout(60)
class InMemoryHubsTests {

	private final Hubs hubs = Hubs.inMemory();

	@Test
	void nameGivesTheSameHub() {
		Hub<String> hub = this.hubs.hub("a", String.class);
		assertThat(this.hubs.hub("a", String.class)).isSameAs(hub);
		assertThat(hub.name()).isEqualTo("a");
	}

	@Test
	void otherNameGivesAnotherHub() {
		Hub<String> hub = this.hubs.hub("a", String.class);
		assertThat(this.hubs.hub("b", String.class)).isNotSameAs(hub);
		assertThat(hub.isClosed()).isFalse();
	}

	@Test
	void otherTypeIsRefusedWithBothTypes() {
		Hub<String> hub = this.hubs.hub("a", String.class);
		assertThatIllegalArgumentException().isThrownBy(() -> this.hubs.hub("a", Integer.class))
			.withMessage("type of hub 'a': java.lang.Integer (expected: java.lang.String, with which it is in use)");
		assertThat(this.hubs.hub("a", String.class)).isSameAs(hub);
	}

	@Test
	void genericTypeIsTheSameForAllWhoNameIt() {
		Hub<Map<String, Integer>> hub = this.hubs.hub("a", new ParameterizedTypeReference<>() {
		});
		Hub<Map<String, Integer>> same = this.hubs.hub("a", new ParameterizedTypeReference<>() {
		});
		assertThat(same).isSameAs(hub);
		assertThatIllegalArgumentException().isThrownBy(() -> this.hubs.hub("a", Map.class))
			.withMessageContaining("java.util.Map<java.lang.String, java.lang.Integer>");
	}

	@Test
	void plainTypeMayBeGivenEitherWay() {
		Hub<String> hub = this.hubs.hub("a", String.class);
		assertThat(this.hubs.hub("a", new ParameterizedTypeReference<String>() {
		})).isSameAs(hub);
	}

	@Test
	void emptyNameIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.hubs.hub(" ", String.class))
			.withMessage("'name' must not be empty");
	}

	@Test
	void typeIsRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.hubs.hub("a", (Class<String>) null))
			.withMessage("'type' must not be null");
	}

	@Test
	void closedHubIsReplaced() {
		Hub<String> closed = this.hubs.hub("a", String.class);
		closed.close();
		assertThat(this.hubs.names()).isEmpty();
		Hub<Integer> other = this.hubs.hub("a", Integer.class);
		assertThat(other).isNotSameAs(closed);
		assertThat(other.isClosed()).isFalse();
		assertThat(this.hubs.names()).containsExactly("a");
	}

	@Test
	void namesAreThoseInUse() {
		Hub<String> b = this.hubs.hub("b", String.class);
		Hub<String> a = this.hubs.hub("a", String.class);
		assertThat(this.hubs.names()).containsExactly("a", "b");
		assertThat(a.subscribers() + b.subscribers()).isZero();
	}

	@Test
	void hubThatNobodyUsesIsForgotten() {
		WeakReference<Hub<String>> unused = new WeakReference<>(this.hubs.hub("unused", String.class));
		awaitCollected(unused);
		Awaitility.await().until(() -> this.hubs.names().isEmpty());
	}

	@Test
	void subscriptionKeepsTheHub() {
		Queue<Object> received = new ConcurrentLinkedQueue<>();
		Disposable subscription = this.hubs.hub("kept", String.class).out().elements().subscribe(received::add);
		collectAnother();
		assertThat(this.hubs.names()).containsExactly("kept");
		this.hubs.hub("kept", String.class).publish("a");
		assertThat(received).hasSize(1);
		subscription.dispose();
	}

	@Test
	void subscriptionThatWasCancelledKeepsNothing() {
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		Hub<String> hub = this.hubs.hub("left", String.class);
		hub.out().elements().subscribe(subscriber);
		WeakReference<Hub<String>> reference = new WeakReference<>(hub);
		subscriber.cancel();
		subscriber = null;
		hub = null;
		awaitCollected(reference);
	}

	@Test
	void outKeepsTheHub() {
		Out<String> out = this.hubs.hub("kept", String.class).out();
		collectAnother();
		assertThat(this.hubs.names()).containsExactly("kept");
		StrictSubscriber subscriber = StrictSubscriber.unbounded();
		out.elements().subscribe(subscriber);
		this.hubs.hub("kept", String.class).publish("a");
		assertThat(subscriber.messages()).containsExactly("a");
	}

	@Test
	void manyNamesCostNothingLater() {
		for (int i = 0; i < 10_000; i++) {
			this.hubs.hub("room-" + i, String.class).publish("hello");
		}
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
			System.gc();
			return this.hubs.names().isEmpty();
		});
	}

	@Test
	void threadsThatAskAtTheSameTimeGetTheSameHub() throws Exception {
		try (Threads threads = new Threads()) {
			for (int round = 0; round < 1000; round++) {
				String name = "hub-" + round;
				Set<Hub<String>> found = ConcurrentHashMap.newKeySet();
				threads.race(4, (number) -> found.add(this.hubs.hub(name, String.class)));
				assertThat(found).hasSize(1);
			}
		}
	}

	@Test
	void threadsThatCloseAndAskNeverGetAHubThatStaysClosed() throws Exception {
		try (Threads threads = new Threads()) {
			threads.race(4, (number) -> {
				for (int i = 0; i < 1000; i++) {
					this.hubs.hub("busy", String.class).close();
				}
			});
		}
		assertThat(this.hubs.hub("busy", String.class).isClosed()).isFalse();
	}

	/** Collects garbage, for certain: until something that was unreachable is gone. */
	private static void collectAnother() {
		awaitCollected(new WeakReference<>(new Object()));
	}

	private static void awaitCollected(WeakReference<?> reference) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
			System.gc();
			return reference.refersTo(null);
		});
	}

	@Test
	void executorIsRequired() {
		assertThatIllegalArgumentException().isThrownBy(() -> Hubs.inMemory(null))
			.withMessage("'executor' must not be null");
	}

}
