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

import java.time.Duration;
import java.util.concurrent.Executor;

import dev.halley.hub.broker.HubBroker;
import dev.halley.hub.broker.StringPayloads;

/**
 * Hubs with a broker for tests.
 */
public final class TestHubs {

	/** After which nodes are taken for dead: sooner than those of applications. */
	public static final Duration LEASE = Duration.ofSeconds(3);

	static final BrokerTimes TIMES = new BrokerTimes(Duration.ofSeconds(5), Duration.ofSeconds(30),
			Duration.ofSeconds(2), Duration.ofMillis(300), LEASE);

	private TestHubs() {
	}

	/**
	 * Hubs of strings, whose members have strings too. A grace takes a second.
	 */
	public static Hubs of(HubBroker broker, Executor executor) {
		return of(broker, executor, LEASE);
	}

	/**
	 * The same, with a time of their own after which nodes are taken for dead.
	 */
	public static Hubs of(HubBroker broker, Executor executor, Duration lease) {
		BrokerTimes times = new BrokerTimes(TIMES.linger(), TIMES.check(), TIMES.settling(), TIMES.beat(), lease);
		return of(broker, executor, times, Duration.ofSeconds(1));
	}

	/**
	 * Hubs of a node that says seldom that it is alive.
	 */
	static BrokeredHubs ofSilent(HubBroker broker, Executor executor, Duration lease) {
		BrokerTimes times = new BrokerTimes(TIMES.linger(), TIMES.check(), TIMES.settling(), lease.multipliedBy(100),
				lease);
		return of(broker, executor, times, Duration.ofSeconds(1));
	}

	static BrokeredHubs of(HubBroker broker, Executor executor, BrokerTimes times, Duration grace) {
		return of(broker, executor, times,
				new HubTimes(new HubTimer(SourceThreads.SCHEDULER, System::nanoTime), grace));
	}

	static BrokeredHubs of(HubBroker broker, Executor executor, BrokerTimes times, HubTimes hubTimes) {
		return new BrokeredHubs(broker, (type) -> StringPayloads.INSTANCE, StringPayloads.INSTANCE, executor,
				HistoryPatterns.NONE, times, hubTimes);
	}

}
