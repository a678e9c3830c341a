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

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

/**
 * Who may still come: counts the places that are taken, in all, by address and by user,
 * and refuses those beyond the limits, and those that come too fast. Who may come begins
 * a login, where connections end with one. Thread-safe.
 */
final class Admission {

	private final ConnectionLimits limits;

	/** A monitor, which is left even when the stack of a handler ends within. */
	private final Object lock = new Object();

	private final Map<String, Integer> addresses = new HashMap<>();

	private final Map<String, Integer> users = new HashMap<>();

	private final LongSupplier ticker;

	/** Who was refused for another reason has taken nothing of it. */
	private final @Nullable TokenBucket pace;

	private volatile @Nullable Logins logins;

	private int reserved;

	private volatile boolean open = true;

	private volatile CloseStatus farewell = CloseStatus.GOING_AWAY;

	Admission(ConnectionLimits limits, LongSupplier ticker) {
		this.limits = limits;
		this.ticker = ticker;
		this.pace = (limits.perSecond() != ConnectionLimits.UNLIMITED)
				? new TokenBucket(limits.perSecond(), ticker.getAsLong()) : null;
	}

	/**
	 * Takes a place.
	 * @throws TooManyConnectionsException if there is none
	 */
	Reservation reserve(@Nullable String address, @Nullable String user) {
		Reservation reservation = takePlace(address, user);
		Logins logins = this.logins;
		if (logins != null) {
			try {
				reservation.login(logins.begin());
			}
			catch (Throwable ex) {
				reservation.close();
				throw ex;
			}
		}
		return reservation;
	}

	private Reservation takePlace(@Nullable String address, @Nullable String user) {
		String counted = (address != null) ? RemoteAddress.key(address) : null;
		synchronized (this.lock) {
			if (!this.open) {
				throw new TooManyConnectionsException("The application is shutting down", true);
			}
			checkRoom("connections", this.reserved, this.limits.total());
			checkRoom("connections from one address", count(this.addresses, counted), this.limits.perAddress());
			checkRoom("connections of one user", count(this.users, user), this.limits.perUser());
			checkPace();
			this.reserved++;
			count(this.addresses, counted, 1);
			count(this.users, user, 1);
			return new Reservation(this, counted, user);
		}
	}

	private void checkPace() {
		if (this.pace != null && !this.pace.take(this.ticker.getAsLong())) {
			throw new TooManyConnectionsException(
					"new connections within a second (expected: <= " + this.limits.perSecond() + ")", true);
		}
	}

	private static void checkRoom(String what, int count, int limit) {
		if (count >= limit) {
			throw new TooManyConnectionsException(what + ": " + count + " (expected: < " + limit + ")", false);
		}
	}

	private static int count(Map<String, Integer> counts, @Nullable String key) {
		return (key != null) ? counts.getOrDefault(key, 0) : 0;
	}

	private static void count(Map<String, Integer> counts, @Nullable String key, int change) {
		if (key != null) {
			counts.merge(key, change, (count, more) -> (count + more != 0) ? count + more : null);
		}
	}

	/** Has those who come begin a login. Called once. */
	void endWith(Logins logins) {
		Assert.state(this.logins == null, "Connections can end with one kind of logins only");
		this.logins = logins;
	}

	/** Gives a place back. */
	void release(@Nullable String address, @Nullable String user) {
		synchronized (this.lock) {
			this.reserved--;
			count(this.addresses, address, -1);
			count(this.users, user, -1);
		}
	}

	ConnectionLimits limits() {
		return this.limits;
	}

	/** How many places are taken. */
	int reserved() {
		synchronized (this.lock) {
			return this.reserved;
		}
	}

	boolean isOpen() {
		return this.open;
	}

	void open() {
		this.farewell = CloseStatus.GOING_AWAY;
		this.open = true;
	}

	/** Nobody may come any more. */
	void close() {
		this.open = false;
	}

	/**
	 * Nobody may come any more.
	 * @param farewell what those are told whose handshake is under way
	 */
	void close(CloseStatus farewell) {
		this.farewell = farewell;
		close();
	}

	/** What a connection is told that comes when nobody may. */
	CloseStatus farewell() {
		return this.farewell;
	}

}
