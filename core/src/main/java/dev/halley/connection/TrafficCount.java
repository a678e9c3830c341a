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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.halley.codec.Payload;

/**
 * Counts what comes in over one connection, and remembers when the count of what came and
 * went has changed. Only the wire writes the numbers, one message at a time, so that they
 * need no atomic operation; any thread may read them. The time is that of the ticks,
 * which is cheaper than to look at a clock for each message.
 */
final class TrafficCount {

	private static final VarHandle MESSAGES = field("messages");

	private static final VarHandle BYTES = field("bytes");

	private static final VarHandle HANDLED = field("handled");

	private static final VarHandle HANDLING = field("handling");

	private long messages;

	private long bytes;

	private long handled;

	private long handling;

	private final ConnectionObserver observer;

	private final long created;

	private final boolean timing;

	private final ConnectionInfo info;

	private final TrafficLog.@Nullable Endpoint log;

	private ConnectionMeter meter = ConnectionMeter.NONE;

	/** Since when the message is handled that is. */
	private long handlingSince;

	/** What had come and gone at the last tick. */
	private volatile long seen;

	private volatile long changed;

	TrafficCount(ConnectionRegistry registry, ConnectionInfo info) {
		this.observer = registry.guardedObserver();
		this.timing = registry.observer() != ConnectionObserver.NONE;
		this.created = registry.now();
		this.changed = this.created;
		this.info = info;
		TrafficLog log = registry.trafficLog();
		this.log = (log != null) ? log.of(info) : null;
	}

	private static VarHandle field(String name) {
		try {
			return MethodHandles.lookup().findVarHandle(TrafficCount.class, name, long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	void add(Payload payload) {
		MESSAGES.setOpaque(this, this.messages + 1);
		BYTES.setOpaque(this, this.bytes + payload.measure());
		if (this.log != null) {
			this.log.received(this.info, payload);
		}
	}

	/** Messages are about to be written, and are counted when they are. */
	void sending(List<Payload> batch) {
		if (this.log != null) {
			this.log.sending(this.info, batch);
		}
	}

	/** Whether handlers and writes are timed. */
	boolean isTiming() {
		return this.timing;
	}

	/** A message is about to be handled. No other is, until it is {@link #handled}. */
	void handling(long now) {
		this.handlingSince = now;
	}

	/** It was handled. Called by whoever has it handled, or has seen its end. */
	void handled(long now) {
		HANDLED.setOpaque(this, this.handled + 1);
		HANDLING.setOpaque(this, this.handling + now - this.handlingSince);
	}

	/** The connection is made. Called before any other thread has it. */
	void connected(Connection connection) {
		this.meter = this.observer.connected(new ConnectionObserver.Wire(this.info.transport(), this.info.endpoint()),
				connection);
	}

	/** What is told of the connection. */
	ConnectionMeter meter() {
		return this.meter;
	}

	/** The peer has answered a ping. */
	void pong(Duration roundTrip) {
		GuardedObserver.guarded(() -> this.meter.pong(roundTrip));
	}

	/** The wire is gone. */
	void ended(CloseReason reason, long now) {
		ended(this.meter, reason, now - this.created);
		if (this.log != null) {
			this.log.ended(this.info, reason);
		}
	}

	/** The application has done with the connection. */
	void finished() {
		GuardedObserver.guarded(this.meter::finished);
	}

	/** Tells an end, which goes on whatever becomes of that. */
	static void ended(ConnectionMeter meter, CloseReason reason, long age) {
		GuardedObserver.guarded(() -> meter.ended(reason, Duration.ofNanos(age)));
	}

	private ConnectionTimes times(SendQueue.Totals sent) {
		return new ConnectionTimes((long) HANDLED.getOpaque(this), Duration.ofNanos((long) HANDLING.getOpaque(this)),
				sent.writes(), Duration.ofNanos(sent.writing()));
	}

	long messages() {
		return (long) MESSAGES.getOpaque(this);
	}

	long bytes() {
		return (long) BYTES.getOpaque(this);
	}

	/** Takes note of the time. Called by the timer alone. */
	void tick(long now, long sent) {
		long total = messages() + sent;
		if (total != this.seen) {
			this.changed = now;
			this.seen = total;
		}
	}

	/** When something came or went last. */
	private long lastChange(long now, long sent) {
		return (messages() + sent != this.seen) ? now : this.changed;
	}

	/**
	 * All that is counted of a connection.
	 * @param now the time
	 * @param sent the other direction
	 * @param roundTrip how long the last ping took, or {@link TimeOuts#UNKNOWN}
	 */
	ConnectionTraffic with(long now, SendQueue.Totals sent, long roundTrip) {
		long age = now - lastChange(now, sent.messages());
		return new ConnectionTraffic(messages(), bytes(), sent.messages(), sent.bytes(), sent.dropped(),
				sent.waitingMessages(), sent.waitingBytes(), Instant.now().minusNanos(age),
				(roundTrip != TimeOuts.UNKNOWN) ? Duration.ofNanos(roundTrip) : null, times(sent));
	}

}
