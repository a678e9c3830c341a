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

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.connection.LoginSource.Found;

/**
 * Runs connections with logins over fake wires, in virtual time.
 */
final class LoginRuns {

	static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

	static final Duration CHECK = Duration.ofSeconds(30);

	static final Duration GRACE = Duration.ofSeconds(60);

	final Source source = new Source();

	final Store store = new Store();

	/** Runs the look-ups in the store. */
	Executor executor = Runnable::run;

	/** The one that was opened last. */
	Connection connection;

	private final Runs runs = new Runs();

	private final long origin = this.runs.nanos.get();

	private @Nullable Logins logins;

	Logins logins() {
		return logins(Logins.Settings.DEFAULT);
	}

	/** The settings count the first time. */
	Logins logins(Logins.Settings settings) {
		Logins logins = this.logins;
		if (logins == null) {
			logins = new Logins(this.source, settings, this.executor, this::now);
			this.runs.registry.endWith(logins);
			this.logins = logins;
		}
		return logins;
	}

	/** The time of the wall goes on as that of the timer. */
	private Instant now() {
		return NOON.plusNanos(this.runs.nanos.get() - this.origin);
	}

	FakeTransport open(@Nullable String session, @Nullable Instant expiresAt) {
		return open(new Found("ada", session, null, expiresAt));
	}

	FakeTransport open(Found found) {
		logins();
		this.source.current = found;
		FakeTransport transport = new FakeTransport();
		transport.answersPings = false;
		this.connection = this.runs.open(InOut.of(this.runs.in(), Out.never()), transport);
		return transport;
	}

	FakeTransport openInStore(String session) {
		this.store.ids.add(session);
		return open(new Found("ada", session, this.store, null));
	}

	/** Of the connection that was opened last. */
	Login login() {
		return this.runs.place.login();
	}

	/** A handshake that has a place, and no connection yet. */
	Reservation reserve(Found found) {
		logins();
		this.source.current = found;
		return this.runs.registry.reserve(null, "ada");
	}

	ConnectionRegistry registry() {
		return this.runs.registry;
	}

	AtomicLong nanos() {
		return this.runs.nanos;
	}

	/** Lets time pass, with ticks. */
	void pass(Duration time) {
		this.runs.pass(time);
	}

	/** Tokens are {@code <user> <seconds after noon>}. */
	static final class Source implements LoginSource {

		Found current = Found.NOTHING;

		Runnable onCurrent = () -> {
		};

		@Override
		public Found current() {
			Found found = this.current;
			this.onCurrent.run();
			return found;
		}

		@Override
		public @Nullable Found verify(String token) {
			if (token.equals("unknown")) {
				throw new IllegalStateException(token);
			}
			String[] parts = token.split(" ");
			return (parts.length == 2) ? new Found(parts[0], null, null, NOON.plusSeconds(Integer.parseInt(parts[1])))
					: null;
		}

		@Override
		public Found of(Principal user) {
			return new Found(user.getName(), null, null, null);
		}

	}

	static final class Store implements LoginSource.Sessions {

		final Set<String> ids = new TreeSet<>();

		final List<String> calls = new ArrayList<>();

		final Set<String> unreadable = new TreeSet<>();

		final List<Boolean> gone = new ArrayList<>();

		boolean failing;

		Runnable onTouch = () -> {
		};

		@Override
		public boolean exists(String id) {
			return call("exists", id);
		}

		@Override
		public boolean touch(String id, BooleanSupplier gone) {
			boolean there = call("touch", id);
			this.onTouch.run();
			this.gone.add(gone.getAsBoolean());
			return there;
		}

		private boolean call(String what, String id) {
			this.calls.add(what + " " + id);
			if (this.failing) {
				throw new IllegalStateException("no store");
			}
			if (this.unreadable.contains(id)) {
				throw new NoClassDefFoundError("of an attribute");
			}
			return this.ids.contains(id);
		}

	}

}
