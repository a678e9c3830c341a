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

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

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
		counter(registry, HalleyMeter.HUB_PUBLISHED, outcome("accepted"), HubStatistics::published);
		counter(registry, HalleyMeter.HUB_PUBLISHED, outcome("failed"), HubStatistics::failed);
		counter(registry, HalleyMeter.HUB_DELIVERED, Tags.empty(), HubStatistics::delivered);
		this.own.timer(registry, HalleyMeter.HUB_LAG, Tags.empty(), this.statistics,
				(statistics) -> statistics.get().came(), (statistics) -> statistics.get().lag().toNanos());
		counter(registry, HalleyMeter.HUB_RECOVERIES, result("recovered"), HubStatistics::recovered);
		counter(registry, HalleyMeter.HUB_RECOVERIES, result("reset"), HubStatistics::reset);
	}

	private static Tags outcome(String outcome) {
		return Tags.of(HalleyTag.OUTCOME.of(outcome));
	}

	private static Tags result(String result) {
		return Tags.of(HalleyTag.RESULT.of(result));
	}

	private void gauge(MeterRegistry registry, HalleyMeter meter, ToDoubleFunction<HubStatistics> value) {
		this.own.gauge(registry, meter, Tags.empty(), this.statistics,
				(statistics) -> value.applyAsDouble(statistics.get()));
	}

	private void counter(MeterRegistry registry, HalleyMeter meter, Tags tags, ToDoubleFunction<HubStatistics> value) {
		this.own.counter(registry, meter, tags, this.statistics, (statistics) -> value.applyAsDouble(statistics.get()));
	}

	@Override
	public void close() {
		this.own.close();
	}

}
