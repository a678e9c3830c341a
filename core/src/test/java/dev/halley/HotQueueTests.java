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
 * Tests for {@link HotQueue}.
 */
class HotQueueTests {

	@Test
	void closesAtTheFirstMessageTooManyThatNobodyHasLookedAt() {
		HotQueue queue = queue(3, Overflow.CLOSE);
		assertThat(offer(queue, 3)).containsOnly(true);
		assertThat(queue.offer("m3")).isFalse();
	}

	@Test
	void dropsTheLatestThatNobodyHasLookedAt() {
		HotQueue queue = queue(3, Overflow.DROP_LATEST);
		assertThat(offer(queue, 5)).containsOnly(true);
		assertThat(pollAll(queue, false)).containsExactly("m0", "m1", "m2");
	}

	@Test
	void dropsTheOldestThatNobodyHasLookedAt() {
		for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.LATEST)) {
			HotQueue queue = queue(3, overflow);
			assertThat(offer(queue, 5)).containsOnly(true);
			assertThat(pollAll(queue, false)).containsExactly("m2", "m3", "m4");
		}
	}

	@Test
	void whatWaitsComesFirstIfItIsAskedFor() {
		HotQueue queue = queue(3, Overflow.CLOSE);
		assertThat(queue.hold("waiting", 1)).isTrue();
		queue.offer("fresh");
		queue.last("last");
		assertThat(queue.poll(false)).isEqualTo("fresh");
		assertThat(queue.poll(false)).isNull();
		assertThat(pollAll(queue, true)).containsExactly("waiting", "last");
		assertThat(queue.isEmpty()).isTrue();
	}

	@Test
	void whatIsTakenMakesRoom() {
		HotQueue queue = queue(2, Overflow.CLOSE);
		assertThat(queue.hold("a", 60)).isTrue();
		assertThat(queue.hold("b", 40)).isTrue();
		assertThat(queue.hold("c", 0)).isFalse();
		queue.poll(true);
		assertThat(queue.hold("c", 61)).isFalse();
		assertThat(queue.hold("c", 60)).isTrue();
	}

	@Test
	void whatIsClearedMakesRoom() {
		HotQueue queue = queue(2, Overflow.CLOSE);
		queue.hold("a", 90);
		queue.offer("b");
		queue.last("c");
		assertThat(queue.isEmpty()).isFalse();
		queue.clear();
		assertThat(queue.isEmpty()).isTrue();
		queue.hold("a", 50);
		assertThat(queue.hold("b", 50)).isTrue();
	}

	@Test
	void whatNobodyHasLookedAtIsForgottenAlone() {
		HotQueue queue = queue(2, Overflow.CLOSE);
		queue.hold("a", 1);
		queue.offer("b");
		queue.last("c");
		queue.clearFresh();
		assertThat(queue.isEmpty()).isFalse();
		assertThat(pollAll(queue, true)).containsExactly("a");
	}

	@Test
	void isNotEmptyWhileOneOfAllIsThere() {
		HotQueue queue = queue(2, Overflow.CLOSE);
		queue.hold("a", 1);
		assertThat(queue.isEmpty()).isFalse();
		queue.poll(true);
		queue.offer("b");
		assertThat(queue.isEmpty()).isFalse();
		queue.poll(false);
		queue.last("c");
		assertThat(queue.isEmpty()).isFalse();
		queue.poll(true);
		assertThat(queue.isEmpty()).isTrue();
	}

	private static HotQueue queue(int messages, Overflow overflow) {
		return new HotQueue(new SendBuffer(messages, 100, overflow, null));
	}

	private static List<Boolean> offer(HotQueue queue, int count) {
		List<Boolean> taken = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			taken.add(queue.offer("m" + i));
		}
		return taken;
	}

	private static List<Object> pollAll(HotQueue queue, boolean asked) {
		List<Object> all = new ArrayList<>();
		for (Object next = queue.poll(asked); next != null; next = queue.poll(asked)) {
			all.add((next instanceof HotQueue.Waiting waiting) ? waiting.element() : next);
		}
		return all;
	}

}
