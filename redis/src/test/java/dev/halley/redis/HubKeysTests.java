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

package dev.halley.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link HubKeys}: where in a cluster hubs are.
 */
class HubKeysTests {

	@Test
	void theKeysOfAHubAreInOneSlot() {
		for (String hub : new String[] { "room", "a{b}c", "", "ümläut" }) {
			byte[][] keys = new HubKeys("halley").of(hub);
			assertThat(Arrays.stream(keys).map(SlotHash::getSlot).distinct()).as(hub).hasSize(1);
			assertThat(Arrays.stream(keys).map((key) -> new String(key, StandardCharsets.UTF_8)).distinct()).hasSize(3);
		}
	}

	@Test
	void theTagsAreSpreadOverAllSlots() {
		int[] slots = IntStream.range(0, 200_000)
			.map((i) -> SlotHash.getSlot("{" + HubKeys.tag("room." + i) + "}"))
			.distinct()
			.sorted()
			.toArray();
		assertThat(slots).hasSize(HubKeys.PARTS);
		for (int i = 0; i < slots.length; i++) {
			assertThat(slots[i] / (SlotHash.SLOT_COUNT / HubKeys.PARTS)).isEqualTo(i);
		}
	}

	@Test
	void hubsAreSpreadOverTheTags() {
		int[] hubs = new int[3];
		for (int i = 0; i < 30_000; i++) {
			hubs[SlotHash.getSlot("{" + HubKeys.tag("order." + i) + "}") * 3 / SlotHash.SLOT_COUNT]++;
		}
		assertThat(Arrays.stream(hubs).boxed()).allSatisfy((count) -> assertThat(count).isBetween(9_000, 11_000));
	}

	@Test
	void aChannelTellsItsHub() {
		HubKeys keys = new HubKeys("halley");
		assertThat(keys.hub(keys.channel("room.1"))).isEqualTo("room.1");
		assertThat(keys.hub(keys.nodeChannel("1"))).isNull();
	}

}
