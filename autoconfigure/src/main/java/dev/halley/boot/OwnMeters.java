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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The meters that one application context has registered, to be removed at its end: the
 * registry may be that of a parent, which goes on. What another context had registered
 * before is its own. After the end they are removed at once. Thread-safe.
 */
final class OwnMeters implements AutoCloseable {

	private final Map<Key, Optional<Meter>> known = new ConcurrentHashMap<>();

	private volatile boolean closed;

	/**
	 * Registers what is there now, unless it is.
	 * @param registry where
	 * @param meter which
	 * @param tags the meter's tags
	 * @param source what is measured, which somebody else holds
	 * @param value how much it is
	 * @param <T> the type of what is measured
	 */
	<T> void gauge(MeterRegistry registry, HalleyMeter meter, Tags tags, T source, ToDoubleFunction<T> value) {
		registerOnce(registry, meter, tags,
				Gauge.builder(meter.getName(), source, value)
					.tags(tags)
					.baseUnit(meter.getBaseUnit())
					.description(meter.description())::register);
	}

	/**
	 * Registers what is counted elsewhere, unless it is.
	 * @param registry where
	 * @param meter which
	 * @param tags the meter's tags
	 * @param source what counts, which somebody else holds
	 * @param count how much it is
	 * @param <T> the type of what counts
	 */
	<T> void counter(MeterRegistry registry, HalleyMeter meter, Tags tags, T source, ToDoubleFunction<T> count) {
		registerOnce(registry, meter, tags,
				FunctionCounter.builder(meter.getName(), source, count)
					.tags(tags)
					.baseUnit(meter.getBaseUnit())
					.description(meter.description())::register);
	}

	/**
	 * Registers what is timed elsewhere, unless it is.
	 * @param registry where
	 * @param meter which
	 * @param tags the meter's tags
	 * @param source what counts, which somebody else holds
	 * @param count how often it was
	 * @param nanos how long it took in all
	 * @param <T> the type of what counts
	 */
	<T> void timer(MeterRegistry registry, HalleyMeter meter, Tags tags, T source, ToLongFunction<T> count,
			ToDoubleFunction<T> nanos) {
		registerOnce(registry, meter, tags,
				FunctionTimer.builder(meter.getName(), source, count, nanos, TimeUnit.NANOSECONDS)
					.tags(tags)
					.description(meter.description())::register);
	}

	/**
	 * Registers a meter that is told each time, or finds it.
	 * @param registry where
	 * @param meter which
	 * @param tags the meter's tags
	 * @param registration registers or finds it
	 * @param <M> the type of the meter
	 * @return the meter
	 */
	<M extends Meter> M register(MeterRegistry registry, HalleyMeter meter, Tags tags,
			Function<MeterRegistry, M> registration) {
		remember(registry, meter, tags, registration);
		M found = registration.apply(registry);
		closeIfClosed();
		return found;
	}

	/** A gauge that is registered again is a warning in the log. */
	private void registerOnce(MeterRegistry registry, HalleyMeter meter, Tags tags,
			Function<MeterRegistry, ? extends Meter> registration) {
		remember(registry, meter, tags, registration);
		closeIfClosed();
	}

	private void remember(MeterRegistry registry, HalleyMeter meter, Tags tags,
			Function<MeterRegistry, ? extends Meter> registration) {
		this.known.computeIfAbsent(new Key(registry, meter, tags),
				(key) -> key.isFree() ? Optional.of(registration.apply(registry)) : Optional.empty());
	}

	private void closeIfClosed() {
		if (this.closed) {
			close();
		}
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

	private record Key(MeterRegistry registry, HalleyMeter meter, Tags tags) {

		boolean isFree() {
			return this.registry.find(this.meter.getName()).tags(this.tags).meter() == null;
		}

	}

}
