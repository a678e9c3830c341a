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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to a hub, in the order in which they came. To come and to go costs
 * the same however many there are: who goes leaves a gap, and gaps go when they are most
 * of the places. The lock of the hub guards all changes; a {@link #view} may be read
 * without it.
 */
final class HubMembers {

	private static final int LEAST_PLACES = 4;

	private static final View NOBODY = new View(new HubMember[0], 0, 0, 0);

	private volatile View view = NOBODY;

	private long numbers;

	/** Who is there now; later some of its places may become gaps. */
	View view() {
		return this.view;
	}

	void add(HubMember member) {
		View before = this.view;
		if (before.size == before.places.length) {
			before = withoutGaps(before);
		}
		member.number = ++this.numbers;
		member.place = before.size;
		before.places[before.size] = member;
		this.view = new View(before.places, before.size + 1, before.count + 1,
				before.filtered + (member.isFiltered() ? 1 : 0));
	}

	/** Does nothing if the member is not there. */
	void remove(HubMember member) {
		View before = this.view;
		if (member.place < 0) {
			return;
		}
		before.places[member.place] = null;
		member.place = -1;
		View now = new View(before.places, before.size, before.count - 1,
				before.filtered - (member.isFiltered() ? 1 : 0));
		this.view = (now.count < now.size / 4) ? withoutGaps(now) : now;
	}

	/** Empties this, and returns who was there. */
	View clear() {
		View last = this.view;
		last.forEach((member) -> member.place = -1);
		this.view = NOBODY;
		return last;
	}

	/** Into places of their own: others may be reading the old ones. */
	private static View withoutGaps(View view) {
		HubMember[] places = new HubMember[Math.max(LEAST_PLACES, 2 * view.count)];
		int size = 0;
		for (int i = 0; i < view.size; i++) {
			HubMember member = view.places[i];
			if (member != null) {
				member.place = size;
				places[size++] = member;
			}
		}
		return new View(places, size, view.count, view.filtered);
	}

	/**
	 * Who is there at one moment.
	 *
	 * @param places the members, with gaps
	 * @param size how many places are in use
	 * @param count how many members there are
	 * @param filtered how many of them have a filter
	 */
	record View(@Nullable HubMember[] places, int size, int count, int filtered) {

		void forEach(Consumer<HubMember> action) {
			for (int i = 0; i < this.size; i++) {
				HubMember member = this.places[i];
				if (member != null) {
					action.accept(member);
				}
			}
		}

	}

}
