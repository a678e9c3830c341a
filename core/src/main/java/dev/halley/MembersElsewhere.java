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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Who is present in a hub by the connections of other nodes, as far as those have told.
 * <p>
 * Not thread-safe.
 */
final class MembersElsewhere {

	private final long lease;

	private final Map<Long, Set<String>> nodes = new HashMap<>();

	/** On how many nodes each is. */
	private final Map<String, Integer> counts = new HashMap<>();

	/** What has come of states whose last part has not. */
	private final Map<Long, Parts> parts = new HashMap<>();

	/** Whose members are known from before all were asked. */
	private final Set<Long> doubtful = new HashSet<>();

	private long doubtedUntil;

	/**
	 * Creates this.
	 * @param lease within which nodes answer if they are asked, in nanoseconds
	 */
	MembersElsewhere(long lease) {
		this.lease = lease;
	}

	boolean contains(String name) {
		return this.counts.containsKey(name);
	}

	void add(long node, String name) {
		if (this.nodes.computeIfAbsent(node, (key) -> new HashSet<>()).add(name)) {
			this.counts.merge(name, 1, Integer::sum);
		}
	}

	void remove(long node, String name) {
		Set<String> names = this.nodes.get(node);
		if (names != null && names.remove(name)) {
			decrease(name);
			if (names.isEmpty()) {
				this.nodes.remove(node);
			}
		}
	}

	private void decrease(String name) {
		this.counts.computeIfPresent(name, (key, count) -> (count > 1) ? count - 1 : null);
	}

	/**
	 * Takes a part of all who are present on a node. Parts without all those before them
	 * are dropped.
	 * @param state the part
	 * @param members the members in it, with their data
	 * @return all, if this was the last part
	 */
	@Nullable Map<String, MemberData> collect(PresenceMessage.State state, Map<String, MemberData> members) {
		Parts before = this.parts.remove(state.node());
		Parts parts = state.first() ? new Parts(state.number(), new HashMap<>()) : before;
		if (parts == null || parts.next() != state.number()) {
			return null;
		}
		parts.members().putAll(members);
		if (state.last()) {
			return parts.members();
		}
		this.parts.put(state.node(), new Parts(state.number() + 1, parts.members()));
		return null;
	}

	/**
	 * Puts all who are present on a node in the place of those who were.
	 * @return who is not any more
	 */
	Collection<String> replace(long node, Set<String> names) {
		this.doubtful.remove(node);
		List<String> gone = new ArrayList<>(this.nodes.getOrDefault(node, Set.of()));
		gone.removeAll(names);
		gone.forEach((name) -> remove(node, name));
		names.forEach((name) -> add(node, name));
		return gone;
	}

	/** Forgets a node, and returns who was present there. */
	Collection<String> remove(long node) {
		this.parts.remove(node);
		this.doubtful.remove(node);
		Set<String> names = this.nodes.remove(node);
		if (names == null) {
			return Set.of();
		}
		names.forEach(this::decrease);
		return names;
	}

	/**
	 * What is known may be out of date, and all are asked.
	 * @param now the time in nanoseconds
	 */
	void doubt(long now) {
		this.parts.clear();
		this.doubtful.addAll(this.nodes.keySet());
		this.doubtedUntil = now + this.lease;
	}

	/** Whether a node has not said yet who is present there. */
	boolean isInDoubt() {
		return !this.doubtful.isEmpty();
	}

	/** When those who are in doubt are to be {@linkplain #endDoubt forgotten}. */
	long doubtedUntil() {
		return this.doubtedUntil;
	}

	/**
	 * Forgets the nodes that have not answered in time, which a link that is down gives
	 * them anew.
	 * @param now the time in nanoseconds
	 * @param up whether the link is up
	 * @return who was present there
	 */
	Collection<String> endDoubt(long now, boolean up) {
		List<String> names = new ArrayList<>();
		if (!up) {
			this.doubtedUntil = now + this.lease;
		}
		else if (now - this.doubtedUntil >= 0) {
			List.copyOf(this.doubtful).forEach((node) -> names.addAll(remove(node)));
		}
		return names;
	}

	/** Forgets all, and returns who was present. */
	Collection<String> clear() {
		List<String> names = List.copyOf(this.counts.keySet());
		this.nodes.clear();
		this.counts.clear();
		this.parts.clear();
		this.doubtful.clear();
		return names;
	}

	/**
	 * What has come of a state.
	 *
	 * @param next the number of the next part
	 * @param members those in the parts before
	 */
	private record Parts(long next, Map<String, MemberData> members) {
	}

}
