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

package dev.halley.boot;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The meters that one application context has registered, to be removed at its end: the
 * registry may be that of a parent, which goes on. What another context had registered
 * before is its own. Thread-safe.
 */
final class OwnMeters implements AutoCloseable {

	private final Map<Key, Optional<Meter>> known = new ConcurrentHashMap<>();

	private volatile boolean closed;

	/**
	 * Registers a meter, or finds it. After the end it is removed at once.
	 * @param registry where
	 * @param name the meter's name
	 * @param tags the meter's tags
	 * @param registration does it
	 * @param <M> the type of the meter
	 * @return the meter
	 */
	<M extends Meter> M register(MeterRegistry registry, String name, Tags tags,
			Function<MeterRegistry, M> registration) {
		this.known.computeIfAbsent(new Key(registry, name, tags),
				(key) -> key.isFree() ? Optional.of(registration.apply(registry)) : Optional.empty());
		M meter = registration.apply(registry);
		if (this.closed) {
			close();
		}
		return meter;
	}

	@Override
	public void close() {
		this.closed = true;
		for (Key key : this.known.keySet()) {
			Optional<Meter> own = this.known.remove(key);
			if (own != null) {
				own.ifPresent(key.registry::remove);
			}
		}
	}

	private record Key(MeterRegistry registry, String name, Tags tags) {

		boolean isFree() {
			return this.registry.find(this.name).tags(this.tags).meter() == null;
		}

	}

}
