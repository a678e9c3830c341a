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

package dev.halley.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.halley.HubEvent;

/**
 * Somebody who is present in a hub has come, changed or gone.
 *
 * @param kind what has happened
 * @param member who it is
 * @param data what is told of the member, or {@code null} for one who has left
 */
record MemberChange(Kind kind, String member, @Nullable Object data) {

	@Override
	public String toString() {
		return this.member + " " + this.kind.verb + ((this.data != null) ? " (" + this.data + ")" : "");
	}

	/**
	 * What can happen.
	 */
	enum Kind {

		JOINED("has joined"), CHANGED("has other data"), LEFT("has left");

		private final String verb;

		Kind(String verb) {
			this.verb = verb;
		}

		String verb() {
			return this.verb;
		}

	}

	/**
	 * Who is present, for one reader: what the hub tells, member by member. What it tells
	 * as a whole, at the start or in place of very many changes, is taken apart too.
	 */
	static final class Roster {

		private final Map<String, Object> members = new LinkedHashMap<>();

		List<MemberChange> changes(HubEvent<?> event) {
			List<MemberChange> changes = new ArrayList<>();
			if (event instanceof HubEvent.Presence<?> all) {
				leave(Set.copyOf(this.members.keySet()), all.members().keySet(), changes);
				have(all.members(), changes);
			}
			else if (event instanceof HubEvent.Joined<?> joined) {
				have(joined.members(), changes);
			}
			else if (event instanceof HubEvent.Changed<?> changed) {
				have(changed.members(), changes);
			}
			else if (event instanceof HubEvent.Left<?> left) {
				leave(left.members(), Set.of(), changes);
			}
			return changes;
		}

		private void have(Map<String, Object> members, List<MemberChange> changes) {
			members.forEach((member, data) -> {
				Object before = this.members.put(member, data);
				if (!data.equals(before)) {
					changes.add(new MemberChange((before != null) ? Kind.CHANGED : Kind.JOINED, member, data));
				}
			});
		}

		private void leave(Set<String> members, Set<String> staying, List<MemberChange> changes) {
			for (String member : members) {
				if (!staying.contains(member) && this.members.remove(member) != null) {
					changes.add(new MemberChange(Kind.LEFT, member, null));
				}
			}
		}

	}

}
