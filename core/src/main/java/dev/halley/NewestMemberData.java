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

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The data of those who are present in a hub of all nodes. Of what nodes set at the same
 * time, and learn of in whichever order, the newest counts everywhere.
 * <p>
 * Called within the lock of the presence.
 */
final class NewestMemberData {

	private final Map<String, MemberData> members = new HashMap<>();

	@Nullable MemberData get(String member) {
		return this.members.get(member);
	}

	/**
	 * Data is set by a node, and so becomes the newest, unless it is what is here.
	 */
	void set(String member, MemberData data, long node) {
		MemberData known = this.members.get(member);
		if (data != known) {
			this.members.put(member, data.setBy(node, known));
		}
	}

	/**
	 * Data was heard of.
	 * @return {@code false} if newer data is here, of which others should hear
	 */
	boolean merge(String member, MemberData data) {
		MemberData known = this.members.get(member);
		if (data.isNewerThan(known)) {
			this.members.put(member, data);
			return true;
		}
		return known == null || !known.isNewerThan(data);
	}

	/** What of it is here already, which keeps its identity: data by members. */
	Map<String, MemberData> known(List<PresenceMessage.Entry> entries) {
		Map<String, MemberData> known = new LinkedHashMap<>();
		for (PresenceMessage.Entry entry : entries) {
			MemberData data = this.members.get(entry.name());
			if (data != null && data.isSame(entry)) {
				known.put(entry.name(), data);
			}
		}
		return known;
	}

	void remove(String member) {
		this.members.remove(member);
	}

	void clear() {
		this.members.clear();
	}

}
