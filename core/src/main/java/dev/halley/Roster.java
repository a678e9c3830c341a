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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Who is present as those are told who want to know, and what has changed since they were
 * told last. Data is compared by identity.
 * <p>
 * Not thread-safe.
 *
 * @param <T> the type of the hub's messages
 */
final class Roster<T> {

	/** So many changes are told one by one in any case. */
	static final int FEW_CHANGES = 100;

	private static final int SMALL = 64;

	private final long epoch = Epochs.next();

	private long version;

	private Map<String, Object> told = new LinkedHashMap<>();

	private int most;

	private Set<String> touched = new LinkedHashSet<>();

	private @Nullable SharedMessage<HubEvent<T>> snapshot;

	/** The data with which a member was told of, or else {@code null}. */
	@Nullable Object data(String name) {
		return this.told.get(name);
	}

	/** Something about a member may have changed. */
	void touch(String name) {
		this.touched.add(name);
	}

	boolean isTouched() {
		return !this.touched.isEmpty();
	}

	/**
	 * Takes over what has changed.
	 * @param current the data of each who is present, {@code null} for all others
	 * @return what is to be told: nothing, some changes, or {@linkplain #snapshot() all}
	 * if there are very many
	 */
	List<SharedMessage<HubEvent<T>>> flush(Function<String, @Nullable Object> current) {
		Map<String, Object> joined = new LinkedHashMap<>();
		Map<String, Object> changed = new LinkedHashMap<>();
		Set<String> left = new LinkedHashSet<>();
		for (String name : this.touched) {
			Object before = this.told.get(name);
			Object now = current.apply(name);
			if (now == null && before != null) {
				left.add(name);
			}
			else if (now != null && now != before) {
				((before != null) ? changed : joined).put(name, now);
			}
		}
		this.touched = new LinkedHashSet<>();
		return apply(joined, changed, left);
	}

	private List<SharedMessage<HubEvent<T>>> apply(Map<String, Object> joined, Map<String, Object> changed,
			Set<String> left) {
		int changes = joined.size() + changed.size() + left.size();
		if (changes == 0) {
			return List.of();
		}
		left.forEach(this.told::remove);
		this.told.putAll(changed);
		this.told.putAll(joined);
		shrink();
		this.snapshot = null;
		if (changes > FEW_CHANGES && changes > this.told.size() / 2) {
			this.version++;
			return List.of(snapshot());
		}
		return events(joined, changed, left);
	}

	private List<SharedMessage<HubEvent<T>>> events(Map<String, Object> joined, Map<String, Object> changed,
			Set<String> left) {
		List<SharedMessage<HubEvent<T>>> events = new ArrayList<>(3);
		if (!left.isEmpty()) {
			events.add(new SharedMessage<>(new HubEvent.Left<>(next(), left)));
		}
		if (!changed.isEmpty()) {
			events.add(new SharedMessage<>(new HubEvent.Changed<>(next(), changed)));
		}
		if (!joined.isEmpty()) {
			events.add(new SharedMessage<>(new HubEvent.Joined<>(next(), joined)));
		}
		return events;
	}

	private Position next() {
		return new Position(this.epoch, ++this.version);
	}

	/** A map never becomes smaller by itself. */
	private void shrink() {
		this.most = Math.max(this.most, this.told.size());
		if (this.most > SMALL && this.told.size() < this.most / 4) {
			this.told = new LinkedHashMap<>(this.told);
			this.most = this.told.size();
		}
	}

	/** All who are present, shared by all who want to know it before the next change. */
	SharedMessage<HubEvent<T>> snapshot() {
		SharedMessage<HubEvent<T>> snapshot = this.snapshot;
		if (snapshot == null) {
			snapshot = new SharedMessage<>(new HubEvent.Presence<>(new Position(this.epoch, this.version), this.told));
			this.snapshot = snapshot;
		}
		return snapshot;
	}

	Map<String, Object> members() {
		return ((HubEvent.Presence<T>) snapshot().message()).members();
	}

}
