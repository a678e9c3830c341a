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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * A place for one connection, counted against the limits from its handshake until it is
 * closed. Closing twice does nothing.
 *
 * @since 0.1
 */
public final class Reservation implements AutoCloseable {

	private final Admission admission;

	private final @Nullable String address;

	private final @Nullable String user;

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile @Nullable LiveLogin login;

	Reservation(Admission admission, @Nullable String address, @Nullable String user) {
		this.admission = admission;
		this.address = address;
		this.user = user;
	}

	void login(LiveLogin login) {
		this.login = login;
	}

	/**
	 * Returns the login with which the place was taken.
	 * @return the login, or {@code null} if connections do not end with one
	 */
	public @Nullable Login login() {
		return this.login;
	}

	/** Whoever has taken the place is to be closed with the login. */
	void closeWithLogin(Consumer<CloseStatus> connection) {
		LiveLogin login = this.login;
		if (login != null) {
			login.attach(connection);
		}
	}

	/** A message came in. */
	void used() {
		LiveLogin login = this.login;
		if (login != null) {
			login.used();
		}
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			LiveLogin login = this.login;
			try {
				if (login != null) {
					login.close();
				}
			}
			finally {
				this.admission.release(this.address, this.user);
			}
		}
	}

}
