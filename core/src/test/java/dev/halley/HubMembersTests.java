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
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HubMembers}.
 */
class HubMembersTests {

	private final InMemoryHub<Object> hub = new InMemoryHub<>("members", Object.class, Runnable::run);

	private final HubMembers members = new HubMembers();

	@Test
	void keepTheirOrderHoweverTheyComeAndGo() {
		Random random = new Random(42);
		List<HubMember> expected = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			boolean growing = i / 2000 % 2 == 0;
			if (expected.isEmpty() || random.nextInt(10) < (growing ? 7 : 3)) {
				HubMember member = member(random.nextBoolean());
				expected.add(member);
				this.members.add(member);
			}
			else {
				this.members.remove(expected.remove(random.nextInt(expected.size())));
			}
			if (i % 500 == 0) {
				assertView(this.members.view(), expected);
			}
		}
		assertView(this.members.view(), expected);
	}

	private static void assertView(HubMembers.View view, List<HubMember> expected) {
		List<HubMember> there = all(view);
		assertThat(there).isEqualTo(expected);
		assertThat(view.count()).isEqualTo(expected.size());
		assertThat(view.filtered()).isEqualTo((int) expected.stream().filter(HubMember::isFiltered).count());
		assertThat(there.stream().map((member) -> member.number)).isSorted().doesNotHaveDuplicates();
		assertThat(view.places().length).isLessThanOrEqualTo(Math.max(8, 16 * expected.size()));
	}

	@Test
	void copyThemselvesSeldom() {
		int copies = 0;
		HubMember[] places = this.members.view().places();
		List<HubMember> all = new ArrayList<>();
		for (int i = 0; i < 100_000; i++) {
			all.add(member(false));
			this.members.add(all.get(i));
			copies += (places != this.members.view().places()) ? 1 : 0;
			places = this.members.view().places();
		}
		for (HubMember member : all) {
			this.members.remove(member);
			copies += (places != this.members.view().places()) ? 1 : 0;
			places = this.members.view().places();
		}
		assertThat(copies).isLessThan(50);
		assertThat(places.length).isLessThan(10);
	}

	@Test
	void keepTheirPlacesWhileAQuarterIsThere() {
		List<HubMember> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(member(false));
			this.members.add(all.get(i));
		}
		HubMember[] places = this.members.view().places();
		all.subList(0, 3).forEach(this.members::remove);
		assertThat(this.members.view().places()).isSameAs(places);
		this.members.remove(all.get(3));
		assertThat(this.members.view().places()).isNotSameAs(places);
	}

	@Test
	void viewKeepsThoseWhoWereThereButForThoseWhoLeave() {
		HubMember first = member(false);
		HubMember second = member(false);
		this.members.add(first);
		this.members.add(second);
		HubMembers.View before = this.members.view();
		for (int i = 0; i < 100; i++) {
			this.members.add(member(false));
		}
		assertThat(all(before)).containsExactly(first, second);
	}

	@Test
	void whoLeavesTwiceOrNeverCameChangesNothing() {
		HubMember first = member(true);
		HubMember second = member(false);
		this.members.add(first);
		this.members.add(second);
		this.members.remove(first);
		this.members.remove(first);
		this.members.remove(member(false));
		assertView(this.members.view(), List.of(second));
	}

	@Test
	void whoWasClearedNeedNotLeave() {
		HubMember first = member(false);
		this.members.add(first);
		assertThat(all(this.members.clear())).containsExactly(first);
		assertView(this.members.view(), List.of());
		this.members.remove(first);
		assertView(this.members.view(), List.of());
	}

	private HubMember member(boolean filtered) {
		return new HubMember(this.hub, StrictSubscriber.waiting(), filtered ? (message) -> true : null, Step.NONE);
	}

	private static List<HubMember> all(HubMembers.View view) {
		List<HubMember> all = new ArrayList<>();
		view.forEach(all::add);
		return all;
	}

}
