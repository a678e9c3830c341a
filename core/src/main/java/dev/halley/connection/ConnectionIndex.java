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

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who is there: the connections of pairs and the sessions that are watched, by their ids
 * and their users. Knows also of those that are gone with which the application is still
 * busy, and wakes whoever waits until there is nobody left.
 * <p>
 * Thread-safe.
 */
final class ConnectionIndex {

	private static final Log logger = LogFactory.getLog(ConnectionRegistry.class);

	private final Map<String, Connection> connections = new ConcurrentHashMap<>();

	private final Set<SessionWatch> sessions = ConcurrentHashMap.newKeySet();

	private final UserIndex<Connection> users = new UserIndex<>();

	private final UserIndex<SessionWatch> usersOfSessions = new UserIndex<>();

	/** Gone during the shutdown, but the application is still busy with it. */
	private final Set<Connection> finishing = ConcurrentHashMap.newKeySet();

	private final WorkThreads threads;

	private final Admission admission;

	/** Who waits until there is nobody left. */
	private final Object lock = new Object();

	/**
	 * Creates an index in which there is nobody.
	 * @param threads run what the application does about ends
	 * @param admission whether more may come
	 */
	ConnectionIndex(WorkThreads threads, Admission admission) {
		this.threads = threads;
		this.admission = admission;
	}

	/**
	 * Adds a connection, unless it is over. Whoever stops or ends all of them at this
	 * moment must not miss this one.
	 */
	void add(Connection connection) {
		this.connections.put(connection.info().id(), connection);
		this.users.add(connection.user(), connection);
		if (!this.admission.isOpen()) {
			connection.close(this.admission.farewell());
		}
		if (connection.ending().isOver()) {
			remove(connection);
		}
	}

	/** Whoever adds it at the same time removes it afterwards. */
	void remove(Connection connection) {
		this.users.remove(connection.user(), connection);
		if (this.connections.remove(connection.info().id(), connection)) {
			signalIfEmpty();
		}
	}

	void add(SessionWatch session) {
		this.sessions.add(session);
		this.usersOfSessions.add(session.user(), session);
	}

	void remove(SessionWatch session) {
		this.usersOfSessions.remove(session.user(), session);
		if (this.sessions.remove(session)) {
			signalIfEmpty();
		}
	}

	/** The wire is gone, but the application may still be busy. */
	void ended(Connection connection) {
		if (!this.admission.isOpen()) {
			this.finishing.add(connection);
		}
		remove(connection);
	}

	/** The application has done all that it does with a connection that is gone. */
	void finished(Connection connection) {
		if (this.finishing.remove(connection)) {
			signalIfEmpty();
		}
	}

	/** Waits for nobody any more with whom the application is busy. */
	void forgetFinishing() {
		this.finishing.clear();
		this.threads.forgetEndings();
	}

	/** Those of pairs, a live view. */
	Collection<Connection> all() {
		return Collections.unmodifiableCollection(this.connections.values());
	}

	@Nullable Connection find(String id) {
		return this.connections.get(id);
	}

	/** Finds one for applications, whether it is closing or not. */
	@Nullable LiveConnection live(String id) {
		Connection connection = find(id);
		if (connection != null) {
			return new LivePair(connection);
		}
		return this.sessions.stream()
			.filter((session) -> session.info().id().equals(id))
			.findFirst()
			.map(LiveSession::new)
			.orElse(null);
	}

	/** How many users are there. */
	int users() {
		return this.users.size() + this.usersOfSessions.size();
	}

	/** Finds those for applications that are not closing. */
	List<LiveConnection> live(ConnectionFilter filter) {
		String user = filter.user();
		Stream<LiveConnection> pairs = ((user != null) ? this.users.of(user) : this.connections.values()).stream()
			.map(LivePair::new);
		Stream<LiveConnection> others = ((user != null) ? this.usersOfSessions.of(user) : this.sessions).stream()
			.map(LiveSession::new);
		return Stream.concat(pairs, others).filter((live) -> filter.matches(live.info()) && live.isOpen()).toList();
	}

	/** Shows what is told of each. */
	void meters(Consumer<? super ConnectionMeter> action) {
		this.connections.values().forEach((connection) -> action.accept(connection.count().meter()));
		this.sessions.forEach((session) -> action.accept(session.meter()));
	}

	/** Does the same with each, whatever becomes of the others. */
	void forEach(Consumer<Connection> first, Consumer<SessionWatch> second) {
		this.connections.values().forEach((connection) -> guarded(connection, first));
		this.sessions.forEach((session) -> guarded(session, second));
	}

	/** The failure of one must not end the round of all. */
	static <T> void guarded(T each, Consumer<T> action) {
		try {
			action.accept(each);
		}
		catch (Throwable ex) {
			FailureLog.error(logger, each + ": failed", ex);
		}
	}

	/** How many are there. */
	int size() {
		return this.connections.size() + this.sessions.size();
	}

	/** With how many ends the application is busy, of which some may count twice. */
	int finishing() {
		return this.finishing.size() + this.threads.endings();
	}

	private boolean isEmpty() {
		return this.connections.isEmpty() && this.sessions.isEmpty() && finishing() == 0;
	}

	/**
	 * Waits until there is nobody left with whom the application is busy.
	 * @return whether there is none
	 */
	boolean awaitEmpty(Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		long left = timeout.toNanos();
		synchronized (this.lock) {
			while (!isEmpty() && left > 0) {
				TimeUnit.NANOSECONDS.timedWait(this.lock, Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
				left = deadline - System.nanoTime();
			}
			return isEmpty();
		}
	}

	/** Wakes those who wait, if that is what they wait for. */
	void signalIfEmpty() {
		if (isEmpty()) {
			synchronized (this.lock) {
				this.lock.notifyAll();
			}
		}
	}

}
