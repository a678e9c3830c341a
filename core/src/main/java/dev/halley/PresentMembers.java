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
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Who is present by the connections of this process. One whose connection was lost is so
 * for a grace still.
 * <p>
 * Not thread-safe.
 */
final class PresentMembers {

	private final long grace;

	private Map<String, Member> members = new HashMap<>();

	/** Those who have lost a connection, in the order in which they did. */
	private Set<Member> lingering = new LinkedHashSet<>();

	/**
	 * Creates this.
	 * @param grace for how long those are present who have lost their connection, in
	 * nanoseconds
	 */
	PresentMembers(long grace) {
		this.grace = grace;
	}

	/** The data of one who is present, or else {@code null}. */
	@Nullable Object data(String name) {
		Member member = this.members.get(name);
		return (member != null) ? member.data : null;
	}

	int size() {
		return this.members.size();
	}

	boolean isEmpty() {
		return this.members.isEmpty();
	}

	/** Who is present, to be read at once. */
	Set<String> names() {
		return this.members.keySet();
	}

	/** A connection comes: the one that was lost, if one was. */
	void join(String name, Object data) {
		Member member = this.members.get(name);
		if (member == null) {
			member = new Member(name, data);
			this.members.put(name, member);
		}
		member.data = data;
		member.connections++;
		this.lingering.remove(member);
	}

	/** Returns whether the member is present. */
	boolean update(String name, Object data) {
		Member member = this.members.get(name);
		if (member != null) {
			member.data = data;
		}
		return member != null;
	}

	/**
	 * A connection has ended.
	 * @param name of the member
	 * @param intended whether it is not expected to come again
	 * @param now the time in nanoseconds
	 */
	void leave(String name, boolean intended, long now) {
		Member member = this.members.get(name);
		if (member == null) {
			return;
		}
		member.connections--;
		if (!intended && this.grace > 0) {
			this.lingering.remove(member);
			member.until = now + this.grace;
			this.lingering.add(member);
		}
		else if (member.connections == 0 && !this.lingering.contains(member)) {
			remove(member);
		}
	}

	private void remove(Member member) {
		this.members.remove(member.name);
		if (this.members.isEmpty()) {
			// The old ones are as large as they ever had to be
			this.members = new HashMap<>();
			this.lingering = new LinkedHashSet<>();
		}
	}

	/**
	 * Ends the graces that are over.
	 * @param now the time in nanoseconds
	 * @param left is told who is not present any more
	 */
	void expire(long now, Consumer<String> left) {
		Set<Member> lingering = this.lingering;
		for (Iterator<Member> each = lingering.iterator(); each.hasNext();) {
			Member member = each.next();
			if (now - member.until < 0) {
				return;
			}
			each.remove();
			if (member.connections == 0) {
				remove(member);
				left.accept(member.name);
			}
		}
	}

	/** When the next grace is over, in nanoseconds; {@code null} if there is none. */
	@Nullable Long nextEnd() {
		return this.lingering.isEmpty() ? null : this.lingering.iterator().next().until;
	}

	void clear() {
		this.members = new HashMap<>();
		this.lingering = new LinkedHashSet<>();
	}

	private static final class Member {

		private final String name;

		private Object data;

		private int connections;

		private long until;

		Member(String name, Object data) {
			this.name = name;
			this.data = data;
		}

	}

}
