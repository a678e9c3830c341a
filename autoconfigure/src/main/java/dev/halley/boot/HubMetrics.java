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

import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import dev.halley.HubStatistics;
import dev.halley.Hubs;

/**
 * Measures hubs for Micrometer, all together: a hub's name may be anybody's choice. The
 * meters go when this is closed. Thread-safe.
 */
final class HubMetrics implements MeterBinder, AutoCloseable {

	private final OwnMeters own = new OwnMeters();

	private final Refreshed<HubStatistics> statistics;

	/**
	 * Creates metrics.
	 * @param hubs the hubs
	 */
	HubMetrics(Supplier<Hubs> hubs) {
		this.statistics = new Refreshed<>(() -> hubs.get().statistics());
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, HalleyMeter.HUBS, HubStatistics::hubs);
		gauge(registry, HalleyMeter.HUB_SUBSCRIBERS, HubStatistics::subscribers);
		gauge(registry, HalleyMeter.HUB_MEMBERS, HubStatistics::members);
		counter(registry, HalleyMeter.HUB_PUBLISHED, HalleyTag.OUTCOME, "accepted", HubStatistics::published);
		counter(registry, HalleyMeter.HUB_PUBLISHED, HalleyTag.OUTCOME, "failed", HubStatistics::failed);
		counter(registry, HalleyMeter.HUB_DELIVERED, null, "", HubStatistics::delivered);
		counter(registry, HalleyMeter.HUB_RECOVERIES, HalleyTag.RESULT, "recovered", HubStatistics::recovered);
		counter(registry, HalleyMeter.HUB_RECOVERIES, HalleyTag.RESULT, "reset", HubStatistics::reset);
	}

	private void gauge(MeterRegistry registry, HalleyMeter meter, ToDoubleFunction<HubStatistics> value) {
		this.own.register(registry, meter.getName(), Tags.empty(),
				Gauge.builder(meter.getName(), this.statistics, (statistics) -> value.applyAsDouble(statistics.get()))
					.baseUnit(meter.getBaseUnit())
					.description(meter.description())::register);
	}

	private void counter(MeterRegistry registry, HalleyMeter meter, @Nullable HalleyTag tag, String tagValue,
			ToDoubleFunction<HubStatistics> value) {
		Tags tags = (tag != null) ? Tags.of(Tag.of(tag.asString(), tagValue)) : Tags.empty();
		this.own.register(registry, meter.getName(), tags,
				FunctionCounter
					.builder(meter.getName(), this.statistics, (statistics) -> value.applyAsDouble(statistics.get()))
					.tags(tags)
					.baseUnit(meter.getBaseUnit())
					.description(meter.description())::register);
	}

	@Override
	public void close() {
		this.own.close();
	}

}
