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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import dev.halley.connection.CloseReason;
import dev.halley.connection.Connection;
import dev.halley.connection.ConnectionMeter;
import dev.halley.connection.ConnectionObserver;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionTraffic;

/**
 * Measures connections for Micrometer, by endpoint and kind of wire. A message costs
 * nothing but what its connection counts itself: that is added up when meters are read,
 * at most once a second. The meters go when this is closed. Thread-safe.
 */
final class ConnectionMetrics implements ConnectionObserver, AutoCloseable {

	/** Beyond it there is no telling what the templates are. */
	private static final int MOST_WIRES = 500;

	private final MeterRegistry registry;

	private final OwnMeters own = new OwnMeters();

	private final Supplier<ConnectionRegistry> connections;

	private final Map<Wire, WireMeters> wires = new ConcurrentHashMap<>();

	private final Refreshed<Boolean> round = new Refreshed<>(this::refresh);

	/**
	 * Creates metrics.
	 * @param registry where meters are registered
	 * @param connections finds the registry that this is given to
	 */
	ConnectionMetrics(MeterRegistry registry, Supplier<ConnectionRegistry> connections) {
		this.registry = registry;
		this.connections = connections;
	}

	@Override
	public void handshake(Wire wire, Outcome outcome, int status) {
		meters(wire).handshake(outcome, status);
	}

	@Override
	public ConnectionMeter connected(Wire wire, @Nullable Connection connection) {
		WireMeters meters = meters(wire);
		return (connection != null) ? new MeasuredPair(meters, connection) : new Measured(meters);
	}

	private WireMeters meters(Wire wire) {
		WireMeters meters = this.wires.get(wire);
		if (meters != null) {
			return meters;
		}
		Wire known = (this.wires.size() < MOST_WIRES) ? wire : new Wire(wire.transport(), "other");
		return this.wires.computeIfAbsent(known, this::register);
	}

	private WireMeters register(Wire wire) {
		return new WireMeters(this.registry, this.own,
				Tags.of(HalleyTag.ENDPOINT.of(wire.endpoint()), HalleyTag.TRANSPORT.of(wire.transportName())),
				this.round::get);
	}

	@Override
	public void close() {
		this.own.close();
	}

	/** Has all connections add what they have counted since the last time. */
	private boolean refresh() {
		this.wires.values().forEach(WireMeters::startCounting);
		this.connections.get().meters(ConnectionMetrics::measure);
		this.wires.values().forEach(WireMeters::stopCounting);
		return true;
	}

	private static void measure(ConnectionMeter meter) {
		if (meter instanceof Measured measured) {
			measured.measure();
		}
	}

	/**
	 * Counts a connection. One that runs no pair has no traffic that is known.
	 */
	private static class Measured implements ConnectionMeter {

		private final WireMeters meters;

		Measured(WireMeters meters) {
			this.meters = meters;
		}

		WireMeters meters() {
			return this.meters;
		}

		void measure() {
			this.meters.count(0, 0);
		}

		@Override
		public void pong(Duration roundTrip) {
			this.meters.pong(roundTrip);
		}

		@Override
		public void ended(CloseReason reason, Duration age) {
			this.meters.ended(reason, age);
		}

	}

	/**
	 * Remembers what of a connection's traffic was added already.
	 */
	private static final class MeasuredPair extends Measured {

		private final Connection connection;

		private final long[] added = new long[WireMeters.Total.COUNT];

		MeasuredPair(WireMeters meters, Connection connection) {
			super(meters);
			this.connection = connection;
		}

		@Override
		void measure() {
			ConnectionTraffic traffic = addTraffic();
			meters().count(traffic.queuedMessages(), traffic.queuedBytes());
		}

		@Override
		public void ended(CloseReason reason, Duration age) {
			addTraffic();
			super.ended(reason, age);
		}

		/** Handlers may have gone on after the end. */
		@Override
		public void finished() {
			addTraffic();
		}

		private ConnectionTraffic addTraffic() {
			ConnectionTraffic traffic = this.connection.traffic();
			add(traffic);
			return traffic;
		}

		private synchronized void add(ConnectionTraffic traffic) {
			add(WireMeters.Total.RECEIVED, traffic.messagesReceived());
			add(WireMeters.Total.RECEIVED_BYTES, traffic.bytesReceived());
			add(WireMeters.Total.SENT, traffic.messagesSent());
			add(WireMeters.Total.SENT_BYTES, traffic.bytesSent());
			add(WireMeters.Total.DROPPED, traffic.messagesDropped());
			add(WireMeters.Total.HANDLED, traffic.times().handled());
			add(WireMeters.Total.HANDLING, traffic.times().handling().toNanos());
			add(WireMeters.Total.WRITES, traffic.times().writes());
			add(WireMeters.Total.WRITING, traffic.times().writing().toNanos());
		}

		/** Another thread may have come later with an earlier number. */
		private void add(WireMeters.Total total, long now) {
			long before = this.added[total.ordinal()];
			if (now > before) {
				this.added[total.ordinal()] = now;
				meters().add(total, now - before);
			}
		}

	}

}
