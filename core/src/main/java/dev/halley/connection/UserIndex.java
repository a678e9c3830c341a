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

package dev.halley.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Who belongs to which user. Thread-safe.
 *
 * @param <T> what belongs to users
 */
final class UserIndex<T> {

	private final Map<String, List<T>> users = new ConcurrentHashMap<>();

	/** Adds one, unless it is there or belongs to nobody. */
	void add(@Nullable String user, T one) {
		if (user != null) {
			this.users.compute(user, (name, present) -> with(present, one));
		}
	}

	private List<T> with(@Nullable List<T> present, T one) {
		if (present == null) {
			return List.of(one);
		}
		if (present.contains(one)) {
			return present;
		}
		List<T> all = new ArrayList<>(present.size() + 1);
		all.addAll(present);
		all.add(one);
		return List.copyOf(all);
	}

	void remove(@Nullable String user, T one) {
		if (user != null) {
			this.users.computeIfPresent(user, (name, present) -> without(present, one));
		}
	}

	private @Nullable List<T> without(List<T> present, T one) {
		if (!present.contains(one)) {
			return present;
		}
		List<T> rest = present.stream().filter((each) -> each != one).toList();
		return rest.isEmpty() ? null : rest;
	}

	/** Returns those of a user, a snapshot. */
	List<T> of(String user) {
		return this.users.getOrDefault(user, List.of());
	}

	/** How many users there are. */
	int size() {
		return this.users.size();
	}

}
