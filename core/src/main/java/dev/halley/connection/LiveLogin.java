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
import java.time.Instant;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * The login of one connection, from before its handshake is answered until it is gone.
 * What ends it before there is a connection closes it at once when it is there.
 * <p>
 * Thread-safe. The monitor is held for no call of the connection.
 */
final class LiveLogin implements Login {

	private final Logins logins;

	private final @Nullable Object user;

	private volatile @Nullable Instant expiresAt;

	/** Changed within the monitor of the index. */
	private volatile @Nullable String session;

	private @Nullable Consumer<CloseStatus> connection;

	private @Nullable CloseStatus ended;

	private boolean closed;

	private volatile boolean used;

	LiveLogin(Logins logins, LoginSource.Found found) {
		this.logins = logins;
		this.user = found.user();
		this.expiresAt = found.expiresAt();
	}

	/** Equals that of the same user; absent for nobody. */
	@Nullable Object user() {
		return this.user;
	}

	/** The id of the HTTP session, whatever it was when the login began. */
	@Nullable String session() {
		return this.session;
	}

	void session(String id) {
		this.session = id;
	}

	/** Gives it the connection to close. Called on the thread of the request. */
	void attach(Consumer<CloseStatus> connection) {
		CloseStatus ended;
		synchronized (this) {
			this.connection = connection;
			ended = this.ended;
		}
		if (ended != null) {
			close(connection, ended);
		}
		else if (this.logins.isSessionGone(this)) {
			end(Logins.SESSION_ENDED);
		}
	}

	/** Closes the connection, once. */
	void end(CloseStatus status) {
		Consumer<CloseStatus> connection;
		synchronized (this) {
			if (this.ended != null) {
				return;
			}
			this.ended = status;
			connection = this.connection;
		}
		if (connection != null) {
			close(connection, status);
		}
	}

	/** As {@link #end}, unless a fresh token has come just before. */
	void endIfExpired(Instant latest) {
		Consumer<CloseStatus> connection;
		synchronized (this) {
			Instant expiresAt = this.expiresAt;
			if (this.ended != null || expiresAt == null || expiresAt.isAfter(latest)) {
				return;
			}
			this.ended = Logins.TOKEN_EXPIRED;
			connection = this.connection;
		}
		if (connection != null) {
			close(connection, Logins.TOKEN_EXPIRED);
		}
	}

	/** The stack may be at its end here, as nobody else is to suffer from. */
	private void close(Consumer<CloseStatus> connection, CloseStatus status) {
		try {
			connection.accept(status);
		}
		catch (Throwable ex) {
			this.logins.closeAgain(() -> connection.accept(status));
		}
	}

	/** The connection is gone, or was not made. */
	void close() {
		synchronized (this) {
			this.closed = true;
			this.connection = null;
			this.logins.forget(this);
		}
	}

	/** A message came in. */
	void used() {
		if (!this.used && this.logins.keepsSessions()) {
			this.used = true;
		}
	}

	boolean takeUsed() {
		boolean used = this.used;
		this.used = false;
		return used;
	}

	@Override
	public @Nullable Instant expiresAt() {
		return this.expiresAt;
	}

	@Override
	public boolean renew(String token) {
		return renew(this.logins.source().verify(token));
	}

	@Override
	public boolean renew(Principal user) {
		return renew(this.logins.source().of(user));
	}

	private boolean renew(LoginSource.@Nullable Found fresh) {
		if (fresh == null || fresh.user() == null || !fresh.user().equals(this.user)) {
			end(Logins.TOKEN_REFUSED);
			return false;
		}
		synchronized (this) {
			if (this.closed || this.ended != null) {
				return false;
			}
			this.expiresAt = fresh.expiresAt();
			this.logins.follow(this);
			return true;
		}
	}

}
