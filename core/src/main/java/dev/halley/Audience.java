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

import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Who gets a message: all members of a hub but those whose filters do not want it.
 * Filters are asked without the hub's lock, each once, so some may join meanwhile.
 */
final class Audience {

	private static final HubMember[] NOBODY = new HubMember[0];

	private final Object message;

	private @Nullable HubMember[] members = NOBODY;

	private int size;

	/** Those with greater numbers were not asked. */
	private long asked;

	private Set<HotSubscription> behind = Set.of();

	Audience(Object message) {
		this.message = message;
	}

	/** Asks those who were not asked before. Without filters there is nothing to ask. */
	void ask(HubMembers.View view) {
		if (view.filtered() == 0) {
			return;
		}
		this.members = Arrays.copyOf(this.members, this.size + view.size());
		long before = this.asked;
		view.forEach((member) -> {
			if (member.number > before) {
				this.asked = member.number;
				if (member.wants(this.message)) {
					this.members[this.size++] = member;
				}
			}
		});
	}

	/**
	 * Completes who gets the message. Called within the hub's lock.
	 * @return {@code false} if one joined who has to be asked first
	 */
	boolean isComplete(HubMembers.View view) {
		if (view.filtered() == 0) {
			this.members = view.places();
			this.size = view.size();
			return true;
		}
		return addNewcomers(view);
	}

	/** Queues the message for all who get it. Called within the hub's lock. */
	void offer(Object shared) {
		for (int i = 0; i < this.size; i++) {
			HubMember member = this.members[i];
			if (member != null) {
				member.subscription().offer(shared);
			}
		}
	}

	private boolean addNewcomers(HubMembers.View view) {
		int first = view.size();
		for (int i = view.size() - 1; i >= 0; i--) {
			HubMember member = view.places()[i];
			if (member != null && member.number <= this.asked) {
				break;
			}
			if (member != null && member.isFiltered()) {
				return false;
			}
			first = i;
		}
		int more = view.size() - first;
		this.members = Arrays.copyOf(this.members, this.size + more);
		System.arraycopy(view.places(), first, this.members, this.size, more);
		this.size += more;
		return true;
	}

	/** Nobody gets it. */
	void clear() {
		this.members = NOBODY;
		this.size = 0;
	}

	/** Adds those who were handed what leaves the history. */
	void add(Set<HotSubscription> behind) {
		this.behind = behind;
	}

	/** Delivers what was published here. */
	void deliverPublished(HubCounts counts) {
		counts.published(null);
		deliver(counts);
	}

	/** Delivers what was offered. */
	void deliver(HubCounts counts) {
		int reached = 0;
		boolean outermost = Delivering.enter();
		try {
			for (int i = 0; i < this.size; i++) {
				HubMember member = this.members[i];
				if (member != null) {
					reached++;
					member.subscription().deliver(outermost);
				}
			}
			for (HotSubscription subscription : this.behind) {
				subscription.deliver(outermost);
			}
		}
		finally {
			counts.delivered(reached);
			if (outermost) {
				Delivering.leave();
			}
		}
	}

}
