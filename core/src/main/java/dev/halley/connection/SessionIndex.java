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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which logins belong to which HTTP session. Has an entry for each session that has some,
 * and none for others.
 * <p>
 * Thread-safe. The monitor guards each change; nothing else runs within.
 */
final class SessionIndex {

	private final Map<String, Entry> entries = new HashMap<>();

	/** What has become of a session last; each such change knows the next. */
	private Change last = new Change("", null, null);

	/** Marks the time before a session is read. */
	synchronized Change mark() {
		return this.last;
	}

	/**
	 * Enters a login.
	 * @param mark from before the session was read
	 * @param id the session that was read, or {@code null}
	 * @return {@code false} if the session has ended since, or has another user
	 */
	synchronized boolean join(Change mark, LiveLogin login, @Nullable String id,
			LoginSource.@Nullable Sessions sessions) {
		String current = id;
		for (Change change = mark.next; change != null; change = change.next) {
			if (change.id.equals(current)) {
				current = change.isOfAnother(login) ? null : change.newId;
			}
		}
		if (current != null) {
			login.session(current);
			this.entries.computeIfAbsent(current, (missing) -> new Entry(sessions)).logins.add(login);
		}
		return id == null || current != null;
	}

	synchronized void leave(LiveLogin login) {
		String id = login.session();
		Entry entry = (id != null) ? this.entries.get(id) : null;
		if (entry != null && entry.logins.remove(login) && entry.logins.isEmpty()) {
			this.entries.remove(id);
		}
	}

	/** A session has ended, and is forgotten. */
	synchronized List<LiveLogin> remove(String id) {
		changed(new Change(id, null, null));
		Entry entry = this.entries.remove(id);
		return (entry != null) ? List.copyOf(entry.logins) : List.of();
	}

	synchronized void rename(String oldId, String newId) {
		if (oldId.equals(newId)) {
			return;
		}
		changed(new Change(oldId, newId, null));
		Entry entry = this.entries.remove(oldId);
		if (entry != null) {
			Entry target = this.entries.computeIfAbsent(newId, (missing) -> new Entry(entry.sessions));
			target.logins.addAll(entry.logins);
			target.known = false;
			entry.logins.forEach((login) -> login.session(newId));
		}
	}

	/** A session has a user from now on: returns the logins of another. */
	synchronized List<LiveLogin> loggedIn(String id, Object user) {
		Change change = new Change(id, id, user);
		changed(change);
		Entry entry = this.entries.get(id);
		return (entry != null) ? entry.logins.stream().filter(change::isOfAnother).toList() : List.of();
	}

	/** Whether a session has ended, or has another id, since a mark. */
	synchronized boolean isGoneSince(Change mark, String id) {
		for (Change change = mark.next; change != null; change = change.next) {
			if (change.id.equals(id) && !id.equals(change.newId)) {
				return true;
			}
		}
		return false;
	}

	synchronized int size() {
		return this.entries.size();
	}

	/**
	 * Returns what is to be looked for in its store: not what was new or had another id
	 * since the time before, since the store may only know when the request is over.
	 */
	synchronized List<Due> due() {
		List<Due> due = new ArrayList<>();
		this.entries.forEach((id, entry) -> {
			if (entry.sessions != null && entry.known) {
				due.add(new Due(id, entry.sessions, entry.takeUsed(), entry));
			}
			entry.known = true;
		});
		return due;
	}

	/** The store has told of a session. */
	synchronized void answered(Due due) {
		due.entry.failures = 0;
	}

	/** The store could not tell of a session. */
	synchronized void notAnswered(Due due) {
		due.entry.used |= due.used;
	}

	/**
	 * The store could not tell of a session, but of another at the same time.
	 * @return how often running
	 */
	synchronized int failed(Due due) {
		return ++due.entry.failures;
	}

	/** Kept for as long as somebody has a mark from before. */
	private void changed(Change change) {
		this.last.next = change;
		this.last = change;
	}

	/**
	 * A session to be looked for.
	 *
	 * @param used whether a message has come in since the time before
	 * @param entry what is known of it
	 */
	record Due(String id, LoginSource.Sessions sessions, boolean used, Entry entry) {
	}

	/**
	 * What has become of a session.
	 */
	static final class Change {

		private final String id;

		/** Absent if it has ended. */
		private final @Nullable String newId;

		/** Who has logged in, if that is what has happened. */
		private final @Nullable Object user;

		private @Nullable Change next;

		private Change(String id, @Nullable String newId, @Nullable Object user) {
			this.id = id;
			this.newId = newId;
			this.user = user;
		}

		/** Who was nobody before is not another. */
		private boolean isOfAnother(LiveLogin login) {
			return this.user != null && login.user() != null && !this.user.equals(login.user());
		}

	}

	/**
	 * A session with connections.
	 */
	static final class Entry {

		private final LoginSource.@Nullable Sessions sessions;

		private final Set<LiveLogin> logins = new HashSet<>();

		private boolean known;

		/** Noted before, but the store could not be told. */
		private boolean used;

		private int failures;

		private Entry(LoginSource.@Nullable Sessions sessions) {
			this.sessions = sessions;
		}

		private boolean takeUsed() {
			boolean used = this.used;
			this.used = false;
			for (LiveLogin login : this.logins) {
				used |= login.takeUsed();
			}
			return used;
		}

	}

}
