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

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks for HTTP sessions in the stores that may lose one without a word, in rounds: each
 * asks for all that have connections, on a thread that may wait, and one at most is
 * going. A store that fails ends nothing.
 * <p>
 * Thread-safe.
 */
final class SessionRounds {

	private static final Log logger = LogFactory.getLog(Logins.class);

	/** After how many rounds a session that alone cannot be read counts as ended. */
	private static final int MOST_FAILURES = 3;

	private final SessionIndex index;

	private final Logins.Settings settings;

	private final Executor executor;

	private final Consumer<String> ended;

	private final AtomicBoolean looking = new AtomicBoolean();

	/** A store has told nothing when it was asked last, of which one line tells. */
	private volatile boolean failing;

	/** A round was still going when the next was due. */
	private volatile boolean overrun;

	/** Rounds take too long, of which one line tells. */
	private volatile boolean slow;

	/**
	 * Creates one that has looked for nothing yet.
	 * @param index the sessions that have connections
	 * @param settings how often there is a round, and whether messages are noted
	 * @param executor runs the rounds, which may block
	 * @param ended is told the ids of sessions that are no longer there
	 */
	SessionRounds(SessionIndex index, Logins.Settings settings, Executor executor, Consumer<String> ended) {
		this.index = index;
		this.settings = settings;
		this.executor = executor;
		this.ended = ended;
	}

	/** Begins the next round, unless the one before is still going. */
	void next() {
		if (this.index.size() == 0) {
			return;
		}
		if (this.looking.compareAndSet(false, true)) {
			this.slow &= this.overrun;
			this.overrun = false;
			try {
				this.executor.execute(() -> {
					try {
						lookFor(this.index.due());
					}
					finally {
						this.looking.set(false);
					}
				});
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				// Later, when there is a thread for it
				this.looking.set(false);
			}
		}
		else {
			this.overrun = true;
			if (!this.slow) {
				this.slow = true;
				logger.warn("HTTP sessions are looked for less often than every " + this.settings.sessionCheck()
						+ ": their store takes longer to tell of all that have connections");
			}
		}
	}

	private void lookFor(List<SessionIndex.Due> all) {
		Set<LoginSource.Sessions> answered = new HashSet<>();
		Map<SessionIndex.Due, Throwable> unread = new LinkedHashMap<>();
		for (SessionIndex.Due due : all) {
			try {
				boolean there = isThere(due);
				answered.add(due.sessions());
				this.index.answered(due);
				if (!there) {
					this.ended.accept(due.id());
				}
			}
			catch (Throwable ex) {
				unread.put(due, ex);
				this.index.notAnswered(due);
			}
		}
		Throwable failure = null;
		for (Map.Entry<SessionIndex.Due, Throwable> each : unread.entrySet()) {
			SessionIndex.Due due = each.getKey();
			if (!answered.contains(due.sessions())) {
				failure = each.getValue();
			}
			else if (this.index.failed(due) >= MOST_FAILURES) {
				logger.debug("An HTTP session cannot be read, and its connections end", each.getValue());
				this.ended.accept(due.id());
			}
		}
		told(failure, !answered.isEmpty());
	}

	private boolean isThere(SessionIndex.Due due) {
		if (!due.used() || !this.settings.keepSessions()) {
			return due.sessions().exists(due.id());
		}
		SessionIndex.Change mark = this.index.mark();
		return due.sessions().touch(due.id(), () -> this.index.isGoneSince(mark, due.id()));
	}

	/** What a store cannot tell now is asked again the next time. */
	private void told(@Nullable Throwable failure, boolean answered) {
		if (failure == null) {
			this.failing &= !answered;
		}
		else if (!this.failing) {
			this.failing = true;
			logger.warn("HTTP sessions cannot be looked for at the moment, so that their connections stay", failure);
		}
	}

}
