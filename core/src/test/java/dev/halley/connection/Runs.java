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

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.springframework.web.socket.CloseStatus;

import dev.halley.ContextCapture;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.Overflow;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageDecodingException;
import dev.halley.codec.Payload;

/**
 * Runs pairs of strings over fake wires, in virtual time. What would be handed over to
 * another thread runs on the caller's, unless an executor is given.
 */
final class Runs {

	static final ConnectionSettings SETTINGS = ConnectionSettings.DEFAULT;

	static final ConnectionInfo INFO = new ConnectionInfo("c0", "websocket", "/sessions", "Sessions",
			URI.create("/sessions"), "192.0.2.1", null, null, Instant.EPOCH);

	/** Where sessions are made. */
	static final ConnectionObserver.Wire WIRE = new ConnectionObserver.Wire("websocket", "/spring");

	private static final AtomicInteger IDS = new AtomicInteger();

	final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

	final ConnectionRegistry registry;

	final CountingCodec codec = new CountingCodec();

	/** What {@code whenDone} was told, of the pairs made by {@link #in()}. */
	final List<CloseStatus> done = new CopyOnWriteArrayList<>();

	/** What the handlers of the pairs made by {@link #in()} got. */
	final List<String> received = new CopyOnWriteArrayList<>();

	/** Of the connection that was made last. */
	Reservation place;

	FailureHandler failures = FailureHandler.NONE;

	ConnectionSettings settings = SETTINGS;

	Runs() {
		this(Runnable::run);
	}

	Runs(Executor executor) {
		this(executor, executor);
	}

	Runs(Executor executor, Executor callbacks) {
		this.registry = new ConnectionRegistry(executor, callbacks, ConnectionLimits.NONE, this.nanos::get);
	}

	Runs(ConnectionObserver observer) {
		this.registry = new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE, this.nanos::get,
				ContextCapture.NONE, observer);
	}

	Runs(ContextCapture contexts) {
		this.registry = new ConnectionRegistry(Runnable::run, Runnable::run, ConnectionLimits.NONE, this.nanos::get,
				contexts, ConnectionObserver.NONE);
	}

	Runs with(Overflow overflow, int messages, long bytes) {
		this.settings = new ConnectionSettings(messages, bytes, overflow, SETTINGS.maxMessageSize(),
				SETTINGS.idleTimeout(), SETTINGS.pingInterval(), SETTINGS.pongTimeout(), SETTINGS.closeTimeout(),
				SETTINGS.sendTimeout());
		return this;
	}

	/** An in that remembers what it got and how it ended. */
	In<String> in() {
		return In.<String>forEach(this.received::add).whenDone(this.done::add);
	}

	Connection connection(InOut<?, ?> pair) {
		ConnectionInfo info = new ConnectionInfo("c" + IDS.incrementAndGet(), "websocket", "/rooms/{room}",
				"Rooms.room", URI.create("/rooms/1"), "192.0.2.1", null, null, Instant.EPOCH);
		this.place = this.registry.reserve("192.0.2.1", null);
		return new Connection(info, pair, this.codec, this.codec, this.failures, this.settings, this.registry,
				this.place);
	}

	Connection open(InOut<?, ?> pair, FakeTransport transport) {
		Connection connection = connection(pair);
		transport.attach(connection);
		connection.open(transport);
		return connection;
	}

	Connection open(Out<String> out, FakeTransport transport) {
		return open(InOut.of(in(), out), transport);
	}

	/** Lets time pass, with a tick each quarter of a second as the timer has it. */
	void pass(Duration time) {
		long left = time.toNanos();
		while (left > 0) {
			long step = Math.min(left, 250_000_000L);
			this.nanos.addAndGet(step);
			this.registry.tick();
			left -= step;
		}
	}

	static Payload text(String text) {
		return Payload.text(text);
	}

	/** Strings as text; counts its work. {@code ?} cannot be read, {@code !} written. */
	static final class CountingCodec implements MessageCodec<String> {

		final AtomicInteger encoded = new AtomicInteger();

		volatile Consumer<String> onEncode = (message) -> {
		};

		@Override
		public Payload encode(String message) {
			this.encoded.incrementAndGet();
			this.onEncode.accept(message);
			if (message.equals("!")) {
				throw new IllegalArgumentException("no encoded form");
			}
			return Payload.text(message);
		}

		@Override
		public String decode(Payload payload) {
			if (payload.text().equals("?")) {
				throw new MessageDecodingException("message: ? (expected: any other)");
			}
			return payload.text();
		}

	}

}
