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
import java.time.InstantSource;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

/**
 * The logins of all live connections, which ends connections with them: told of the end
 * of HTTP sessions, looking for those of stores that do not tell, and at what time tokens
 * expire. Holds nothing for a session without connections.
 * <p>
 * Thread-safe. Time passes for it by the registry's timer.
 *
 * @since 0.1
 */
public final class Logins {

	static final CloseStatus SESSION_ENDED = CloseStatus.POLICY_VIOLATION.withReason("session ended");

	static final CloseStatus TOKEN_EXPIRED = CloseStatus.POLICY_VIOLATION.withReason("token expired");

	static final CloseStatus TOKEN_REFUSED = CloseStatus.POLICY_VIOLATION.withReason("token refused");

	private static final Log logger = LogFactory.getLog(Logins.class);

	/** How exactly the end of a token is kept. */
	private static final Duration RESOLUTION = Duration.ofSeconds(1);

	private final LoginSource source;

	private final Settings settings;

	private final InstantSource clock;

	private final SessionIndex index = new SessionIndex();

	/** Finds the ends of sessions that nobody tells. */
	private final SessionRounds rounds;

	/** Those that have a token that expires. */
	private final Set<LiveLogin> expiring = ConcurrentHashMap.newKeySet();

	private volatile @Nullable ConnectionRegistry registry;

	private final AtomicBoolean watching = new AtomicBoolean();

	/** What is to be done again, on a stack of its own. */
	private final Queue<Runnable> failedCloses = new ConcurrentLinkedQueue<>();

	/**
	 * Creates an instance without connections.
	 * @param source knows the logins of requests
	 * @param settings what connections end with
	 * @param executor runs the look-ups in stores of sessions, which may block
	 * @param clock tells when tokens expire
	 */
	public Logins(LoginSource source, Settings settings, Executor executor, InstantSource clock) {
		Assert.notNull(source, "'source' must not be null");
		Assert.notNull(settings, "'settings' must not be null");
		Assert.notNull(executor, "'executor' must not be null");
		Assert.notNull(clock, "'clock' must not be null");
		this.source = source;
		this.settings = settings;
		this.clock = clock;
		this.rounds = new SessionRounds(this.index, settings, executor, this::sessionEnded);
	}

	/** Lets time pass, for as long as the registry's timer runs. */
	void start(ConnectionRegistry registry) {
		this.registry = registry;
		repeat(registry, this.settings.sessionCheck(), this.rounds::next);
		watch();
	}

	/**
	 * Ends those due once a second while there may be some, and wakes nobody for none.
	 */
	private void watch() {
		ConnectionRegistry registry = this.registry;
		if (registry != null && !(this.expiring.isEmpty() && this.failedCloses.isEmpty())
				&& this.watching.compareAndSet(false, true)) {
			registry.runLater(RESOLUTION, () -> {
				this.watching.set(false);
				try {
					endThoseDue();
				}
				finally {
					watch();
				}
			});
		}
	}

	private static void repeat(ConnectionRegistry registry, Duration interval, Runnable work) {
		registry.runLater(interval, () -> {
			try {
				work.run();
			}
			finally {
				repeat(registry, interval, work);
			}
		});
	}

	/** Begins with what the current thread's request is logged in by. */
	LiveLogin begin() {
		SessionIndex.Change mark = this.index.mark();
		LoginSource.Found found = this.source.current();
		LiveLogin login = new LiveLogin(this, found);
		String session = this.settings.sessions() ? found.session() : null;
		if (!this.index.join(mark, login, session, found.sessions())) {
			login.end(SESSION_ENDED);
		}
		follow(login);
		return login;
	}

	/** The connection is gone. */
	void forget(LiveLogin login) {
		this.index.leave(login);
		this.expiring.remove(login);
	}

	/** The session may have ended while the handshake went on. */
	boolean isSessionGone(LiveLogin login) {
		return login.session() != null && this.source.current().session() == null;
	}

	/** Its token expires at another time than before. */
	void follow(LiveLogin login) {
		if (this.settings.tokens() && login.expiresAt() != null) {
			this.expiring.add(login);
			watch();
		}
		else {
			this.expiring.remove(login);
		}
	}

	LoginSource source() {
		return this.source;
	}

	/**
	 * Closes the connections of an HTTP session with 1008. Does not wait for them.
	 * @param id the id of the session, which has ended
	 */
	public void sessionEnded(String id) {
		end(this.index.remove(id), SESSION_ENDED);
	}

	/**
	 * Lets the connections of an HTTP session follow it to another id.
	 * @param oldId the id that it had
	 * @param newId the id that it has
	 */
	public void sessionIdChanged(String oldId, String newId) {
		this.index.rename(oldId, newId);
	}

	/**
	 * Closes the connections of an HTTP session that belong to another user than the one
	 * who has logged in with it now. Those of nobody stay. Does not wait for them.
	 * @param id the id of the session, after its change
	 * @param user who has logged in
	 */
	public void loggedIn(String id, Principal user) {
		Object identity = this.source.of(user).user();
		if (identity != null) {
			end(this.index.loggedIn(id, identity), SESSION_ENDED);
		}
	}

	/**
	 * Returns how many there are by which connections may end.
	 * @return the number of HTTP sessions that have connections, and of connections whose
	 * token expires
	 */
	public int size() {
		return this.index.size() + this.expiring.size();
	}

	private void endThoseDue() {
		for (Runnable close = this.failedCloses.poll(); close != null; close = this.failedCloses.poll()) {
			try {
				close.run();
			}
			catch (Throwable ex) {
				FailureLog.error(logger, "A connection did not close with its login", ex);
			}
		}
		Instant latest = this.clock.instant().minus(this.settings.tokenGrace());
		this.expiring.forEach((login) -> login.endIfExpired(latest));
	}

	/** Within a second, and once: whoever could not close it may have had no stack. */
	void closeAgain(Runnable close) {
		this.failedCloses.add(close);
		watch();
	}

	private static void end(Collection<LiveLogin> logins, CloseStatus status) {
		logins.forEach((login) -> login.end(status));
	}

	/** Whether messages of connections are to be noted. */
	boolean keepsSessions() {
		return this.settings.keepSessions();
	}

	/**
	 * What connections end with, and how soon.
	 *
	 * @param sessions whether they end with the HTTP session that they began with
	 * @param sessionCheck how often sessions are looked for in stores that do not tell of
	 * their end
	 * @param keepSessions whether a connection's messages count as use of its session,
	 * where the store is one that is looked into; noted as often as it is
	 * @param tokens whether they end with the token that they began with
	 * @param tokenGrace how long after its expiry a token still counts
	 */
	public record Settings(boolean sessions, Duration sessionCheck, boolean keepSessions, boolean tokens,
			Duration tokenGrace) {

		/**
		 * They end with both, and sessions are not kept.
		 */
		public static final Settings DEFAULT = new Settings(true, Duration.ofSeconds(30), false, true,
				Duration.ofSeconds(60));

		public Settings {
			Assert.isTrue(sessionCheck.toMillis() > 0, () -> "sessionCheck: " + sessionCheck + " (expected: >= 1 ms)");
			Assert.isTrue(!tokenGrace.isNegative(), () -> "tokenGrace: " + tokenGrace + " (expected: >= 0)");
		}

	}

}
