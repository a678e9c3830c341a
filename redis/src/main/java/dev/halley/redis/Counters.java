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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened since the start.
 */
final class Counters {

	private final ConcurrentMap<String, LongAdder> counters = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Long> values = new ConcurrentHashMap<>();

	void add(String name) {
		this.counters.computeIfAbsent(name, (added) -> new LongAdder()).increment();
	}

	void set(String name, long value) {
		this.values.put(name, value);
	}

	long get(String name) {
		LongAdder counter = this.counters.get(name);
		return (counter != null) ? counter.sum() : 0;
	}

	Map<String, Long> all() {
		Map<String, Long> all = new ConcurrentHashMap<>(this.values);
		this.counters.forEach((name, counter) -> all.put(name, counter.sum()));
		return all;
	}

}
