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

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import dev.halley.connection.CloseReason;
import dev.halley.connection.ConnectionObserver.Outcome;

/**
 * The meters of the connections of one endpoint over one kind of wire. What connections
 * have counted themselves is added up here when somebody wants to know it. Thread-safe.
 */
final class WireMeters {

	/** Those of SignalR, in milliseconds. */
	private static final long[] DURATIONS = { 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
			120_000, 300_000 };

	private static final long[] ROUND_TRIPS = { 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000 };

	private final MeterRegistry registry;

	private final OwnMeters own;

	private final Tags tags;

	private final Runnable refresh;

	private final AtomicLong[] totals = new AtomicLong[Total.COUNT];

	/** What is there now, as the last round has found it. */
	private volatile Level level = Level.NOTHING;

	/** The same of the round that is going on, guarded by the lock of whoever does it. */
	private Level counting = Level.NOTHING;

	private final Timer pings;

	/**
	 * Registers meters.
	 * @param registry where
	 * @param own keeps them for the end
	 * @param tags the endpoint and the transport
	 * @param refresh has all that connections have counted added up; called before each
	 * look at it
	 */
	WireMeters(MeterRegistry registry, OwnMeters own, Tags tags, Runnable refresh) {
		this.registry = registry;
		this.own = own;
		this.tags = tags;
		this.refresh = refresh;
		for (Total total : Total.values()) {
			this.totals[total.ordinal()] = new AtomicLong();
		}
		this.pings = timer(HalleyMeter.PING, tags, ROUND_TRIPS);
		gauge(HalleyMeter.CONNECTIONS_ACTIVE, (level) -> level.connections);
		gauge(HalleyMeter.QUEUED_MESSAGES, (level) -> level.messages);
		gauge(HalleyMeter.QUEUED_BYTES, (level) -> level.bytes);
		counter(HalleyMeter.MESSAGES, Total.RECEIVED, received());
		counter(HalleyMeter.MESSAGES, Total.SENT, sent());
		counter(HalleyMeter.TRAFFIC, Total.RECEIVED_BYTES, received());
		counter(HalleyMeter.TRAFFIC, Total.SENT_BYTES, sent());
		counter(HalleyMeter.MESSAGES_DROPPED, Total.DROPPED, tags);
		timer(HalleyMeter.HANDLING, Total.HANDLED, Total.HANDLING);
		timer(HalleyMeter.WRITES, Total.WRITES, Total.WRITING);
	}

	private Tags received() {
		return this.tags.and(HalleyTag.DIRECTION.of("received"));
	}

	private Tags sent() {
		return this.tags.and(HalleyTag.DIRECTION.of("sent"));
	}

	private void gauge(HalleyMeter meter, ToDoubleFunction<Level> value) {
		this.own.gauge(this.registry, meter, this.tags, this, (meters) -> value.applyAsDouble(meters.fresh().level));
	}

	private void counter(HalleyMeter meter, Total total, Tags tags) {
		this.own.counter(this.registry, meter, tags, this, (meters) -> meters.fresh().total(total));
	}

	private void timer(HalleyMeter meter, Total count, Total nanos) {
		this.own.timer(this.registry, meter, this.tags, this, (meters) -> meters.fresh().total(count),
				(meters) -> meters.total(nanos));
	}

	private Timer timer(HalleyMeter meter, Tags tags, long[] millis) {
		Duration[] buckets = new Duration[millis.length];
		for (int i = 0; i < millis.length; i++) {
			buckets[i] = Duration.ofMillis(millis[i]);
		}
		return this.own.register(this.registry, meter, tags,
				Timer.builder(meter.getName())
					.tags(tags)
					.description(meter.description())
					.serviceLevelObjectives(buckets)::register);
	}

	private WireMeters fresh() {
		this.refresh.run();
		return this;
	}

	private long total(Total total) {
		return this.totals[total.ordinal()].get();
	}

	void add(Total total, long more) {
		if (more != 0) {
			this.totals[total.ordinal()].addAndGet(more);
		}
	}

	void handshake(Outcome outcome, int status) {
		Tags tags = this.tags.and(HalleyTag.OUTCOME.of(lowerCase(outcome)),
				HalleyTag.STATUS.of((status != 0) ? String.valueOf(status) : "none"));
		this.own
			.register(this.registry, HalleyMeter.HANDSHAKES, tags,
					Counter.builder(HalleyMeter.HANDSHAKES.getName())
						.tags(tags)
						.baseUnit(HalleyMeter.HANDSHAKES.getBaseUnit())
						.description(HalleyMeter.HANDSHAKES.description())::register)
			.increment();
	}

	void ended(CloseReason reason, Duration age) {
		timer(HalleyMeter.CONNECTION_DURATION, this.tags.and(HalleyTag.REASON.of(lowerCase(reason))), DURATIONS)
			.record(age);
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	void pong(Duration roundTrip) {
		this.pings.record(roundTrip);
	}

	/** A round begins. */
	void startCounting() {
		this.counting = Level.NOTHING;
	}

	/** One more connection is there in this round. */
	void count(long messages, long bytes) {
		Level before = this.counting;
		this.counting = new Level(before.connections + 1, before.messages + messages, before.bytes + bytes);
	}

	/** The round has come to its end. */
	void stopCounting() {
		this.level = this.counting;
	}

	/**
	 * What only grows.
	 */
	enum Total {

		RECEIVED, RECEIVED_BYTES, SENT, SENT_BYTES, DROPPED, HANDLED, HANDLING, WRITES, WRITING;

		static final int COUNT = values().length;

	}

	/**
	 * What is there at a moment.
	 *
	 * @param connections how many connections
	 * @param messages how many messages wait
	 * @param bytes how many bytes wait
	 */
	private record Level(long connections, long messages, long bytes) {

		static final Level NOTHING = new Level(0, 0, 0);

	}

}
